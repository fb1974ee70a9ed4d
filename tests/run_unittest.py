"""Runs the unittests of one file and writes unittest's own result: run_unittest.py FILE REPORT.

The report is one JSON object: "passed" (how many cases), "failed" and "skipped" (their names). A case with several
failing subtests is one failed case.
"""

import importlib
import json
import pathlib
import sys
import unittest


def main(file, report):
    # The file's folder stands first, so that a test imports the program that lies beside it.
    sys.path[0] = str(file.parent)
    suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module(file.stem))
    result = unittest.TextTestRunner(stream=sys.stdout, resultclass=CountingResult).run(suite)
    failed = result.failed_cases()
    report.write_text(json.dumps({
        "passed": len(result.started - set(failed) - result.skipped_cases()),
        "failed": failed,
        "skipped": sorted(result.skipped_cases()),
    }))


class CountingResult(unittest.TextTestResult):
    """Remembers by name which cases were started: errors of set-up are no case of testsRun, subtests are several."""

    def __init__(self, stream, descriptions, verbosity):
        super().__init__(stream, descriptions, verbosity)
        self.started = set()

    def startTest(self, test):
        super().startTest(test)
        self.started.add(test.id())

    def failed_cases(self):
        broken = [test for test, _ in self.failures + self.errors] + self.unexpectedSuccesses
        return sorted({getattr(test, "test_case", test).id() for test in broken})

    def skipped_cases(self):
        return {getattr(test, "test_case", test).id() for test, _ in self.skipped}


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]))
