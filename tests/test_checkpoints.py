"""A history that is made anew by somebody who has everything, the keyring too, does not come to what was signed."""

import json
import pathlib
import shutil
import tempfile
import unittest

import running_cluster
from running_cluster import RunningCluster
from running_kafka import sample

RESIDENTS = 60


class CheckpointsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        folder = tempfile.TemporaryDirectory(prefix="mynumber-checkpoints-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)

    def register(self, cluster, count):
        file = self.folder / f"{count}.csv"
        sample(count, file)
        done = cluster.client("resident", "register", "--file", file, "--batch-rows", "5")
        self.assertEqual(done.returncode, 0, done.stderr)

    def checkpoint(self, cluster, name):
        """(file, key)"""
        file = self.folder / name
        done = cluster.client("log", "checkpoint", "--file", file)
        self.assertEqual(done.returncode, 0, done.stderr)
        return file, done.stdout.split()[-1]

    def verify(self, cluster, file, key):
        done = cluster.client("verify", "--chain", file, "--key", key)
        return done.returncode, done.stdout + done.stderr

    def test_a_log_is_held_against_what_was_signed(self):
        with RunningCluster() as cluster:
            self.register(cluster, RESIDENTS)
            file, key = self.checkpoint(cluster, "kept.jsonl")
            partitions = len(file.read_text().splitlines())
            self.register(cluster, 2 * RESIDENTS)
            self.assertEqual(cluster.stop(), 0)
            cluster.start()
            _, again = self.checkpoint(cluster, "kept.jsonl")
            self.assertEqual(again, key, "the key is the keyring's")
            code, said = self.verify(cluster, file, key)
            self.assertEqual(code, 0, said)
            self.assertIn(f"{2 * partitions} checkpoints of {partitions} partitions", said)
            self.refused_where_the_file_was_changed(cluster, file, key)
            self.made_anew(cluster, file, key)

    def refused_where_the_file_was_changed(self, cluster, file, key):
        lines = file.read_text().splitlines()
        changed = json.loads(lines[3])
        changed["sequence"] = str(int(changed["sequence"]) + 1)
        lines[3] = json.dumps(changed)
        other = self.folder / "changed.jsonl"
        other.write_text("\n".join(lines) + "\n")
        code, said = self.verify(cluster, other, key)
        self.assertNotEqual(code, 0)
        self.assertIn("line 4: it was not signed by this key", said)
        code, said = self.verify(cluster, file, "00" * 32)
        self.assertNotEqual(code, 0)
        self.assertIn("line 1: it was not signed by this key", said)

    def made_anew(self, cluster, file, key):
        """The same instance, keyring, residents; another order."""
        self.assertEqual(cluster.stop(), 0)
        for name in ("log", "issuance", "notice", "card", "hotline"):
            shutil.rmtree(pathlib.Path(cluster.data) / name)
        cluster.start()
        self.register(cluster, 2 * RESIDENTS)
        verified = cluster.client("verify")
        self.assertEqual(verified.returncode, 0, "by itself it is a log like any other" + verified.stdout)
        code, said = self.verify(cluster, file, key)
        self.assertNotEqual(code, 0)
        self.assertIn("NOT CLEAN", said)
        self.assertIn("issuance, partition 0: the log does not come to what was signed", said)


if __name__ == "__main__":
    unittest.main()
