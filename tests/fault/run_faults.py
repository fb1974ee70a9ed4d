"""Runs the faults one after the other, each on a cluster of its own under load; called by tests/fault/run, which
installs first. What passed is kept in a file, so that a run that broke off goes on with --resume."""

import argparse
import ctypes
import faulthandler
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]

# name -> (module, needs, what the cluster is made with). A name is a function of the module. Needs: "mounts",
# "network", or nothing.
FAULTS = {
    "kill_owner": ("faults_instances", None, {}),
    "planned_stop": ("faults_instances", None, {}),
    "rolling_restart": ("faults_instances", None, {}),
    "paused_owner": ("faults_instances", None, {}),
    "held_produce": ("faults_brokers", None, {"proxied": True}),
    "broker_killed": ("faults_brokers", None, {}),
    "cut_leader": ("faults_brokers", None, {"separable": True}),
    "two_brokers_gone": ("faults_brokers", None, {}),
    "network_cut": ("faults_network", "network", {}),
    "wrong_clock": ("faults_instances", None, {}),
    "full_disk": ("faults_instances", "mounts", {}),
}
ROUNDS, SHORT_ROUNDS = 20, 2
PR_SET_PDEATHSIG = 1


def main():
    arguments = parse_arguments()
    if arguments.inside:
        return run_inside(arguments, *arguments.only)
    arguments.results.mkdir(parents=True, exist_ok=True)
    state = State(arguments.results / "passed.json", begins_anew=not arguments.resume and not arguments.only)
    with open(arguments.results / "lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another run works in {arguments.results}: wait for it, or name another --results", file=sys.stderr)
            return 2
        passed, failed = run_each(arguments, state)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def run_each(arguments, state):
    """(passed, failed)"""
    passed, failed = 0, 0
    for name in arguments.only or FAULTS:
        if arguments.resume and state.has(name):
            print(f"{name}: passed before", flush=True)
            passed += 1
            continue
        # A process for each: none inherits another's threads, mounts or network.
        done = subprocess.run([sys.executable, "-B", __file__, "--inside", *sys.argv[1:], "--only", name])
        if done.returncode == 0:
            passed += 1
            state.add(name)
        else:
            failed += 1
    return passed, failed


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/fault/run", description="Every fault of tests/fault/README.md.")
    parser.add_argument("--only", nargs="+", choices=FAULTS, metavar="NAME", help=f"of {', '.join(FAULTS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int,
                        help=f"of a fault that is repeated ({ROUNDS}; {SHORT_ROUNDS} with --short)")
    parser.add_argument("--short", action="store_true", help="fewer rounds, shorter waits, times told and not judged")
    parser.add_argument("--resume", action="store_true", help="leave out what passed in an earlier run")
    parser.add_argument("--instances", type=int, default=3)
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--follow", choices=("all", "owned"), default="all", help="what instances keep rows of (all)")
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / ".faults",
                        help="what passed, and histories and logs of what did not (./.faults)")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.rounds = arguments.rounds or (SHORT_ROUNDS if arguments.short else ROUNDS)
    arguments.results = arguments.results.resolve()
    return arguments


class State:
    """Which faults passed, in this run and those that it goes on from."""

    def __init__(self, path, begins_anew):
        self.path = path
        self.passed = json.loads(path.read_text()) if path.exists() and not begins_anew else []

    def has(self, name):
        return name in self.passed

    def add(self, name):
        self.passed += [] if self.has(name) else [name]
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(self.passed) + "\n")
        partial.rename(self.path)


def run_inside(arguments, name):
    """Exit code of one fault. SIGUSR1 has it tell where its threads are."""
    faulthandler.register(signal.SIGUSR1)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    sys.path += [str(HERE), str(ROOT / "tests" / "soak"), str(ROOT / "deploy" / "kafka")]
    module, needs, wanted = FAULTS[name]
    if not enter(needs):
        print(f"{name}: FAILED, since it needs root, or a user who may make {needs} of their own")
        return 1
    import checks
    checks.checker()
    folder = arguments.results / name
    end_earlier(folder)
    begin = time.monotonic()
    print(f"{name}: seed {arguments.seed}, {arguments.instances} instances", flush=True)
    stage = play(arguments, name, module, needs, wanted, folder)
    problems = stage.problems if arguments.short else stage.problems + stage.slow
    for sentence in stage.slow if arguments.short else ():
        print(f"    slow: {sentence}")
    for sentence in problems:
        print(f"    {sentence}")
    print(f"{name}: {'FAILED' if problems else 'passed'} after {time.monotonic() - begin:.0f} s", flush=True)
    if not problems:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if problems else 0


def end_earlier(folder):
    """What a run that was killed left, its cluster among it."""
    sys.path.append(str(ROOT / "deploy" / "local_cluster"))
    import local_cluster
    local_cluster.LocalCluster(folder / "cluster").down()
    shutil.rmtree(folder, ignore_errors=True)


def enter(needs):
    """Begins the process anew where it has what the fault needs."""
    if needs == "network":
        import checks
        checks.checker()  # built while the network is there
        import faults_network
        return faults_network.enter_own_network()
    if needs == "mounts":
        import small_disk
        small_disk.enter_own_mounts()
        return os.environ[small_disk.OWN_MOUNTS] == "yes"
    return True


def play(arguments, name, module, needs, wanted, folder):
    """The stage, whose problems are whole."""
    import importlib
    fault = getattr(importlib.import_module(module), name)
    from stage import Stage
    stage = Stage(name, folder, arguments, **wanted)
    if needs == "network":
        import faults_network
        stage.network = faults_network.Network(arguments.instances)
    try:
        with stage:
            fault(stage)
            stage.finish()
    except Exception:  # told as what failed; the next fault has a turn
        stage.problems.append(traceback.format_exc())
    return stage


if __name__ == "__main__":
    sys.exit(main())
