"""The real server process on a data folder: started, asked how it is, killed."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import binaries
import sizes

sys.path.insert(0, str(binaries.ROOT / "tests"))
import unlimited_policy  # noqa: E402
from running_kafka import Brokers, options_on, sample as make_sample  # noqa: E402, F401  (in the folder above)

# Generous: on a busy machine everything takes longer, and nothing here is judged by the clock.
START_SECONDS_MAX = 600
STOP_SECONDS_MAX = 120


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def make_server(test, folder):
    """On as many brokers as sizes.py says; all of it ends with the test class."""
    brokers = test.enterClassContext(Brokers(sizes.BROKERS)) if sizes.BROKERS else None
    server = Server(folder, brokers=brokers)
    test.addClassCleanup(server.end)
    return server


class Server:
    """One data folder and its process, over several starts on the same ports: number issuance alone, with notices, or
    with everything."""

    def __init__(self, folder, environment=None, brokers=None, serves_notices=False, serves_cards=False):
        self.brokers, self.serves_notices, self.serves_cards = brokers, serves_notices, serves_cards
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self.keyring = self.data / "keyring"
        self.port, self.admin_port = free_port(), free_port()
        self.environment = {**os.environ, **(environment or {})}
        self.working_folder = None  # if not the caller's
        self.process = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def command(self, *options):
        return [binaries.path("mynumber-standalone"), "--data", self.data, "--listen", self.address,
                "--admin", f"127.0.0.1:{self.admin_port}", "--policy", unlimited_policy.write(self.folder),
                *self.log_options(), *options]

    def log_options(self):
        less = [] if self.serves_cards else ["--cards=false"] if self.serves_notices else ["--notices=false"]
        return [*less, *(options_on(self.brokers) if self.brokers else [])]

    def start(self, *options):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(*options), stdout=log, stderr=log, env=self.environment,
                                            cwd=self.working_folder)
        return self

    def start_and_serve(self, *options):
        """Seconds from the start until every partition serves."""
        begin = time.monotonic()
        self.start(*options)
        self.await_serving()
        return time.monotonic() - begin

    def refused_start(self, *options):
        """(exit code, what it said) of a start that must not succeed."""
        ended = subprocess.run(self.command(*options), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               timeout=START_SECONDS_MAX, check=False, encoding="utf-8", env=self.environment)
        return ended.returncode, ended.stderr

    def await_serving(self):
        self.await_that(lambda: self.readiness()[0] == 200, "serves")

    def await_that(self, is_so, what, seconds_max=START_SECONDS_MAX):
        until = time.monotonic() + seconds_max
        while not is_so():
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode} before it {what}: "
                                     f"{self.last_words()}")
            if time.monotonic() > until:
                raise AssertionError(f"{seconds_max} s have passed before the server {what}: {self.last_words()}")
            time.sleep(0.01)

    def last_words(self):
        return "".join(self.log.read_text(encoding="utf-8").splitlines(keepends=True)[-20:])

    def admin(self, path):
        """(HTTP code, text); code 0 while nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}", timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def readiness(self):
        return self.admin("/readyz")

    def metric(self, name):
        """The sum over all its labels; 0 while nothing listens."""
        lines = (line.split() for line in self.admin("/metrics")[1].splitlines() if line.startswith(name))
        return sum(float(words[-1]) for words in lines if words[0].partition("{")[0] == name)

    def is_alive(self):
        return self.process.poll() is None

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """SIGTERM; its exit code, and the seconds that it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX), time.monotonic() - begin

    def end(self):
        """For a test's end, however it went."""
        if self.process is not None and self.is_alive():
            self.kill()

    def resident_mebibytes(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            kibibytes = next(line.split()[1] for line in status if line.startswith("VmRSS:"))
        return int(kibibytes) / 1024

    def control(self, *words, **options):
        """Runs mynumberctl against this server and returns the ended process."""
        return subprocess.run([binaries.path("mynumberctl"), "--server", self.address, *words], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options)
