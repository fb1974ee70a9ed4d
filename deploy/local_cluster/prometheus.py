"""Debian's Prometheus on the instances of one cluster: its configuration, its process."""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request

import broker_set

SCRAPE_SECONDS = 1
START_SECONDS_MAX = 60


class PrometheusError(Exception):
    """A sentence for whoever called."""


class Prometheus:
    def __init__(self, data, port):
        self.folder, self.address = data / "prometheus", f"127.0.0.1:{port}"
        self.log = data / "logs" / "prometheus.log"
        self._pid = data / "logs" / "prometheus.pid"

    def pid(self):
        return broker_set.process_in(self._pid)

    def start(self, instances):
        """Or tells one that runs of the instances that came."""
        if pid := self.pid():
            self.write_settings(instances)
            os.kill(pid, signal.SIGHUP)
            return
        program = shutil.which("prometheus")
        if not program:
            raise PrometheusError(
                "prometheus is not installed: run deploy/install --kafka, or leave --prometheus out")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write_settings(instances)
        with open(self.log, "ab") as log:
            process = subprocess.Popen(
                [program, f"--config.file={self.folder / 'prometheus.yml'}",
                 f"--storage.tsdb.path={self.folder / 'data'}", f"--web.listen-address={self.address}",
                 "--storage.tsdb.retention.time=7d"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        broker_set.note_process(self._pid, process.pid)
        self.await_ready()

    def write_settings(self, instances):
        """JSON is YAML."""
        targets = [{"targets": [each.admin], "labels": {"instance": each.name}} for each in instances]
        settings = {
            "global": {"scrape_interval": f"{SCRAPE_SECONDS}s", "evaluation_interval": f"{SCRAPE_SECONDS}s"},
            "scrape_configs": [{"job_name": "mynumber", "static_configs": targets}],
        }
        broker_set.write_whole(self.folder / "prometheus.yml", json.dumps(settings, indent=1) + "\n")

    def await_ready(self):
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until and self.pid():
            try:
                urllib.request.urlopen(f"http://{self.address}/-/ready", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise PrometheusError(f"prometheus did not start; {self.log} tells why")

    def end(self):
        broker_set.end_process(self._pid, signal.SIGKILL)
