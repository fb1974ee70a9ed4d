"""A partition of Kafka that lost its end: a segment is cut by hand, as a disk or brokers that died together would."""

import json
import os
import pathlib
import struct
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import running_cluster  # noqa: E402  (beside this file)
from running_kafka import Brokers, ClusterOnKafka, sample  # noqa: E402

LOADS, ROWS_OF_A_LOAD = 5, 40
CUT_RECORDS = 2


def cut_tail(brokers, partition):
    """Takes the last records off a partition of a stopped broker; the offset of the first one that is gone."""
    folder = brokers.topic_folder("mynumber.issuance", partition)
    segment = folder / f"{0:020}.log"
    data, starts, at = segment.read_bytes(), [], 0
    while at < len(data):
        base_offset, length = struct.unpack_from(">qi", data, at)
        starts.append((at, base_offset))
        at += 12 + length
    cut_at, cut_offset = starts[-CUT_RECORDS]
    segment.write_bytes(data[:cut_at])
    # As after a crash: the broker makes these anew from what the segments hold.
    for file in folder.iterdir():
        if file.suffix in (".index", ".timeindex", ".txnindex", ".snapshot"):
            file.unlink()
    for name in (".kafka_cleanshutdown", "recovery-point-offset-checkpoint", "replication-offset-checkpoint"):
        (folder.parent / name).unlink(missing_ok=True)
    return cut_offset


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class LostTailTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def test_a_lost_tail_is_noticed_kept_aside_and_listed(self):
        with Brokers(1) as brokers, ClusterOnKafka(brokers) as cluster:
            self.file = cluster.folder / "residents.csv"
            for load in range(1, LOADS + 1):
                sample(load * ROWS_OF_A_LOAD, self.file)
                self.register(cluster)
            self.assertEqual(self.lost(cluster), {})
            with self.subTest("at the start"):
                before = self.requests(cluster, 0)
                cluster.stop()
                brokers.stop()
                cut = cut_tail(brokers, 0)
                brokers.up()
                cluster.start()
                self.check(cluster, 0, before, cut)
            with self.subTest("while it runs"):
                before = self.requests(cluster, 1)
                brokers.stop()
                cut = cut_tail(brokers, 1)
                brokers.up()
                # Any call of that partition is enough, here a current read.
                name = self.names(cluster)[1]
                self.await_that(lambda: cluster.client("resident", "show", name).returncode in (0, 1), "it serves")
                self.check(cluster, 1, before, cut)
            with self.subTest("asked again"):
                self.register(cluster)
                self.assertEqual(self.lost(cluster), {})
                self.assertEqual(cluster.client("verify").returncode, 0)

    def register(self, cluster):
        done = cluster.client("resident", "register", "--file", str(self.file), "--results",
                              str(cluster.folder / "results.jsonl"))
        self.assertEqual(done.returncode, 0, done.stderr)

    def names(self, cluster):
        """partition -> somebody there."""
        rows = map(json.loads, (cluster.folder / "results.jsonl").read_text().splitlines())
        return {int(row["position"].partition("@")[0]): row["name"] for row in rows}

    def requests(self, cluster, partition):
        """request id -> offset of its record."""
        done = cluster.client("--output", "json", "log", "export", "--partition", str(partition))
        lines = map(json.loads, done.stdout.splitlines())
        return {command["request_id"]: line["offset"] for line in lines for command in line.get("commands", ())}

    def lost(self, cluster):
        """request id -> line of `lost-answers`."""
        done = cluster.client("--output", "json", "lost-answers")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        lines = list(map(json.loads, done.stdout.splitlines()))
        self.assertEqual(done.returncode, 1 if lines else 0)
        return {line["request_id"]: line for line in lines}

    def check(self, cluster, partition, before, cut):
        self.await_that(lambda: cluster.answers("readyz"), "it follows all partitions")
        # It claims them a moment later.
        self.await_that(lambda: cluster.client("lost-answers").returncode in (0, 1), "it serves")
        metric = f'mynumber_truncations{{partition="{partition}",service="issuance"}} 1'
        self.await_that(lambda: metric in cluster.page("metrics").splitlines(), "it counts that")
        self.await_that(lambda: '"event":"log_truncated"' in cluster.log_text(), "it says so")
        kept = cluster.data / "issuance" / f"{partition}.before-1"
        self.assertTrue(kept.is_dir(), "the rows are not kept aside")
        gone = {request for request, offset in before.items() if offset >= cut}
        self.assertGreater(len(gone), 0)
        listed = {request: line for request, line in self.lost(cluster).items()
                  if line.get("partition", 0) == partition}
        self.assertEqual(set(listed), gone)
        self.assertEqual({pathlib.Path(line["rows_aside"]).name for line in listed.values()}, {kept.name})

    def await_that(self, is_so, what):
        until = time.monotonic() + 120
        while not is_so():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.1)


if __name__ == "__main__":
    unittest.main()
