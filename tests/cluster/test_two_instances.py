"""Two instances on a real broker: any takes any call, three kinds of reads, a takeover, a stop that nobody notices."""

import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "tests/fault", "deploy/kafka", "deploy/local_cluster")]
import running_cluster  # noqa: E402
from local_cluster import LocalCluster  # noqa: E402
from running_kafka import sample  # noqa: E402

PARTITIONS = 4
RESIDENTS = 40


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class TwoInstancesTest(unittest.TestCase):
    follow = "all"

    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        subprocess.run([ROOT / "deploy" / "install", "--kafka"], check=True)
        global caller, protos
        import caller
        import service_protos as protos
        cls._folder = tempfile.TemporaryDirectory(prefix="mynumber-two-")
        cls.folder = pathlib.Path(cls._folder.name)
        cls.cluster = LocalCluster(cls.folder / "cluster")
        cls.addClassCleanup(cls._folder.cleanup)
        cls.addClassCleanup(cls.cluster.down)
        cls.cluster.up(brokers=1, instances=2, partitions=PARTITIONS, follow=cls.follow)
        cls.roads = caller.Roads(cls.cluster.addresses().split(","))
        cls.addClassCleanup(cls.roads.close)

    def client(self, *words, server=None):
        environment = {**os.environ, "MYNUMBER_SERVER": server or self.cluster.addresses(), "MYNUMBER_CLERK": "clerk-7",
                       "MYNUMBER_AUTHORITY": "municipality/131016", "XDG_STATE_HOME": str(self.folder / "state")}
        return subprocess.run([running_cluster.CLIENT, *words], env=environment, capture_output=True, text=True,
                              timeout=300)

    def register(self, count, server=None):
        """Names of the first `count` residents of the sample, new or known."""
        file, results = self.folder / f"{count}.csv", self.folder / f"{count}.jsonl"
        results.unlink(missing_ok=True)
        sample(count, file)
        done = self.client("resident", "register", "--file", str(file), "--results", str(results), server=server)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return [line.split('"name":"')[1].split('"')[0] for line in results.read_text().splitlines()]

    def read(self, road, name, **headers):
        """(resident, trailer) as one instance tells it."""
        request = protos.issuance.GetResidentRequest(name=name)
        request.actor.authority, request.actor.clerk_id = "municipality/131016", "clerk-7"
        metadata = [(f"mynumber-{key}", value) for key, value in headers.items()]
        read = self.roads.stubs(road)["issuance"].GetResident
        response, call = read.with_call(request, timeout=10, metadata=metadata)
        return response, {key: value for key, value in call.trailing_metadata() if key.startswith("mynumber-")}

    def served(self, number):
        serving = [line for line in self.metrics(number) if line.startswith("mynumber_partition_serving")]
        return sum(line.endswith(" 1") for line in serving)

    def metrics(self, number):
        return self.cluster.instance(number).page("metrics")[1].splitlines()

    def await_served(self, number, count):
        self.await_(lambda: self.served(number) == count, lambda: f"{self.served(number)} partitions, not {count}")

    def await_(self, so, why_not=lambda: "it does not come"):
        until = time.monotonic() + 40
        while not so():
            if time.monotonic() > until:
                self.fail(why_not())
            time.sleep(0.1)

    def oldest_snapshot(self, number):
        """Of all partitions: seconds since 1970; 0: one has none."""
        return min(float(line.split()[-1]) for line in self.metrics(number)
                   if line.startswith("mynumber_snapshot_newest_seconds"))

    def assert_clean(self):
        done = self.client("verify", "--cluster")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Clean: every instance has what the log says.", done.stdout)

    def test_1_any_instance_takes_any_call(self):
        self.await_served(1, 2 * PARTITIONS)
        self.await_served(2, 2 * PARTITIONS)
        second = self.cluster.instance(2).address
        names = self.register(RESIDENTS, server=second)
        self.assertEqual(len(set(names)), RESIDENTS)
        for name in names:
            mine, other = (self.read(road, name) for road in (0, 1))
            self.assertEqual(mine[0].name, name)
            self.assertEqual(mine[0].masked_individual_number, other[0].masked_individual_number)
            self.assertEqual((mine[1]["mynumber-read"], other[1]["mynumber-read"]), ("current", "current"))
        sent = [line for line in self.metrics(2) if "forwarded" in line and 'answered",service="issuance' in line]
        self.assertGreater(float(sent[0].split()[-1]), 0, "half of the partitions are the other's")
        self.assert_clean()

    def test_2_reads_of_three_kinds_at_whichever_instance(self):
        name = self.register(RESIDENTS)[0]
        _, told = self.read(0, name)
        for road in (0, 1):
            for kind in ("current", "fresh", "stale"):
                resident, trailer = self.read(road, name, read=kind, position=told["mynumber-position"])
                self.assertEqual((resident.name, trailer["mynumber-read"]), (name, kind))
                sequences = [int(each["mynumber-position"].split("@")[1].split(".")[0]) for each in (told, trailer)]
                self.assertLessEqual(*sequences, "it sees at least what the position names")
        with self.assertRaisesRegex(Exception, "POSITION_MALFORMED|position"):
            self.read(0, name, read="sometimes")

    def test_3_the_death_of_an_instance_is_waited_out_inside(self):
        names = self.register(RESIDENTS)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            load = pool.submit(self.register, 3000, self.cluster.instance(2).address)
            time.sleep(0.5)
            self.cluster.kill(1)
            began = time.monotonic()
            for name in names:
                self.assertEqual(self.read(1, name)[0].name, name)
            self.assertLess(time.monotonic() - began, 8)
            self.assertEqual(len(set(load.result())), 3000)
        self.assertEqual(self.served(2), 4 * PARTITIONS)
        self.cluster.start(1)
        self.assert_clean()

    def test_4_a_stop_in_order_refuses_nobody(self):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            load = pool.submit(self.register, 6000)
            for number in (2, 1):
                self.cluster.stop(number)
                self.cluster.start(number)
            self.assertEqual(len(set(load.result())), 6000)
        self.assert_clean()

    def test_5_an_instance_without_rows_starts_from_the_newest_snapshots(self):
        names = self.register(RESIDENTS)
        self.cluster.stop(1)
        self.cluster.start(1, options=["--snapshot_seconds=1"])
        self.cluster.stop(2)
        before = time.time()
        self.await_(lambda: self.oldest_snapshot(1) > before + 1)
        shutil.rmtree(self.cluster.instance(2).data)
        log = self.cluster.instance(2).log
        seen = len(log.read_bytes())
        self.cluster.start(2)
        lines = [json.loads(line) for line in log.read_bytes()[seen:].splitlines() if b"started_from_snapshots" in line]
        self.assertEqual({line["service"]: line["partitions"] for line in lines},
                         dict.fromkeys(("issuance", "notice", "card", "hotline"), PARTITIONS))
        self.assertEqual([self.read(1, name, read="stale")[0].name for name in names], names)
        folded = sum(float(line.split()[-1]) for line in self.metrics(2) if line.startswith("mynumber_folded_records"))
        self.assertLess(folded, 40 * PARTITIONS, "it read the log's end, not the log")
        self.assert_clean()


