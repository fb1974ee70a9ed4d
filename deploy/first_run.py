"""Builds, starts the standalone cluster, registers the sample, serves. Called by deploy/run, which installs first."""

import argparse
import contextlib
import csv
import ctypes
import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "deploy" / "sample" / "residents.csv"
sys.path.insert(0, str(ROOT / "deploy"))
import notice_way  # noqa: E402  (beside this file)

TARGETS = ("//services/standalone:mynumber-standalone", "//services/mynumberctl:mynumberctl")
STANDALONE = ROOT / "bazel-bin" / "services" / "standalone" / "mynumber-standalone"
CLIENT_FOLDER = ROOT / "bazel-bin" / "services" / "mynumberctl"
CLERK = "first-run"
EXAMPLE_MUNICIPALITY = "131016"
ROWS_SHOWN = 20
STOP_SECONDS_MAX = 30
EXIT_INTERRUPTED = 130  # before it served; as shells have it
PLAIN_LINE_SECONDS = 30  # between two lines of progress where there is no terminal
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


class Failure(Exception):
    """Cannot go on: a sentence that says what to do."""


def main():
    arguments = parse_arguments()
    stop = StopSignals()
    try:
        listen, admin = free_address("--listen", arguments.listen), free_address("--admin", arguments.admin)
        build(stop)
        with Cluster(arguments.data, listen, admin) as cluster:
            cluster.wait_until_ready(stop)
            say(f"The cluster serves on {listen}; its data is kept in {arguments.data}.\n")
            resident = register_sample(cluster)
            notice_way.show(stop, arguments.data / "notice.pdf")
            if arguments.once:
                say("Without --once it goes on serving, and says what to try next.")
            else:
                say_what_is_next(cluster, resident)
                cluster.serve(stop)
    except Stopped:
        return EXIT_INTERRUPTED
    except Failure as failure:
        print(f"deploy/run: {failure}", file=sys.stderr)
        return 1
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="deploy/run",
        description="Starts the whole cluster on this machine with 200 made-up residents, and serves.")
    parser.add_argument("--once", action="store_true", help="end after the account of what was registered")
    parser.add_argument("--data", type=pathlib.Path, metavar="FOLDER", default=ROOT / ".data",
                        help="keyring, log and rows; made if missing (default: .data in the project's folder)")
    parser.add_argument("--listen", metavar="HOST:PORT", default="127.0.0.1:7400",
                        help="where calls are served (default: %(default)s; port 0: any free one)")
    parser.add_argument("--admin", metavar="HOST:PORT", default="127.0.0.1:7401",
                        help="where /metrics and /readyz are served (default: %(default)s; port 0: any free one)")
    return parser.parse_args()


def say(text):
    print(text, flush=True)


class Stopped(Exception):
    """Ctrl-C or SIGTERM came."""


class StopSignals:
    """Ctrl-C and SIGTERM, as a flag to wait for: what was begun is ended in order."""

    def __init__(self):
        self.asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.asked.set())

    def check(self):
        if self.asked.is_set():
            raise Stopped


