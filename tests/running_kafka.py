"""For tests: real Kafka brokers, and a real standalone process on them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

import running_cluster
from running_cluster import ROOT

BROKER = ROOT / "deploy" / "kafka" / "broker"


class Brokers:
    """Real ones, as long as the `with` lasts and no longer than this process."""

    def __init__(self, count):
        self.count = count

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mynumber-brokers-")
        self.data = pathlib.Path(self._folder.name) / "set"
        words = ("--count", str(self.count), "--until-exit-of", str(os.getpid()))
        self.addresses = self.run("up", "--json", *words)["addresses"]
        return self

    def __exit__(self, *_):
        self.run("down")
        self._folder.cleanup()

    def run(self, *words):
        done = subprocess.run([BROKER, *words, "--data", self.data], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.stderr}")
        return json.loads(done.stdout) if "--json" in words else None

    def kill(self, number):
        self.run("kill", str(number))

    def stop(self):
        """All of them, in order; `up` starts them again."""
        self.run("down", "--keep")

    def up(self):
        self.run("up")

    def topic_folder(self, topic, partition):
        """Where the only broker keeps a partition."""
        return self.data / "broker-1" / "data" / f"{topic}-{partition}"


def options_on(brokers):
    """Of a standalone process whose log they are."""
    return ["--log=kafka", f"--brokers={brokers.addresses}", f"--replication={brokers.count}",
            f"--topics={ROOT / 'deploy/kafka/topics.yaml'}", "--partitions=4"]


class ClusterOnKafka(running_cluster.RunningCluster):
    def __init__(self, brokers, starts=True):
        super().__init__(starts)
        self.brokers = brokers

    def start(self, *options):
        super().start(*options_on(self.brokers), *options)

    def page(self, path):
        with urllib.request.urlopen(f"http://{self.admin}/{path}", timeout=10) as page:
            return page.read().decode()


def sample(count, file):
    """The first `count` residents, all of one municipality, of a file that is always the same."""
    generator = ROOT / "deploy/sample/generate.py"
    subprocess.run([sys.executable, generator, "--count", str(count), "--seed", "11", "--municipalities", "131016",
                    "--output", file], check=True)


def assert_topics_clean(test, cluster, residents, *answer_files):
    """Somebody who shares no code with the cluster reads its topics by kcat."""
    words = ["--brokers", cluster.brokers.addresses, "--keyring", cluster.data / "keyring"]
    words += [word for file in answer_files for word in ("--answers", file)]
    done = subprocess.run([sys.executable, ROOT / "tests/outside/check_log.py", *words], capture_output=True, text=True,
                          timeout=600)
    test.assertEqual(done.returncode, 0, done.stdout + done.stderr)
    test.assertEqual(json.loads(done.stdout)["residents"], residents, done.stdout)