class TwoOwnersTest(TwoInstancesTest):
    """The same of instances that keep rows of what they own alone."""
    follow = "owned"

    def resting(self, number):
        resting = [line for line in self.metrics(number) if line.startswith("mynumber_partition_resting")]
        return sum(line.endswith(" 1") for line in resting)

    def test_1_any_instance_takes_any_call(self):
        super().test_1_any_instance_takes_any_call()
        for number in (1, 2):
            self.await_(lambda: self.resting(number) == 2 * PARTITIONS, lambda: f"{self.resting(number)} rest")
        listed = [self.client("resident", "list", "--municipality", "131016", "--limit", "0",
                              server=self.cluster.instance(number).address).stdout for number in (1, 2)]
        self.assertEqual(listed[0].count("residents/"), RESIDENTS)
        self.assertEqual(*listed)

    def test_5_an_instance_without_rows_starts_from_the_newest_snapshots(self):
        """Not at its start, but when it is to own them."""
        names = self.register(RESIDENTS)
        self.cluster.stop(1)
        self.cluster.start(1, options=["--snapshot_seconds=1"])
        self.cluster.stop(2)
        shutil.rmtree(self.cluster.instance(2).data)
        before = time.time()
        self.await_(lambda: self.oldest_snapshot(1) > before + 1)
        self.cluster.kill(1)
        log = self.cluster.instance(2).log
        seen = len(log.read_bytes())
        self.cluster.start(2)
        self.await_served(2, 4 * PARTITIONS)
        brought = [json.loads(line) for line in log.read_bytes()[seen:].splitlines() if b'"rows_brought"' in line]
        self.assertGreaterEqual(len(brought), PARTITIONS, "those where anything was ever written")
        self.assertEqual([self.read(1, name, read="stale")[0].name for name in names], names)
        folded = sum(float(line.split()[-1]) for line in self.metrics(2) if line.startswith("mynumber_folded_records"))
        self.assertLess(folded, 40 * PARTITIONS, "it read the log's end, not the log")
        self.cluster.start(1)
        self.assert_clean()


if __name__ == "__main__":
    unittest.main()
