"""Runs Bazel's tests and Python's unittests, and adds up what their own reports say.

Called by tests/run, which installs first. Counted are test cases, not targets: those of the XML report of every
Bazel target, and those of unittest's result. What cannot report (a target that does not build, a file that does not
load, a time-out) counts as one failed test.
"""

import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON_FOLDERS = ("tests", "deploy")
PYTHON_FILE_SECONDS_MAX = 1800
# Bazel's own exit codes: everything built and passed; some test failed; there was no test.
BAZEL_FINE = (0, 3, 4)
LOG_LINES_MAX = 200

Count = collections.namedtuple("Count", "passed failed")


def main():
    arguments = parse_arguments()
    os.chdir(ROOT)
    targets = [choice for choice in arguments.choice if choice.startswith(("//", "-//"))]
    folders = [choice for choice in arguments.choice if choice not in targets]
    counts = []
    if targets or not folders:
        counts.append(run_bazel(targets or ["//..."], arguments.fast))
    if folders or not targets:
        counts.append(run_python(folders or PYTHON_FOLDERS, arguments.fast))
    total = Count(sum(count.passed for count in counts), sum(count.failed for count in counts))
    print(f"{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/run", description="Runs every test of the project.")
    parser.add_argument("--fast", action="store_true", help="leave out the tests that are tagged slow or cluster")
    parser.add_argument("choice", nargs="*",
                        help="only these: Bazel targets (//libs/...) or folders and files of unittests")
    return parser.parse_args()


# ---- Bazel


def run_bazel(targets, fast):
    print(f"== bazel test {' '.join(targets)}", flush=True)
    with tempfile.TemporaryDirectory(prefix="mynumber-tests-") as folder:
        events_file = pathlib.Path(folder, "events.json")
        command = [*shlex.split(os.environ.get("BAZEL", "bazel")), "test", "--keep_going", "--nosandbox_debug",
                   "--test_output=summary", "--test_summary=none", "--show_progress", "--show_progress_rate_limit=60",
                   "--curses=no", "--color=no", f"--build_event_json_file={events_file}"]
        if fast:
            command.append("--test_tag_filters=-soak,-bench,-manual,-slow,-cluster")
        exit_code = subprocess.run([*command, "--", *targets]).returncode
        outcomes = read_bazel_events(events_file)
    count, complaints = judge_bazel(outcomes, exit_code)
    for complaint in complaints:
        print(f"FAILED {complaint}")
    print(f"== bazel: {count.passed} passed, {count.failed} failed in {len(outcomes)} targets", flush=True)
    return count


class TargetOutcome:
    """What Bazel's event stream says of one target."""

    def __init__(self):
        self.built = False
        self.status = None  # of a test: PASSED, FAILED, TIMEOUT and so on; None if it was not asked to run
        self.attempts = {}  # (run, shard) -> (attempt, {"test.xml": path, ...}): the newest attempt counts


def read_bazel_events(events_file):
    """label -> TargetOutcome of every test that was to run, and of every target that did not build."""
    outcomes = collections.defaultdict(TargetOutcome)
    lines = events_file.read_text(encoding="utf-8").splitlines() if events_file.exists() else []
    for line in lines:
        event = json.loads(line)
        identity = event["id"]
        if "targetCompleted" in identity:
            outcome = outcomes[identity["targetCompleted"]["label"]]
            outcome.built = event.get("completed", {}).get("success", False)
        elif "testResult" in identity:
            note_attempt(outcomes[identity["testResult"]["label"]], identity["testResult"], event.get("testResult", {}))
        elif "testSummary" in identity:
            outcomes[identity["testSummary"]["label"]].status = event["testSummary"].get("overallStatus", "NO_STATUS")
    return {label: outcome for label, outcome in outcomes.items()
            if outcome.status or outcome.attempts or not outcome.built}


def note_attempt(outcome, identity, result):
    place = (identity.get("run", 1), identity.get("shard", 1))
    attempt = identity.get("attempt", 1)
    if attempt >= outcome.attempts.get(place, (0, None))[0]:
        files = {file["name"]: path_of(file["uri"]) for file in result.get("testActionOutput", []) if "uri" in file}
        outcome.attempts[place] = (attempt, files)


