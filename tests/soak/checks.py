"""What is asked after every load: does the server find itself clean, and does somebody else?"""

import json
import subprocess
import sys
import time

import binaries

CHECKER = binaries.ROOT / "tests" / "outside" / "check_log.py"


def verify(server):
    """The report of `mynumberctl verify`, numbers as numbers."""
    ended = server.control("--output", "json", "verify")
    if not ended.stdout.strip():
        raise AssertionError(f"verify ended with {ended.returncode} and no report: {ended.stderr}")
    report = json.loads(ended.stdout)
    for name in ("residents", "numbers", "duplicate_numbers", "bad_check_digits"):
        report[name] = int(report[name])
    report["rows_that_differ"] = sum(int(partition["rows_that_differ"]) for partition in report["partitions"])
    report["exit_code"] = ended.returncode
    return report


def check_outside(server, load):
    """The outside checker's report over the log as it is, exported or in its topics, and all answers of the load."""
    begin = time.monotonic()
    export = load.folder / "log.export"
    words = [sys.executable, CHECKER, "--keyring", server.keyring]
    if server.brokers:
        words += ["--brokers", server.brokers.addresses]
    else:
        ended = server.control("--output", "protobuf", "log", "export", "--file", export)
        if ended.returncode != 0:
            raise AssertionError(f"the export failed: {ended.stderr}")
        words += ["--export", export]
    words += [word for path in load.answer_files if path.exists() for word in ("--answers", path)]
    exported = time.monotonic()
    ended = subprocess.run(words, stdout=subprocess.PIPE, check=False, encoding="utf-8")
    export.unlink(missing_ok=True)
    if not ended.stdout.strip():
        raise AssertionError(f"the outside checker ended with {ended.returncode} and no report")
    return json.loads(ended.stdout) | {"export_seconds": exported - begin, "check_seconds": time.monotonic() - exported}


def assert_clean(test, server, load):
    """Both sides are clean; returns their reports."""
    inside = verify(server)
    test.assertTrue(inside["clean"] and inside["exit_code"] == 0, inside)
    must_be_none = (inside["duplicate_numbers"], inside["bad_check_digits"], inside["rows_that_differ"])
    test.assertEqual(must_be_none, (0, 0, 0), inside)
    outside = check_outside(server, load)
    test.assertTrue(outside["clean"], outside)
    test.assertEqual((inside["residents"], inside["numbers"]), (outside["residents"], outside["numbers"]))
    return inside, outside
