"""deploy/cluster: a whole cluster on real brokers, disturbed and ended by the command; two of them side by side."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "deploy" / "kafka"), str(ROOT / "deploy" / "local_cluster")]
import broker_set  # noqa: E402
import running_cluster  # noqa: E402
from metrics_page import MetricsPage  # noqa: E402

CLUSTER = ROOT / "deploy" / "cluster"
SAMPLE = ROOT / "deploy" / "sample" / "residents.csv"
SMALL = ("--brokers", "1", "--instances", "1", "--partitions", "2")


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class ClusterCommandTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        subprocess.run([ROOT / "deploy" / "install", "--kafka"], check=True)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mynumber-cluster-command-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def cluster(self, name, *words, code=0):
        done = subprocess.run([CLUSTER, *words, "--data", self.folder / name], capture_output=True, text=True,
                              timeout=600)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr

    def up(self, name, *words):
        self.addCleanup(subprocess.run, [CLUSTER, "down", "--data", self.folder / name])
        return self.cluster(name, "up", "--json", "--until-exit-of", str(os.getpid()), *words)

    def register(self, address):
        results = self.folder / f"results-{len(list(self.folder.glob('results-*')))}"
        environment = {**os.environ, "MYNUMBER_SERVER": address, "MYNUMBER_CLERK": "clerk-7",
                       "XDG_STATE_HOME": str(self.folder / "state")}
        done = subprocess.run([running_cluster.CLIENT, "resident", "register", "--file", SAMPLE, "--results", results],
                              env=environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        rows = [json.loads(line) for line in results.read_text().splitlines()]
        return {row["request_id"]: row["name"] for row in rows if "name" in row}

    def test_a_cluster_s_life_beside_another(self):
        first = self.up("first", *SMALL, "--prometheus")
        second = self.up("second", *SMALL)
        self.await_well("first")
        self.await_well("second")
        first, second = ({**made, **self.cluster(name, "status", "--json")}
                         for name, made in (("first", first), ("second", second)))
        self.assertTrue(first["is_well"] and second["is_well"], (first, second))
        self.assertNotEqual(first["addresses"], second["addresses"])
        self.assertEqual({tuple(each["owners"]) for each in first["partitions"]}, {("instance-1",)})
        self.assertEqual(len(first["partitions"]), 4 * 2)
        registered = self.register(first["addresses"])
        self.assertEqual(len(registered), 200)
        self.disturb("first", registered)
        self.assert_scraped(first["prometheus"]["address"])
        self.assert_gone("first", first)
        self.assertIn("READY", self.cluster("second", "status"))

    def disturb(self, name, registered):
        before = self.cluster(name, "status", "--json")["instances"][0]
        self.cluster(name, "kill", "1")
        self.assertIn("does not run", self.cluster(name, "kill", "1", code=1))
        self.assertIn("does not run", self.cluster(name, "status", code=1))
        self.cluster(name, "start", "1")
        self.assertIn("runs already", self.cluster(name, "start", "1", code=1))
        after = self.cluster(name, "status", "--json")["instances"][0]
        self.assertNotEqual(before["pid"], after["pid"])
        self.assertEqual(registered, self.register(before["address"]), "somebody got a second number")
        self.cluster(name, "pause", "1")
        self.assertIn("does not answer", self.cluster(name, "status", code=1))
        self.cluster(name, "resume", "1")
        self.cluster(name, "stop", "1")
        self.assertIn('"event":"stopping"', self.cluster(name, "logs", "1"))
        self.cluster(name, "broker", "kill", "1")
        self.cluster(name, "up")
        self.await_well(name)
        self.assertEqual(registered, self.register(before["address"]), "somebody got a second number")

    def await_well(self, name):
        """An instance is ready when it follows all partitions; it claims them a moment later."""
        until = time.monotonic() + 30
        status = [CLUSTER, "status", "--data", self.folder / name]
        while (told := subprocess.run(status, capture_output=True, text=True)).returncode != 0:
            self.assertLess(time.monotonic(), until, told.stdout + told.stderr)
            time.sleep(0.2)

    def assert_scraped(self, address):
        """Some seconds after it is back at the latest."""
        until = time.monotonic() + 30
        while (told := self.scraped(address)) != ["1"]:
            self.assertLess(time.monotonic(), until, told)
            time.sleep(0.5)

    def scraped(self, address):
        with urllib.request.urlopen(f"http://{address}/api/v1/query?query=sum(up)", timeout=10) as answer:
            result = json.load(answer)["data"]["result"]
        return [each["value"][1] for each in result]

    def assert_gone(self, name, seen):
        seen |= {"instances": self.cluster(name, "status", "--json")["instances"]}
        self.cluster(name, "down")
        self.assertFalse((self.folder / name).exists())
        for each in [*seen["instances"], *seen["brokers"], seen["prometheus"]]:
            self.assertIsNone(broker_set.birth(each["pid"]), each)

    def test_what_cannot_be_done_is_said(self):
        self.assertIn("no cluster in", self.cluster("nothing", "status", code=1))
        self.assertIn("no cluster in", self.cluster("nothing", "kill", "1", code=1))
        self.cluster("nothing", "down")
        self.up("one", *SMALL)
        self.assertIn("made with partitions 2, not 3", self.cluster("one", "up", "--partitions", "3", code=1))
        self.assertIn("no instance 2", self.cluster("one", "kill", "2", code=1))


class MetricsPageTest(unittest.TestCase):
    def test_values_are_found_by_name_and_labels(self):
        page = MetricsPage('# HELP a b\na{service="card",partition="3"} 2\n'
                           'a{service="notice",partition="3"} 1\nb 0.5\n')
        self.assertEqual(page.sum("a"), 3)
        self.assertEqual(page.sum("a", service="card"), 2)
        self.assertEqual(page.by_partition("a"), {("card", 3): 2, ("notice", 3): 1})
        self.assertEqual((page.sum("b"), page.sum("c")), (0.5, 0))


if __name__ == "__main__":
    unittest.main()
