"""Two writers on one partition of a real Kafka, in whole size: the tests of libs/kafka_log with many rounds each."""

import os
import shlex
import subprocess
import unittest

import binaries
import sizes

TESTS = ("rivals_test", "stopped_instance_test", "leaders_test")


@unittest.skipUnless(sizes.ROUNDS, "tests/run has the short form: //libs/kafka_log")
class RivalsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        targets = [f"//libs/kafka_log:{name}" for name in TESTS]
        bazel = shlex.split(os.environ.get("BAZEL", "bazel"))
        subprocess.run([*bazel, "build", *targets], cwd=binaries.ROOT, check=True)

    def run_rounds(self, name):
        runfiles = binaries.ROOT / "bazel-bin" / "libs" / "kafka_log" / f"{name}.runfiles" / "mynumber"
        environment = {**os.environ, "MYNUMBER_ROUNDS": str(sizes.ROUNDS)}
        with subprocess.Popen([runfiles / "libs" / "kafka_log" / name], cwd=runfiles, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as told:
            lines = []
            for line in told.stdout:
                lines.append(line)
                if "brokers: " in line or "brokers, " in line or line.startswith("[ RUN"):
                    sizes.note(line.rstrip())
        self.assertEqual(told.returncode, 0, "".join(lines[-100:]))

    def test_1_wires_between(self):
        self.run_rounds("rivals_test")

    def test_2_an_instance_is_stopped_and_wakes(self):
        self.run_rounds("stopped_instance_test")

    def test_3_the_leader_is_paused_or_cut_off(self):
        self.run_rounds("leaders_test")


if __name__ == "__main__":
    unittest.main()
