"""Builds the targets of this folder with clang, runs them, and keeps the inputs that reach the most with the least."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time

import kept_inputs

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
CORPUS = FOLDER / "corpus"
TARGETS = sorted(file.stem for file in FOLDER.glob("*.cc")
                 if "LLVMFuzzerTestOneInput(" in file.read_text() and not file.stem.endswith("_test"))
# Of the sanitizers: Debian's libraries are not watched, so a container that they filled may look overrun; the reader
# of tables takes 48 MiB each time, of which one after the other is enough.
ENVIRONMENT = {
    "ASAN_OPTIONS": "detect_container_overflow=0:no_huge_pages_for_shadow=0:quarantine_size_mb=16",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TZ": "UTC",
}
INPUT_SECONDS_MAX = 60
MEMORY_MB_MAX = 2560
PROGRESS_SECONDS = 60
LOG_LINES_SHOWN = 60


def main():
    arguments = parse_arguments()
    os.chdir(ROOT)
    targets = arguments.only or TARGETS
    folder = build(targets)
    print(f"== {len(targets)} targets, {arguments.seconds} s each, {arguments.jobs} at once", flush=True)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        reports = list(pool.map(lambda target: run(folder / target, arguments.seconds), targets))
    print(f"{'target':20} {'executions':>12} {'coverage':>9} {'kept':>5} {'bytes':>8} {'seconds':>8}")
    for report in reports:
        print("{target:20} {executions:12,} {coverage:9,} {kept:5} {bytes:8,} {seconds:8,.0f}  {outcome}".format(
            **report))
    failed = sum(report["outcome"] != "passed" for report in reports)
    print(f"{len(reports) - failed} passed, {failed} failed", flush=True)
    return 1 if failed or not reports else 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/fuzz/run", description="Fuzzing of every parser of outside bytes.")
    parser.add_argument("--seconds", type=int, default=600, help="for each target (default 600)")
    parser.add_argument("--jobs", type=int, default=2, help="targets at once (default 2)")
    parser.add_argument("--only", action="append", choices=TARGETS, metavar="TARGET",
                        help=f"only this one; may be said again: {', '.join(TARGETS)}")
    return parser.parse_args()


def build(targets):
    """The folder of the binaries."""
    subprocess.run(["bazel", "build", "--config=fuzz", *(f"//tests/fuzz:{target}" for target in targets)], check=True)
    where = ["bazel", "info", "--config=fuzz", "bazel-bin"]
    told = subprocess.run(where, check=True, stdout=subprocess.PIPE, text=True)
    return pathlib.Path(told.stdout.strip(), "tests", "fuzz")


def run(binary, seconds):
    """One target from its kept inputs on, then what is kept of them."""
    corpus = CORPUS / binary.name
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"fuzz-{binary.name}-") as work:
        found, log, broken = (pathlib.Path(work, name) for name in ("found", "log", "broken"))
        found.mkdir()
        broken.mkdir()
        begin = time.monotonic()
        exit_code = start(binary, log, [f"-max_total_time={seconds}", "-print_final_stats=1",
                                        f"-artifact_prefix={broken}/", found, corpus])
        figures = {"target": binary.name, **figures_of(log.read_text(errors="replace")),
                   "seconds": time.monotonic() - begin}
        outcome = "passed"
        if exit_code != 0:
            outcome = f"failed: {keep_broken(corpus, broken)}"
            print("\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]), flush=True)
        elif not minimise(binary, pathlib.Path(work), [corpus, found]):
            outcome = "failed: its inputs could not be merged"
    files = kept_inputs.files_of(corpus)
    report = {**figures, "outcome": outcome, "kept": len(files), "bytes": sum(file.stat().st_size for file in files)}
    print("== {target}: {outcome}, {executions:,} executions in {seconds:,.0f} s".format(**report), flush=True)
    return report


def start(binary, log, arguments):
    """Runs the binary to its end, and says once a minute where it is."""
    command = [binary, f"-timeout={INPUT_SECONDS_MAX}", f"-rss_limit_mb={MEMORY_MB_MAX}", "-verbosity=1", *arguments]
    with open(log, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **ENVIRONMENT})
        done = threading.Event()
        threading.Thread(target=tell_progress, args=(binary.name, log, done), daemon=True).start()
        try:
            return process.wait()
        finally:
            done.set()


def tell_progress(name, log, done):
    while not done.wait(PROGRESS_SECONDS):
        figures = figures_of(log.read_text(errors="replace"))
        print("   {}: {executions:,} executions, coverage {coverage:,}".format(name, **figures), flush=True)


def figures_of(log):
    """libFuzzer's own numbers: how often it ran, and how many branches it saw."""
    steps = re.findall(r"^#(\d+)\s", log, re.MULTILINE)
    total = re.findall(r"^stat::number_of_executed_units: (\d+)", log, re.MULTILINE)
    covered = re.findall(r"\bcov: (\d+)", log)
    return {"executions": int((total or steps or ["0"])[-1]), "coverage": int((covered or ["0"])[-1])}


def keep_broken(corpus, broken):
    """The input that broke a law is kept from now on: its replay fails until the law holds."""
    kept = [kept_inputs.keep_what_broke_a_law(corpus, artifact) for artifact in sorted(broken.iterdir())]
    return ", ".join(str(path.relative_to(ROOT)) for path in kept) or "it ended early"


def minimise(binary, work, folders):
    """Replaces the kept inputs by the fewest that reach as many branches."""
    merged = work / "merged"
    merged.mkdir()
    exit_code = start(binary, work / "merge-log", ["-set_cover_merge=1", "-use_counters=0", merged, *folders])
    if exit_code == 0:
        kept_inputs.replace(folders[0], merged)
    return exit_code == 0


if __name__ == "__main__":
    sys.exit(main())
