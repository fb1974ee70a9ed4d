"""Real brokers started, killed, started again and ended by the script."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import broker_set  # noqa: E402  (beside this file)

BROKER = HERE / "broker"


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class BrokerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run([BROKER.parent.parent / "install", "--kafka"], check=True)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mynumber-broker-")
        self.addCleanup(self.folder.cleanup)

    def broker(self, data, *words, code=0):
        done = subprocess.run([BROKER, *words, "--data", self.data(data)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout + done.stderr

    def data(self, name):
        return pathlib.Path(self.folder.name) / name

    def up(self, data, *words):
        self.addCleanup(subprocess.run, [BROKER, "down", "--data", self.data(data)])
        return json.loads(self.broker(data, "up", "--json", *words))

    def test_two_sets_at_once_and_nothing_left_behind(self):
        first = self.up("first")["brokers"]
        second = self.up("second")["brokers"]
        self.assertNotEqual(first[0]["address"], second[0]["address"])
        for broker in first + second:
            socket.create_connection(("127.0.0.1", broker["port"]), timeout=5).close()
        self.broker("first", "down")
        self.assertFalse(self.data("first").exists())
        self.assertIsNone(broker_set.birth(first[0]["pid"]))
        self.assertIn("runs", self.broker("second", "status"))

    def test_a_killed_broker_comes_back_on_its_old_data(self):
        before = self.up("set")["brokers"][0]
        marker = pathlib.Path(before["data"], "meta.properties").read_text()
        self.broker("set", "kill", "1")
        self.assertIn("does not run", self.broker("set", "status", code=1))
        self.assertIn("does not run", self.broker("set", "kill", "1", code=1))
        after = self.up("set")["brokers"][0]
        self.assertEqual(before["address"], after["address"])
        self.assertNotEqual(before["pid"], after["pid"])
        self.assertEqual(pathlib.Path(after["data"], "meta.properties").read_text(), marker)

    def test_a_paused_broker_wakes(self):
        process = self.up("set")["brokers"][0]["pid"]
        self.broker("set", "pause", "1")
        self.await_state(process, lambda state: state == "T")
        self.broker("set", "resume", "1")
        self.await_state(process, lambda state: state != "T")

    def await_state(self, process, is_so):
        """Some of its many threads may take a moment."""
        until = time.monotonic() + 60
        while not is_so(state := pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]):
            self.assertLess(time.monotonic(), until, state)
            time.sleep(0.01)

    def test_an_isolated_broker_does_not_see_what_its_peers_see(self):
        brokers = self.up("set", "--count", "3", "--separable")["brokers"]
        for broker in brokers:
            self.await_brokers_known(broker, 3)
        self.broker("set", "isolate", "2")
        for other in (brokers[0], brokers[2]):
            self.await_brokers_known(other, 2)
        self.await_brokers_known(brokers[1], 3)
        self.broker("set", "rejoin")
        for broker in brokers:
            self.await_brokers_known(broker, 3)

    def await_brokers_known(self, broker, count):
        """What a client is told by this broker."""
        until = time.monotonic() + 60
        while True:
            told = subprocess.run(["kcat", "-L", "-m", "5", "-b", broker["address"]], capture_output=True, text=True)
            if f" {count} brokers:" in told.stdout:
                return
            self.assertLess(time.monotonic(), until, told.stdout + told.stderr)
            time.sleep(0.1)

    def test_brokers_go_with_the_process_that_they_were_started_for(self):
        with subprocess.Popen(["sleep", "600"]) as process:
            broker = self.up("set", "--until-exit-of", str(process.pid))["brokers"][0]
            process.kill()
        until = time.monotonic() + 60
        while self.data("set").exists() and time.monotonic() < until:
            time.sleep(0.1)
        self.assertFalse(self.data("set").exists())
        self.assertIsNone(broker_set.birth(broker["pid"]))

    def test_what_cannot_be_done_is_said(self):
        self.assertIn("no brokers", self.broker("nothing", "status", code=1))
        self.assertIn("no brokers", self.broker("nothing", "kill", "1", code=1))
        self.broker("nothing", "down")
        self.up("set")
        self.assertIn("--separable", self.broker("set", "isolate", "1", code=1))
        self.assertIn("no broker 7", self.broker("set", "pause", "7", code=1))


if __name__ == "__main__":
    unittest.main()
