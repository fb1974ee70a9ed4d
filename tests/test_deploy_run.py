"""deploy/run, as somebody meets it who has never seen this project."""

import contextlib
import csv
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unicodedata
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS_MAX = 900  # a first build takes its time
COMMAND = [ROOT / "deploy" / "run", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--data"]


def display_width(text):
    return sum(0 if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me", "Cf") else
               2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def processes_below(pid):
    """pid -> command line of every process that descends from `pid`."""
    parents, lines = {}, {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            lines[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    below = {pid}
    for _ in parents:
        more = {child for child, parent in parents.items() if parent in below} - below
        if not more:
            break
        below |= more
    return {child: lines.get(child, "") for child in below}


class Watch:
    """Everything that stood on a command line below `pid` while it ran."""

    def __init__(self, pid):
        self.seen = set()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(pid,))
        self.thread.start()

    def run(self, pid):
        while not self.ended.wait(0.01):
            self.seen |= set(processes_below(pid).values())

    def end(self):
        self.ended.set()
        self.thread.join()
        return self.seen


class DeployRunTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = pathlib.Path(folder.name, "data")

    def run_once(self):
        process = subprocess.Popen([*COMMAND, self.data, "--once"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        watch = Watch(process.pid)
        try:
            out, err = process.communicate(timeout=SECONDS_MAX)
        finally:
            seen = watch.end()
        self.assertEqual(process.returncode, 0, out + err)
        self.assert_nothing_personal(seen)
        self.assertNotRegex(out + err, r"\b\d{12}\b", "a whole Individual Number is shown")
        return out

    def assert_nothing_personal(self, command_lines):
        self.assertTrue(any("mynumber-standalone" in line for line in command_lines), "the watch saw nothing")
        with open(ROOT / "deploy" / "sample" / "residents.csv", encoding="utf-8", newline="") as sample:
            for row in csv.DictReader(sample):
                for column in ("resident_record_code", "full_name", "address"):
                    for line in command_lines:
                        self.assertNotIn(row[column], line)

    def assert_card_way(self, told):
        """Applied for, handed over, lost on a Saturday night, and what a terminal sees from then on."""
        way = told.partition("The card's way")[2]
        self.assertEqual(re.findall(r"To a terminal: (\w+), the card (may|cannot) be used", way),
                         [("IN_USE", "may"), ("SUSPENDED", "cannot"), ("SUSPENDED", "cannot"), ("IN_USE", "may")])
        self.assertIn("23:40, a Saturday: the card is lost. 0120-95-0178 takes suspensions", way)
        self.assertIn("カードと電子証明書は一時停止されました。", way)

    @contextlib.contextmanager
    def serving(self):
        """deploy/run, once it has said that it serves, and what it said."""
        with subprocess.Popen([*COMMAND, self.data], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            killer = threading.Timer(SECONDS_MAX, process.kill)
            killer.start()
            said = []
            try:
                for line in process.stdout:
                    said.append(line)
                    if line.startswith("It serves until Ctrl-C"):
                        break
                self.assertTrue(said and said[-1].startswith("It serves"), "".join(said))
                yield process, "".join(said)
            finally:
                killer.cancel()
                process.terminate()
                process.wait(60)

    def end_by(self, number):
        with self.serving() as (process, _):
            children = set(processes_below(process.pid)) - {process.pid}
            process.send_signal(number)
            rest = process.stdout.read()
            self.assertEqual(process.wait(60), 0, rest)
            self.assertIn("Stopping: what was accepted is finished first.", rest)
            self.assertIn("Stopped.", rest)
            self.assertTrue(children)
            for child in children:
                self.assertFalse(pathlib.Path("/proc", str(child)).exists(), "a process was left behind")

    def test_once_registers_everybody_and_a_second_time_nobody(self):
        first = self.run_once()
        self.assertIn("\n200 residents are registered, 0 rows were refused", first)
        self.assertIn("\nEach of them, in 12 municipalities, got an Individual Number of their own.", first)
        self.assertRegex(first, r"It is delivered\.\n +郵便局によると、配達済みです。")
        self.assertEqual((self.data / "notice.pdf").read_bytes()[:5], b"%PDF-")
        self.assert_card_way(first)
        self.assertEqual((self.data / "notice.pdf").stat().st_mode & 0o777, 0o600)
        rows = self.check_table(first)
        second = self.run_once()
        self.assertEqual(self.check_table(second), rows)
        self.assertIn("\nAll 200 were registered by an earlier run already: nobody was registered twice.", second)
        report = self.verify()
        self.assertEqual((report["residents"], report["numbers"], report["clean"]), ("200", "200", True))

    def check_table(self, said):
        """The rows; the columns stand under their titles, however wide the characters."""
        lines = said.splitlines()
        header = next(line for line in lines if line.startswith("NUMBER"))
        rows = lines[lines.index(header) + 1:lines.index("and 180 more")]
        self.assertEqual(len(rows), 20)
        for row in rows:
            cells = re.fullmatch(r"(\*{8}\d{4}  )(\d{4}-\d\d-\d\d  )(\d{6} \S+ +)(\S.*)", row)
            self.assertTrue(cells, row)
            self.assertEqual(len(cells[1]), header.index("BORN"))
            self.assertEqual(len(cells[1] + cells[2]), header.index("MUNICIPALITY"))
            self.assertEqual(display_width(cells[1] + cells[2] + cells[3]), header.index("NAME"), row)
        self.assertRegex(said, r"\*{8}\d{4}  1968-09-11  271004 大阪府大阪市 +例示 𩸽\n")
        return rows

    def verify(self):
        with self.serving() as (_, said):
            server = re.search(r"serves on (\S+);", said)[1]
            client = ROOT / "bazel-bin" / "services" / "mynumberctl" / "mynumberctl"
            return json.loads(subprocess.run([client, "verify", "--output", "json", "--server", server], check=True,
                                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)

    def test_what_it_says_to_try_next_works(self):
        with self.serving() as (_, said):
            commands = re.search(r"\n  export PATH=.*?\n\n(?=More to try)", said, re.DOTALL)[0]
            somebody = {"resident_record_code": "98765432101", "full_name": "試験 一号", "birth_date": "1999-12-31",
                        "address": "架空町9番地", "postal_code": "1000001", "municipality_code": "131016"}
            done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], input=json.dumps(somebody), text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout)
            for expected in ("試験 一号", "designation", "tax", "CASE-1", "201 residents, 201 distinct numbers", "Clean:",
                             '"kind":"partition_opened"'):
                self.assertIn(expected, done.stdout)

    def test_ctrl_c_ends_it_in_order(self):
        self.end_by(signal.SIGINT)

    def test_a_supervisor_s_sigterm_ends_it_in_order(self):
        self.end_by(signal.SIGTERM)

    def test_killed_it_leaves_no_process_behind(self):
        with self.serving() as (process, _):
            children = set(processes_below(process.pid)) - {process.pid}
            process.kill()
            process.wait(60)
            deadline = time.monotonic() + 60
            while any(pathlib.Path("/proc", str(child)).exists() for child in children):
                self.assertLess(time.monotonic(), deadline, "a process was left behind")
                time.sleep(0.05)

    def test_a_port_that_is_taken_is_told_before_anything_else(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            done = subprocess.run([*COMMAND, self.data, "--listen", address],
                                  stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE,
                                  text=True,
                                  timeout=SECONDS_MAX)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, rf"^deploy/run: {address} cannot be had \(Address already in use\): .*--listen")
        self.assertFalse(self.data.exists())

    def test_a_data_folder_in_use_is_told_plainly(self):
        with self.serving():
            done = subprocess.run([*COMMAND, self.data, "--once"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^deploy/run: .*another process")

    def test_a_lost_keyring_is_told_plainly(self):
        self.run_once()
        os.remove(self.data / "keyring")
        done = subprocess.run([*COMMAND, self.data, "--once"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "^deploy/run: what is in .* was written with a keyring that is not at")


if __name__ == "__main__":
    unittest.main()