def path_of(uri):
    return pathlib.Path(urllib.request.url2pathname(urllib.parse.urlparse(uri).path))


def judge_bazel(outcomes, exit_code):
    """The sum over all targets, and a line for everything that failed."""
    passed, complaints = 0, []
    for label, outcome in sorted(outcomes.items()):
        if not outcome.built:
            complaints.append(f"{label}: does not build")
            continue
        target_passed, target_failed = judge_target(label, outcome)
        if target_failed:
            show_log(label, outcome)
        passed += target_passed
        complaints += target_failed
    if exit_code not in BAZEL_FINE and not complaints:
        complaints.append(f"bazel itself: exit code {exit_code}, see above")
    return Count(passed, len(complaints)), complaints


def judge_target(label, outcome):
    passed, failed = 0, []
    for _, files in outcome.attempts.values():
        report = files.get("test.xml")
        if report is None or not report.exists():
            failed.append(f"{label}: {outcome.status} without a report")
            continue
        report_passed, report_failed = read_report(report)
        passed += report_passed
        failed += [f"{label}: {name}" for name in report_failed]
    if outcome.status not in ("PASSED", "FLAKY") and not failed:
        failed.append(f"{label}: {outcome.status}")
    return passed, failed


def show_log(label, outcome):
    for _, files in outcome.attempts.values():
        log = files.get("test.log")
        if log and log.exists():
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            print("\n".join([f"-- {label}, end of {log}", *lines[-LOG_LINES_MAX:]]))


def read_report(report):
    """(how many cases passed, names of those that failed) of a JUnit report; what did not run is neither."""
    passed, failed = 0, []
    try:
        cases = list(xml.etree.ElementTree.parse(report).iter("testcase"))
    except xml.etree.ElementTree.ParseError as error:
        return 0, [f"the report {report.name} is damaged ({error})"]
    for case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(".".join(filter(None, (case.get("classname"), case.get("name")))))
        elif case.get("status", "run") == "run" and case.find("skipped") is None:
            passed += 1
    return passed, failed


# ---- Python


def run_python(choices, fast):
    files = [file for choice in choices for file in test_files(ROOT / choice)]
    print(f"== python -m unittest: {len(files)} files", flush=True)
    environment = {**os.environ, "TESTS_FAST": "1"} if fast else dict(os.environ)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counts = list(pool.map(lambda file: run_python_file(file, environment), files))
    count = Count(sum(count.passed for count in counts), sum(count.failed for count in counts))
    print(f"== python: {count.passed} passed, {count.failed} failed in {len(files)} files", flush=True)
    return count


def test_files(place):
    if place.is_file():
        return [place]
    return sorted(file for file in place.rglob("test_*.py") if "__pycache__" not in file.parts)


def run_python_file(file, environment):
    """Runs in a process of its own, so that no test sees another's leftovers; prints only what failed."""
    name = file.relative_to(ROOT)
    with tempfile.TemporaryDirectory(prefix="mynumber-tests-") as folder:
        report = pathlib.Path(folder, "report.json")
        try:
            process = subprocess.run([sys.executable, ROOT / "tests" / "run_unittest.py", file, report],
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                                     env=environment, timeout=PYTHON_FILE_SECONDS_MAX)
        except subprocess.TimeoutExpired as timeout:
            print(f"{(timeout.stdout or b'').decode(errors='replace')}\nFAILED {name}: no end after "
                  f"{PYTHON_FILE_SECONDS_MAX} s", flush=True)
            return Count(0, 1)
        output = process.stdout.decode(errors="replace")
        if not report.exists():
            print(f"{output}\nFAILED {name}: ended with exit code {process.returncode} before its report", flush=True)
            return Count(0, 1)
        numbers = json.loads(report.read_text())
    if numbers["failed"]:
        print(output + "\n" + "\n".join(f"FAILED {name}: {case}" for case in numbers["failed"]), flush=True)
    return Count(numbers["passed"], len(numbers["failed"]))


if __name__ == "__main__":
    sys.exit(main())
