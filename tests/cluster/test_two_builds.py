"""Two builds of one service in a cluster: what only the newer knows stops partitions of the older, one by one."""

import atexit
import contextlib
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / folder) for folder in ("tests", "deploy/local_cluster")]
import running_kafka  # noqa: E402
from metrics_page import MetricsPage  # noqa: E402
from running_cluster import free_port  # noqa: E402

PARTITIONS = range(4)
WAIT_SECONDS_MAX = 120
# Of calls that nobody will answer well.
SHORT_SECONDS = 3


def load_tools():
    """gRPC, and modules of the test's own proto, where the test is run and not only collected."""
    global grpc, status_pb2, error_details_pb2, counter, counter_grpc
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
    import grpc
    from google.rpc import error_details_pb2, status_pb2
    from grpc_tools import protoc
    folder = tempfile.TemporaryDirectory(prefix="mynumber-protos-")
    atexit.register(folder.cleanup)
    words = ["protoc", f"-I{ROOT / 'protos'}", f"--python_out={folder.name}", f"--grpc_python_out={folder.name}",
             "mynumber/testing/v1/counter.proto"]
    if protoc.main(words) != 0:
        raise RuntimeError("the proto does not compile")
    sys.path.insert(0, folder.name)
    from mynumber.testing.v1 import counter_pb2 as counter, counter_pb2_grpc as counter_grpc


