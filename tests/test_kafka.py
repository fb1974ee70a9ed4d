"""The cluster on real Kafka brokers: all stories, brokers and processes killed during a load, Kafka gone and back."""

import concurrent.futures
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import running_cluster  # noqa: E402  (beside this file)
from running_kafka import Brokers, ClusterOnKafka, assert_topics_clean, sample  # noqa: E402

# All but those that write into the embedded log's files or start on them: startup, stopped_partition.
STORIES = ("bad_input", "bulk", "card", "card_refusals", "digest", "hotline", "life", "manners", "notice", "numbers",
           "operations", "privacy", "reads", "record_code", "registration", "request", "stopping", "suspension")
# With another instance that owns half of the partitions; all of STORIES but manners and stopping, which count what one
# process did, can be told so, and take a few seconds more each.
STORIES_OF_TWO = ("card", "record_code", "registration", "suspension")
ROWS = 20_000


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class KafkaTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def verify(self, cluster, residents):
        done = cluster.client("--output", "json", "--timeout-seconds", "300", "verify")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{residents:,} residents, {residents:,} distinct numbers, 0 duplicates, 0 bad check digits",
                      cluster.client("verify").stdout)

    def test_stories_beside_another_instance(self):
        """Half of what they ask for is another instance's to decide."""
        self.tell(STORIES_OF_TWO, MYNUMBER_STORIES_COMPANION="1")

    def test_stories_whose_rows_are_at_another_instance(self):
        """Half of the rows, too: neither keeps any of what the other owns."""
        self.tell(STORIES_OF_TWO, MYNUMBER_STORIES_COMPANION="owned")

    def test_all_stories(self):
        self.tell(STORIES)

    def tell(self, stories, **more):
        targets = [f"//tests/stories:{story}_test" for story in stories]
        subprocess.run([*shlex.split(os.environ.get("BAZEL", "bazel")), "build", *targets], cwd=ROOT, check=True)
        with Brokers(1) as brokers:
            environment = {**os.environ, "MYNUMBER_STORIES_BROKERS": brokers.addresses, **more}
            for story in stories:
                with self.subTest(story=story):
                    told = ROOT / "bazel-bin/tests/stories" / f"{story}_test"
                    done = subprocess.run([told], cwd=ROOT, env=environment, stdout=subprocess.PIPE,
                                          stderr=subprocess.STDOUT, text=True, timeout=600)
                    self.assertEqual(done.returncode, 0, done.stdout[-6000:])
            listed = subprocess.run(["kcat", "-L", "-b", brokers.addresses], capture_output=True, text=True, check=True)
            topics = listed.stdout.count('topic "stories-')
            self.assertGreaterEqual(topics, 2 * len(stories), "they were told on another log")

    def test_brokers_and_the_process_killed_during_a_load(self):
        with Brokers(3) as brokers, ClusterOnKafka(brokers) as cluster:
            file = cluster.folder / "residents.csv"
            sample(ROWS, file)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                load = pool.submit(self.load_until_done, cluster, file)
                for number in (1, 2, 3):
                    time.sleep(1)
                    brokers.kill(number)
                    time.sleep(1)
                    cluster.stop(signal.SIGKILL)
                    brokers.up()
                    cluster.start()
                load.result()
            self.verify(cluster, ROWS)
            results = cluster.folder / "results.jsonl"
            again = cluster.client("resident", "register", "--file", str(file), "--results", str(results))
            self.assertEqual(again.returncode, 0, again.stderr)
            self.verify(cluster, ROWS)
            assert_topics_clean(self, cluster, ROWS, results)

    def load_until_done(self, cluster, file):
        """The same file again and again, as somebody does whose load broke off."""
        until = time.monotonic() + 300
        while time.monotonic() < until:
            done = cluster.client("resident", "register", "--file", str(file))
            if done.returncode == 0:
                return
            time.sleep(0.3)
        raise RuntimeError(f"the load does not end: {done.stderr}")

    def test_kafka_gone_and_back(self):
        with Brokers(1) as brokers, ClusterOnKafka(brokers) as cluster:
            file = cluster.folder / "residents.csv"
            sample(300, file)
            self.assertEqual(cluster.client("resident", "register", "--file", str(file)).returncode, 0)
            brokers.kill(1)
            more = cluster.folder / "more.csv"
            sample(600, more)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                load = pool.submit(self.load_until_done, cluster, more)
                self.await_code(cluster, "readyz", 503)
                self.assertEqual(self.page_code(cluster, "healthz"), 200, "the process itself is well")
                self.assertFalse(load.done(), "nothing can be accepted now")
                brokers.up()
                load.result()
            self.await_code(cluster, "readyz", 200)
            self.verify(cluster, 600)
            assert_topics_clean(self, cluster, 600)
            self.assert_strangers_record_is_found(cluster)
            self.assertIn('mynumber_kafka_brokers_known{partition="0",service="issuance"}', cluster.page("metrics"))

    def assert_strangers_record_is_found(self, cluster):
        """The checker of the topics can fail: a record that no writer of ours makes."""
        put = ["kcat", "-P", "-b", cluster.brokers.addresses, "-t", "mynumber.issuance", "-p", "1"]
        subprocess.run(put, input=b"not a record", check=True, timeout=60)
        with self.assertRaisesRegex(AssertionError, "partition 1: at offset [0-9]+: the record has no code"):
            assert_topics_clean(self, cluster, 600)

    def await_code(self, cluster, path, code):
        until = time.monotonic() + 60
        while self.page_code(cluster, path) != code and time.monotonic() < until:
            time.sleep(0.1)
        self.assertEqual(self.page_code(cluster, path), code)

    def page_code(self, cluster, path):
        try:
            with urllib.request.urlopen(f"http://{cluster.admin}/{path}", timeout=10) as page:
                return page.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_a_missing_broker_or_a_wrong_flag_is_said_plainly(self):
        done = subprocess.run([running_cluster.STANDALONE, "--log=kafka"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("needs --brokers", done.stderr)
        done = subprocess.run([running_cluster.STANDALONE, "--custody_months=131016=x"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("131016=12", done.stderr)


if __name__ == "__main__":
    unittest.main()
