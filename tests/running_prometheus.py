"""For tests: a real Prometheus with the project's rules, on instances that run."""

import json
import math
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

import running_cluster
from running_cluster import ROOT

sys.path.insert(0, str(ROOT / "deploy" / "prometheus"))
import rules  # noqa: E402

DASHBOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
READY_SECONDS_MAX = 60
METRIC = re.compile(r"\bmynumber_\w+")


class RunningPrometheus:
    """Scrapes `targets` (HOST:PORT of admin ports) every second while in the `with`."""

    def __init__(self, targets):
        self.targets = targets

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mynumber-prometheus-")
        folder = pathlib.Path(self._folder.name)
        settings = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rules.FOLDER / name) for name in rules.RULE_FILES],
            "scrape_configs": [{"job_name": "mynumber", "static_configs": [{"targets": self.targets}]}],
        }
        (folder / "prometheus.yml").write_text(json.dumps(settings))  # JSON is YAML
        address = f"127.0.0.1:{running_cluster.free_port()}"
        self.url = f"http://{address}"
        self.log = folder / "log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
                 f"--web.listen-address={address}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self.wait_until_it_scrapes()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._folder.cleanup()

    def wait_until_it_scrapes(self):
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self.all_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("Prometheus does not start:\n" + self.log.read_text(errors="replace"))
            time.sleep(0.1)

    def all_up(self):
        try:
            return len(ask(self.url, 'up{job="mynumber"} == 1')) == len(self.targets)
        except (OSError, ValueError):  # it reads what it has on disk first
            return False


def ask(url, query):
    """The values that Prometheus at `url` answers a query with, those that are no number left out."""
    request = f"{url}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            result = json.load(response)["data"]["result"]
    except urllib.error.HTTPError as error:
        raise ValueError(f"{query}: {error.read().decode(errors='replace')}") from None
    return [float(one["value"][1]) for one in result if not math.isnan(float(one["value"][1]))]


def queries():
    """(where it stands, PromQL) of every panel and every rule; comparisons of rules answer 0 or 1 here, so that a rule
    that has no cause to fire answers, too."""
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]:
            for target in panel.get("targets", ()):
                yield f"{file.stem}: {panel['title']}", target["expr"].replace("$__rate_interval", "10m")
    for rule in rules.rules():
        expr = re.sub(r"^absent\((.*)\)$", r"\1", rule["expr"])
        yield rule.get("alert") or rule["record"], re.sub(r" (==|>|<) ", r" \1 bool ", expr)


def unanswered(url, is_cluster):
    """Queries that Prometheus at `url` has no data for, and metrics in them that nobody has; `is_cluster`: also those
    that only instances of a cluster on Kafka can answer."""
    missing, asked = [], 0
    for where, query in queries():
        if not is_cluster and any(rules.is_cluster_metric(name) for name in METRIC.findall(query)):
            continue
        asked += 1
        if not ask(url, query):
            missing.append(f"{where}: no data for {query}")
        missing += [f"{where}: nobody has {name}" for name in METRIC.findall(query) if not ask(url, f"count({name})")]
    return asked, missing


def main():
    """python tests/running_prometheus.py URL: asks a Prometheus that watches a cluster on Kafka."""
    asked, missing = unanswered(sys.argv[1], is_cluster=True)
    print("\n".join(missing + [f"{asked} queries asked, {len(missing)} without data"]))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
