"""Runs the tests of this folder in whole sizes, one file after the other, and adds up what unittest says of them."""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).resolve().parent
CHOICES = sorted(file.stem.removeprefix("test_") for file in FOLDER.glob("test_*.py"))
ON_KAFKA = ("load", "kills", "suspensions")


def main():
    arguments = parse_arguments()
    environment = {**os.environ, "SOAK_ROWS": str(arguments.rows), "SOAK_KILLS": str(arguments.kills),
                   "SOAK_NOTICES": str(arguments.notices), "SOAK_REPORTS": str(arguments.reports),
                   "SOAK_SEED": str(arguments.seed), "SOAK_SUSPENSIONS": str(arguments.suspensions),
                   "SOAK_ROUNDS": str(arguments.rounds), "SOAK_BROKERS": str(arguments.brokers),
                   "SOAK_CANARIES": str(arguments.canaries), "SOAK_MIX_UPS": str(arguments.mix_ups),
                   "PYTHONUNBUFFERED": "1"}
    passed = failed = 0
    for choice in arguments.choice or (ON_KAFKA if arguments.brokers else CHOICES):
        begin = time.monotonic()
        print(f"== {choice}: {arguments.rows:,} residents, {arguments.kills} kills, --seed {arguments.seed}",
              flush=True)
        numbers = run_file(FOLDER / f"test_{choice}.py", environment)
        passed += numbers["passed"]
        failed += len(numbers["failed"])
        print(f"== {choice}: {numbers['passed']} passed, {len(numbers['failed'])} failed in "
              f"{time.monotonic() - begin:,.0f} s", flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/soak/run",
                                     description="Loads and faults on real processes, in whole sizes.")
    parser.add_argument("--rows", type=int, default=1_000_000, help="residents of a load (default 1,000,000)")
    parser.add_argument("--notices", type=int, default=1_000, help="notices that are drawn (default 1,000)")
    parser.add_argument("--reports", type=int, default=1_000_000,
                        help="reports in the carrier's file (default 1,000,000)")
    parser.add_argument("--suspensions", type=int, default=6_000,
                        help="cards that are suspended beside a load (default 6,000)")
    parser.add_argument("--kills", type=int, default=10, help="kills in `kills` and `suspensions` (default 10)")
    parser.add_argument("--rounds", type=int, default=200, help="times of each fault of `rivals` (default 200)")
    parser.add_argument("--canaries", type=int, default=1_000,
                        help="residents whose traces `canary` seeks (default 1,000)")
    parser.add_argument("--mix-ups", type=int, default=400,
                        help="residents of `mix_ups` and `mixed_cards` (default 400)")
    parser.add_argument("--brokers", type=int, choices=(0, 1, 3), default=0,
                        help="real Kafka brokers under `load`, `kills` and `suspensions` (default 0: the embedded log)")
    parser.add_argument("--seed", type=int, default=random.randrange(100),
                        help="0 to 99; the same one draws the same moments")
    parser.add_argument("choice", nargs="*", choices=[*CHOICES, []], metavar="choice",
                        help=f"only these: {', '.join(CHOICES)}")
    return parser.parse_args()


def run_file(file, environment):
    """unittest's own numbers; a file that ends before its report is one failed test."""
    with tempfile.TemporaryDirectory(prefix="mynumber-soak-") as folder:
        report = pathlib.Path(folder, "report.json")
        subprocess.run([sys.executable, FOLDER.parent / "run_unittest.py", file, report], env=environment,
                       stdin=subprocess.DEVNULL, check=False)
        return json.loads(report.read_text()) if report.exists() else {"passed": 0, "failed": [file.name]}


if __name__ == "__main__":
    sys.exit(main())
