"""The checker of histories: its own tests, with planted violations, and its command."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = pathlib.Path(__file__).resolve().parent / "linearizable"


@unittest.skipIf(os.environ.get("TESTS_FAST"), "needs Go")
class LinearizableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        built = subprocess.run([ROOT / "deploy" / "tools", "linearizable"], check=True, stdout=subprocess.PIPE,
                               text=True)
        cls.program = built.stdout.strip()

    def test_its_own_tests(self):
        done = subprocess.run(["go", "test", "./..."], cwd=SOURCES, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def check(self, *calls):
        """(exit code, report) of one client's calls on one address, one after the other."""
        with tempfile.TemporaryDirectory() as folder:
            history = pathlib.Path(folder, "history.jsonl")
            lines = [{"model": "register", "key": "k", "client": 1, "op": op, "input": value, "output": value,
                      "outcome": "ok", "start": 2 * at, "end": 2 * at + 1} for at, (op, value) in enumerate(calls)]
            history.write_text("".join(json.dumps(line) + "\n" for line in lines))
            done = subprocess.run([self.program, "-pictures", folder, history], capture_output=True, text=True)
            self.assertEqual(len(list(pathlib.Path(folder).glob("*.html"))), done.returncode, done.stderr)
            return done.returncode, json.loads(done.stdout)

    def test_a_clean_history_and_a_planted_violation(self):
        code, report = self.check(("write", "a"), ("read", "a"), ("write", "b"), ("read", "b"))
        self.assertEqual((code, report), (0, {"keys": 1, "operations": 4, "violations": [], "undecided": []}))
        code, report = self.check(("write", "a"), ("write", "b"), ("read", "a"))
        self.assertEqual((code, report["violations"]), (1, ["register k"]))

    def test_what_is_no_history_is_said(self):
        done = subprocess.run([self.program, "/dev/null/none"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