class Progress:
    """One line that is written over on a terminal, and a line now and then elsewhere."""

    def __init__(self):
        self.is_terminal = sys.stderr.isatty()
        self.next_line = time.monotonic() + PLAIN_LINE_SECONDS

    def show(self, text):
        if self.is_terminal:
            columns = os.get_terminal_size(sys.stderr.fileno()).columns
            print(f"\r\x1b[K{text[:columns - 1]}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() >= self.next_line:
            self.next_line = time.monotonic() + PLAIN_LINE_SECONDS
            print(text, file=sys.stderr, flush=True)

    def clear(self):
        if self.is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


# ---- Addresses


def free_address(option, address):
    """`address` with a real port, if nobody has it yet: told before the long build rather than after it."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise Failure(f"{option} must be HOST:PORT, such as 127.0.0.1:7400.")
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((host.strip("[]"), int(port)))
            return f"{host}:{taken.getsockname()[1]}"
    except OSError as error:
        raise Failure(
            f"{address} cannot be had ({error.strerror}): if another deploy/run has it, stop that one; else choose "
            f"another address, or any free port with {option} 127.0.0.1:0.") from None


# ---- Build


def build(stop):
    command = [
        *shlex.split(os.environ.get("BAZEL", "bazel")), "build", "--show_progress", "--show_progress_rate_limit=0.5",
        "--curses=no", "--color=no", *TARGETS
    ]
    progress, output = Progress(), []
    progress.show("Building ...")
    # In a session of its own: Ctrl-C reaches this program alone, which asks Bazel to end.
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          errors="replace", start_new_session=True, preexec_fn=end_with_parent) as bazel:
        threading.Thread(target=interrupt_when_asked, args=(bazel, stop), daemon=True).start()
        for line in bazel.stderr:
            step = re.match(r"\[([\d,]+) / ([\d,]+)\] *(.*)", line)
            if step:
                progress.show(f"Building: {step[1]} of {step[2]} steps (a first build takes some minutes)")
            elif not line.startswith(("Loading:", "Analyzing:", "INFO:", "    currently", "WARNING:")):
                output.append(line)
                progress.show(line.strip())
    progress.clear()
    stop.check()
    if bazel.returncode != 0:
        sys.stderr.writelines(output)
        raise Failure("the build failed, see above.")


def interrupt_when_asked(process, stop):
    while process.poll() is None:
        if stop.asked.wait(0.2):
            process.send_signal(signal.SIGINT)
            return


def end_with_parent():
    """In a child: even if this program is killed, nothing of it stays behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# ---- The cluster


class Cluster:
    """The standalone process, from its start to its graceful end; `last_words` are said then."""

    def __init__(self, data, listen, admin, *options):
        self.listen, self.admin, self.data, self.options = listen, admin, data, options
        self.log = data / "standalone.log"
        self.last_words = f"Stopped. The next deploy/run goes on from {data}."

    def __enter__(self):
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.log_start = self.log.stat().st_size if self.log.exists() else 0
            log = open(self.log, "ab")
        except OSError as error:
            raise Failure(
                f"{self.data} cannot be used for the data ({error.strerror}): name another with --data.") from None
        with log:
            # In a session of its own: Ctrl-C reaches this program alone, which then stops it in order.
            self.process = subprocess.Popen(
                [STANDALONE, f"--data={self.data}", f"--listen={self.listen}", f"--admin={self.admin}", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, preexec_fn=end_with_parent)
        return self

    def __exit__(self, *_):
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_SECONDS_MAX)
            say(self.last_words)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            say(f"It did not end within {STOP_SECONDS_MAX} s and was killed; nothing that was answered is lost.")

    def wait_until_ready(self, stop):
        progress = Progress()
        while True:
            ready, reason = self.ask_ready()
            if ready:
                break
            progress.show(f"Starting: {reason}")
            self.raise_if_ended()
            if stop.asked.wait(0.1):
                progress.clear()
                raise Stopped
        progress.clear()
        # Another process may have taken the port in the meantime: what answers must be ours.
        self.raise_if_ended()

    def ask_ready(self):
        try:
            with urllib.request.urlopen(f"http://{self.admin}/readyz", timeout=5):
                return True, ""
        except urllib.error.HTTPError as error:
            reason = error.read().decode(errors="replace").strip()
            with contextlib.suppress(OSError):
                reason += f", {self.metric('mynumber_lag_records'):,} records to go"
            return False, reason
        except OSError:
            return False, "opening the log"

    def metric(self, name):
        """Sum of number issuance's metric over all its labels."""
        with urllib.request.urlopen(f"http://{self.admin}/metrics", timeout=5) as response:
            lines = response.read().decode().splitlines()
        wanted = re.compile(rf'{name}\{{.*service="issuance"')
        return int(sum(float(line.rsplit(" ", 1)[1]) for line in lines if wanted.match(line)))

    def raise_if_ended(self):
        if self.process.poll() is None:
            return
        with open(self.log, "rb") as log:
            log.seek(self.log_start)
            lines = log.read().decode(errors="replace").splitlines()
        told = [line for line in lines if line.startswith("mynumber-standalone: ")]
        raise Failure(told[-1].removeprefix("mynumber-standalone: ") if told else
                      f"the cluster ended by itself (exit code {self.process.returncode}): {self.log} tells more.")

    def serve(self, stop):
        while not stop.asked.wait(0.5):
            self.raise_if_ended()
        say("\nStopping: what was accepted is finished first.")

    def client_environment(self):
        return {**os.environ, "MYNUMBER_SERVER": self.listen, "MYNUMBER_CLERK": CLERK}


# ---- What is shown


def register_sample(cluster):
    """Registers the sample, shows it, and gives the opaque name of one resident of EXAMPLE_MUNICIPALITY."""
    events_before = cluster.metric("mynumber_events_total")
    with tempfile.TemporaryDirectory(prefix="mynumber-run-") as folder:
        results = pathlib.Path(folder, "results.jsonl")
        exit_code = subprocess.run(
            [CLIENT_FOLDER / "mynumberctl", "resident", "register", "--file", SAMPLE, "--results", results,
             "--show-rows", str(ROWS_SHOWN)], env=cluster.client_environment(), stdin=subprocess.DEVNULL).returncode
        rows = [json.loads(line) for line in results.read_text().splitlines()] if results.exists() else []
    registered = [row for row in rows if "name" in row]
    if exit_code != 0 or not registered:
        raise Failure("the sample could not be registered, see above.")
    new = cluster.metric("mynumber_events_total") - events_before
    before = len(registered) - new
    with open(SAMPLE, encoding="utf-8", newline="") as sample:
        municipality_of = {row["request_id"]: row["municipality_code"] for row in csv.DictReader(sample)}
    if new == 0:
        say(f"All {before} were registered by an earlier run already: nobody was registered twice.")
    elif before == 0:
        municipalities = len(set(municipality_of.values()))
        say(f"Each of them, in {municipalities} municipalities, got an Individual Number of their own.")
    else:
        say(f"{new} of them are new; {before} were registered by an earlier run and not a second time.")
    return next(row["name"] for row in registered if municipality_of[row["request_id"]] == EXAMPLE_MUNICIPALITY)


def say_what_is_next(cluster, resident):
    say(f"""
Try next, in another terminal (each line can be copied):

  export PATH="{CLIENT_FOLDER}:$PATH"
  export MYNUMBER_SERVER={cluster.listen} MYNUMBER_CLERK="$(id -un)"
  export MYNUMBER_AUTHORITY=municipality/{EXAMPLE_MUNICIPALITY}

  # One of the residents; all of a town; one more, whom you are asked for.
  mynumberctl resident show {resident}
  mynumberctl resident list --municipality {EXAMPLE_MUNICIPALITY}
  mynumberctl resident register

  # A look at a number needs a purpose of the Number Act, and is recorded.
  mynumberctl number disclose {resident} \\
    --purpose tax --reference CASE-1 --show-number
  mynumberctl disclosures {resident}

  # Is everything that is shown what the log says? The log itself, sealed.
  mynumberctl verify
  mynumberctl log export | head -n 1

More to try: docs/howto/. Every test: tests/run.
Metrics: http://{cluster.admin}/metrics

It serves until Ctrl-C.""")


if __name__ == "__main__":
    sys.exit(main())
