"""A file of residents, the clients that send it, and every answer that they got."""

import datetime
import json
import pathlib
import subprocess
import sys
import time
import zoneinfo

import binaries

GENERATOR = binaries.ROOT / "deploy" / "sample" / "generate.py"
# Of 20 rows two move, one is corrected, and one moves, is corrected and moves again (changes.h).
CHANGES_PER_ROW = 6 / 20
CLIENTS_SECONDS_MAX = 3600
# Exit codes of both clients.
DONE, REFUSED, UNAVAILABLE, UNKNOWN = 0, 1, 3, 4


def tokyo_today():
    return datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).date().isoformat()


class GrowingLines:
    """Counts the lines of a file that somebody is writing."""

    def __init__(self, path):
        self.path, self.count, self._at = path, 0, 0

    def update(self):
        if self.path.exists():
            with open(self.path, "rb") as file:
                file.seek(self._at)
                while piece := file.read(1 << 20):
                    self.count += piece.count(b"\n")
                    self._at += len(piece)
        return self.count


class Load:
    """What one file of residents asks for; sent any number of times, in whole or until something breaks."""

    def __init__(self, folder, rows, seed, replace_one_in=0):
        self.folder, self.rows, self.seed = pathlib.Path(folder), rows, seed
        self.replace_one_in = replace_one_in
        self.file = self.folder / f"residents-{rows}-{seed}.csv"
        self.move_date = tokyo_today()
        self.answer_files, self.registration_files = [], []
        if not self.file.exists():
            making = self.file.with_suffix(".partial")
            subprocess.run([sys.executable, GENERATOR, "--count", str(rows), "--seed", str(seed), "--municipalities",
                            "131016", "--today", self.move_date, "--format", "csv", "--output", making], check=True)
            making.rename(self.file)

    def client(self, words, **options):
        with open(self.folder / "clients.err", "ab") as errors:
            return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, encoding="utf-8", **options)

    def send(self, server, reconnect=False):
        """Starts both clients on the whole file."""
        number = len(self.registration_files) + 1
        registered, changed = self.folder / f"registered-{number}.jsonl", self.folder / f"changed-{number}.jsonl"
        self.registration_files.append(registered)
        self.answer_files += [registered, changed]
        again = ["--reconnect"] if reconnect else []
        register = self.client(
            [binaries.path("mynumberctl"), "--server", server.address, "--clerk", "soak", "--show-number", "--output",
             "json", "resident", "register", "--file", self.file, "--results", registered, *again])
        change = self.client(
            [binaries.path("change_residents"), "--server", server.address, "--registered", registered,
             "--answers", changed, "--seed", str(self.seed), "--move_date", self.move_date,
             "--replace_one_in", str(self.replace_one_in), *again], stdin=subprocess.PIPE)
        return Sending(self, register, change, registered, changed)

    def expected_answers(self):
        """About how many answers a whole sending brings."""
        return int(self.rows * (1 + CHANGES_PER_ROW))

    def registrations_that_differ(self):
        """(rows that were answered at all, rows that were answered in different words)."""
        first, differ = {}, set()
        for path in self.registration_files:
            with open(path, "rb") as lines:
                for line in lines:
                    row = line[:line.index(b",")]
                    if b'"name":' in line and line.endswith(b"\n") and first.setdefault(row, line) != line:
                        differ.add(row)
        return len(first), len(differ)


class Sending:
    """Both clients at work."""

    def __init__(self, load, register, change, registered, changed):
        self.load, self.register, self.change = load, register, change
        self._registered, self._changed = GrowingLines(registered), GrowingLines(changed)
        self.begin = time.monotonic()
        self.registered_seconds = None

    def answered(self):
        """Lines in both files of answers."""
        return self._registered.update() + self._changed.update()

    def await_answers(self, count, or_when=lambda: False):
        """Waits until so many answers have come, the clients have ended, or it is so."""
        while self.answered() < count and not self.has_ended() and not or_when():
            time.sleep(0.01)

    def has_ended(self):
        """Tells the second client when the first one has ended, too."""
        if self.register.poll() is None:
            return False
        if not self.change.stdin.closed:
            self.registered_seconds = time.monotonic() - self.begin
            self.change.stdin.close()
        return self.change.poll() is not None

    def wait(self, meanwhile=lambda: None):
        """Ended(...) of both clients."""
        until = time.monotonic() + CLIENTS_SECONDS_MAX
        while not self.has_ended():
            meanwhile()
            if time.monotonic() > until:
                self.end()
                raise AssertionError(f"the clients did not end within {CLIENTS_SECONDS_MAX} s")
            time.sleep(0.02)
        seconds = time.monotonic() - self.begin
        return Ended(self.register.returncode, summary(self.register), self.change.returncode, summary(self.change),
                     self.registered_seconds, seconds)

    def end(self):
        for client in (self.register, self.change):
            if client.poll() is None:
                client.kill()
                client.wait()


def summary(client):
    """The JSON object that a client prints at its end; empty if it could not."""
    text = client.stdout.read()
    client.stdout.close()
    return json.loads(text.splitlines()[-1]) if text.strip() else {}


class Ended:
    """What became of one sending."""

    def __init__(self, register_code, registered, change_code, changed, registered_seconds, seconds):
        self.codes = (register_code, change_code)
        self.registered, self.changed = registered, changed
        self.registered_seconds, self.seconds = registered_seconds, seconds

    def __str__(self):
        return f"exit codes {self.codes}; registration: {self.registered}; changes: {self.changed}"
