"""The runner's own arithmetic: what it counts as passed and failed."""

import json
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import unittest

import run_tests

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4"><testsuite name="S">
  <testcase name="Good" status="run" result="completed" classname="S"/>
  <testcase name="Bad" status="run" result="completed" classname="S"><failure message="no"/></testcase>
  <testcase name="Off" status="notrun" result="suppressed" classname="S"/>
  <testcase name="Skipped" status="run" result="skipped" classname="S"><skipped message="why"/></testcase>
</testsuite></testsuites>"""
GOOD_REPORT = """<testsuites><testsuite>
  <testcase name="One" status="run"/><testcase name="Two"/>
</testsuite></testsuites>"""


class BazelTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.events = []

    def target(self, label, built=True):
        completed = {"success": True} if built else {}
        self.events.append({"id": {"targetCompleted": {"label": label}}, "completed": completed})

    def attempt(self, label, report, attempt=1, shard=1):
        path = self.folder / f"{len(self.events)}.xml"
        path.write_text(report)
        files = [{"name": "test.log", "uri": "file:///nowhere"}, {"name": "test.xml", "uri": path.as_uri()}]
        identity = {"label": label, "run": 1, "shard": shard, "attempt": attempt}
        self.events.append({"id": {"testResult": identity}, "testResult": {"testActionOutput": files}})

    def summary(self, label, status):
        self.events.append({"id": {"testSummary": {"label": label}}, "testSummary": {"overallStatus": status}})

    def judge(self, exit_code=0):
        events_file = self.folder / "events.json"
        events_file.write_text("\n".join(json.dumps(event) for event in self.events))
        return run_tests.judge_bazel(run_tests.read_bazel_events(events_file), exit_code)

    def test_cases_are_counted_and_what_did_not_run_is_not(self):
        self.target("//a:t")
        self.attempt("//a:t", REPORT)
        self.summary("//a:t", "FAILED")
        self.assertEqual(self.judge(3), (run_tests.Count(1, 1), ["//a:t: S.Bad"]))

    def test_every_shard_counts_but_only_its_newest_attempt(self):
        self.target("//a:t")
        self.attempt("//a:t", REPORT, attempt=1, shard=1)
        self.attempt("//a:t", GOOD_REPORT, attempt=2, shard=1)
        self.attempt("//a:t", GOOD_REPORT, shard=2)
        self.summary("//a:t", "FLAKY")
        self.assertEqual(self.judge(), (run_tests.Count(4, 0), []))

    def test_a_target_that_does_not_build_is_one_failure(self):
        self.target("//a:t", built=False)
        self.summary("//a:t", "NO_STATUS")
        self.assertEqual(self.judge(1), (run_tests.Count(0, 1), ["//a:t: does not build"]))

    def test_a_library_that_does_not_build_is_one_failure(self):
        self.events.append({"id": {"targetCompleted": {"label": "//a:lib"}}, "completed": {}})
        self.assertEqual(self.judge(1)[0], run_tests.Count(0, 1))

    def test_a_failed_target_whose_cases_all_passed_is_one_failure(self):
        self.target("//a:t")
        self.attempt("//a:t", GOOD_REPORT)
        self.summary("//a:t", "TIMEOUT")
        self.assertEqual(self.judge(3), (run_tests.Count(2, 1), ["//a:t: TIMEOUT"]))

    def test_a_target_without_report_and_a_damaged_report_are_failures(self):
        self.target("//a:t")
        self.summary("//a:t", "FAILED")
        self.target("//a:u")
        self.attempt("//a:u", "<testsuites")
        self.summary("//a:u", "PASSED")
        self.assertEqual(self.judge(3)[0], run_tests.Count(0, 2))

    def test_what_a_tag_leaves_out_is_not_counted(self):
        self.target("//a:t")
        self.assertEqual(self.judge(4), (run_tests.Count(0, 0), []))

    def test_bazel_that_fails_before_any_target_is_one_failure(self):
        self.assertEqual(self.judge(2)[0], run_tests.Count(0, 1))


class PythonTest(unittest.TestCase):
    def run_file(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file, report = pathlib.Path(folder, "test_it.py"), pathlib.Path(folder, "report.json")
            file.write_text("import unittest\n" + textwrap.dedent(text))
            subprocess.run([sys.executable, pathlib.Path(__file__).with_name("run_unittest.py"), file, report],
                           stdout=subprocess.DEVNULL, check=True)
            return json.loads(report.read_text())

    def test_every_outcome_is_counted_once(self):
        numbers = self.run_file("""
            class T(unittest.TestCase):
                def test_good(self): pass
                def test_bad(self): self.fail()
                def test_error(self): raise RuntimeError
                def test_subtests(self):
                    for i in range(3):
                        with self.subTest(i=i): self.fail()
                @unittest.skip("why")
                def test_skipped(self): pass
                @unittest.expectedFailure
                def test_surprise(self): pass
            """)
        self.assertEqual(numbers["passed"], 1)
        failed = [f"test_it.T.test_{name}" for name in ("bad", "error", "subtests", "surprise")]
        self.assertEqual(numbers["failed"], failed)
        self.assertEqual(numbers["skipped"], ["test_it.T.test_skipped"])

    def test_a_broken_set_up_is_one_failure(self):
        numbers = self.run_file("""
            class T(unittest.TestCase):
                @classmethod
                def setUpClass(cls): raise RuntimeError
                def test_never_reached(self): pass
            """)
        self.assertEqual((numbers["passed"], len(numbers["failed"])), (0, 1))


if __name__ == "__main__":
    unittest.main()