def build():
    command = [*shlex.split(os.environ.get("BAZEL", "bazel")), "build", "//tests/cluster/two_builds:all"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the build failed:\n{done.stdout}")


class Instance:
    """One process of a build, on the same ports and rows after a restart; but for the port that peers find."""

    def __init__(self, build_name, folder, brokers):
        self.name, self.folder, self.brokers = build_name, folder, brokers
        self.address, self.admin = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.log = folder / f"{build_name}.log"
        self.channel = grpc.insecure_channel(self.address, options=(("grpc.max_reconnect_backoff_ms", 200),))
        self.stub = counter_grpc.CounterServiceStub(self.channel)
        self.process = None

    def start(self):
        binary = ROOT / "bazel-bin" / "tests" / "cluster" / "two_builds" / self.name
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [binary, f"--data={self.folder / self.name}", f"--keyring={self.folder / 'keyring'}",
                 f"--listen={self.address}", f"--admin={self.admin}", f"--brokers={self.brokers.addresses}",
                 f"--topics={ROOT / 'deploy/kafka/topics.yaml'}", f"--instance={self.name}",
                 f"--partitions={len(PARTITIONS)}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        await_true(self.is_ready, lambda: f"{self.name} does not start:\n{self.log.read_text()}")

    def stop(self, number=signal.SIGTERM):
        """Its exit code."""
        self.process.send_signal(number)
        return self.process.wait(WAIT_SECONDS_MAX)

    def close(self):
        self.channel.close()
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGKILL)

    def page(self, path):
        with urllib.request.urlopen(f"http://{self.admin}/{path}", timeout=30) as page:
            return page.read().decode()

    def is_ready(self):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            return self.page("readyz").strip() == "ok"
        return False

    def partitions(self, state):
        """Those that are "serving" or "stopped" here."""
        metric = MetricsPage(self.page("metrics")).by_partition(f"mynumber_partition_{state}")
        return {partition for (_, partition), value in metric.items() if value == 1}

    def count(self, deed, name, seconds=10, request_id=None):
        request = counter.CountRequest(request_id=request_id or str(uuid.uuid4()), counter=name,
                                       deed=f"DEED_{deed.upper()}")
        return self.stub.Count(request, timeout=seconds)

    def read(self, name, seconds=10):
        return self.stub.GetCounter(counter.GetCounterRequest(counter=name), timeout=seconds)


def await_true(so, why_not):
    until = time.monotonic() + WAIT_SECONDS_MAX
    while not so():
        if time.monotonic() > until:
            raise AssertionError(why_not())
        time.sleep(0.05)


def reason_of(error):
    """Of a refused call: its name in the service's list."""
    details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
    info = error_details_pb2.ErrorInfo()
    return next((info.reason for each in status_pb2.Status.FromString(details).details if each.Unpack(info)), "")


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts a real broker")
class TwoBuildsTest(unittest.TestCase):
    """In the order of the names: each goes on where the one before ended."""

    @classmethod
    def setUpClass(cls):
        build()
        subprocess.run([ROOT / "deploy" / "install", "--kafka"], check=True)
        load_tools()
        folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mynumber-builds-")))
        brokers = cls.enterClassContext(running_kafka.Brokers(1))
        cls.older, cls.newer = (Instance(name, folder, brokers) for name in ("older", "newer"))
        for instance in (cls.older, cls.newer):
            cls.addClassCleanup(instance.close)
            instance.start()
        await_true(lambda: [len(each.partitions("serving")) for each in (cls.older, cls.newer)] == [2, 2],
                   lambda: f"shared out as {cls.serving()}")
        # By partition, which their first eight bytes name.
        cls.names = [partition.to_bytes(8, "big") + uuid.uuid4().bytes[:8] for partition in PARTITIONS]
        # The newer's, of which an event will come that the older does not know.
        cls.puzzling = min(cls.newer.partitions("serving"))

    @classmethod
    def serving(cls):
        return [sorted(each.partitions("serving")) for each in (cls.older, cls.newer)]

    def refused(self, instance, deed, name):
        """The error of a call that must be refused within its deadline."""
        with self.assertRaises(grpc.RpcError) as refused:
            instance.count(deed, name, SHORT_SECONDS)
        return refused.exception

    def assert_counts(self, instance, partitions):
        """Through this instance, wherever these are owned."""
        for partition in partitions:
            before = instance.count("add", self.names[partition])
            self.assertEqual(instance.count("add", self.names[partition]).total, before.total + 1)

    def test_1_either_takes_what_both_know(self):
        for name in self.names:
            self.assertEqual(self.older.count("open", name).version, 1)
            self.assertEqual(self.newer.count("add", name).total, 1)
            self.assertEqual(self.older.count("add", name).total, 2)
            self.assertEqual([each.read(name).total for each in (self.older, self.newer)], [2, 2])

    def test_2_an_event_of_the_newer_stops_that_partition_of_the_older_alone(self):
        shared_out = self.serving()
        self.newer.count("mystery", self.names[self.puzzling])
        await_true(lambda: self.older.partitions("stopped") == {self.puzzling}, lambda: "nothing has stopped")
        await_true(lambda: "partition_stopped" in self.older.log.read_text(), lambda: "it does not say so")
        said = [line for line in self.older.log.read_text().splitlines() if '"partition_stopped"' in line]
        self.assertEqual(len(said), 1)
        self.assertIn(f'"partition":{self.puzzling}', said[0])
        self.assertIn("an event 'mystery' that this version does not know", said[0])
        for instance in (self.older, self.newer):
            self.assert_counts(instance, PARTITIONS)
        # As long as it would take to leave the group, and for another to claim. A false alarm on a busy machine heals.
        time.sleep(2)
        await_true(lambda: self.serving() == shared_out, lambda: f"shared out as {self.serving()}")
        self.assertNotIn("group_left", self.older.log.read_text())
        self.assertTrue(self.older.is_ready())

    def test_3_the_older_refuses_a_deed_that_it_does_not_know_and_loses_nothing(self):
        partition = min(self.older.partitions("serving"))
        name = self.names[partition]
        before = self.newer.read(name)
        error = self.refused(self.newer, "mystery", name)
        self.assertEqual((error.code(), reason_of(error)), (grpc.StatusCode.UNAVAILABLE, "PARTITION_NOT_SERVING"))
        self.assertIn("send the same request again", error.details())
        self.assertEqual(self.refused(self.older, "mystery", name).code(), grpc.StatusCode.INVALID_ARGUMENT)
        self.assertEqual([each.read(name) for each in (self.older, self.newer)], [before, before])
        self.assert_counts(self.newer, [partition])
        self.assertEqual(self.older.partitions("stopped"), {self.puzzling})

    def test_4_without_the_newer_all_goes_on_but_that_partition(self):
        self.assertEqual(self.newer.stop(), 0)
        others = set(PARTITIONS) - {self.puzzling}
        await_true(lambda: self.older.partitions("serving") == others, lambda: "they were not taken over")
        self.assert_counts(self.older, others)
        error = self.refused(self.older, "add", self.names[self.puzzling])
        self.assertEqual(error.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertIn("send the same request again", error.details())
        with self.assertRaises(grpc.RpcError) as refused:
            self.older.read(self.names[self.puzzling], SHORT_SECONDS)
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)

    def test_5_the_newer_takes_it_up_again(self):
        self.newer.start()
        await_true(lambda: self.puzzling in self.newer.partitions("serving"), lambda: "it was not taken up")
        version = self.newer.count("mystery", self.names[self.puzzling]).version
        self.assertEqual(self.newer.count("add", self.names[self.puzzling]).version, version + 1)
        await_true(lambda: len(self.newer.partitions("serving")) > 1, lambda: f"shared out as {self.serving()}")
        for instance in (self.older, self.newer):
            self.assert_counts(instance, PARTITIONS)

    def test_6_an_older_that_reads_the_log_anew_stops_there_again(self):
        self.older.stop()
        shutil.rmtree(self.older.folder / self.older.name)
        self.older.start()
        await_true(lambda: self.older.partitions("stopped") == {self.puzzling}, lambda: "nothing has stopped")
        for instance in (self.older, self.newer):
            self.assert_counts(instance, PARTITIONS)


if __name__ == "__main__":
    unittest.main()
