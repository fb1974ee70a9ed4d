"""Residents who cannot be taken for anybody go through every call of all services, with refusals and two crashes; then
all that was left behind is searched for them: none of it is anywhere in plain text (P7). The same search finds them
where nothing is sealed."""

import collections
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import binaries
import canary_left
import sizes
from canary_asker import Asker, every_method
from canary_people import Person
from canary_search import Search, writings
from canary_way import CITY, Clock, Way
from server import Brokers, Server
from sizes import note

PEOPLE = sizes.CANARIES
# What an applicant is sent: nobody else has read it, and it is nowhere else.
IN_MAILS = {"email", "token"}
# A suspension is lifted at the office, a log is brought into an empty cluster, a card is renewed after nine years, and
# used on after a move to another municipality, which nobody here makes in time.
ALWAYS_REFUSED = {("hotline", "LiftSuspension"), ("operations", "ImportLog"), ("card", "Renew"),
                  ("card", "ContinueUse")}
NOBODY = 65534


class Run:
    """One cluster, and what it left. `found` is what the search found."""

    def __init__(self, test, people, brokers=None, environment=None):
        folder = tempfile.TemporaryDirectory(prefix="mynumber-canary-")
        test.addCleanup(folder.cleanup)
        self.test, self.root = test, pathlib.Path(folder.name)
        self.seen, self.left = self.root / "seen", self.root / "server"
        for each in (self.seen, self.left, self.left / "tmp", self.left / "snapshots"):
            each.mkdir()
        self.brokers, self.people = brokers, people
        self.server = Server(self.left, {"TMPDIR": str(self.left / "tmp"), **(environment or {})}, brokers,
                             serves_notices=True, serves_cards=True)
        self.server.working_folder = self.left
        test.addCleanup(self.server.end)
        self.clock = Clock(None if brokers else self.left / "clock")
        self.searched = [self.left, *([brokers.data] if brokers else [])]

    def start(self):
        options = [] if self.brokers else [f"--manual_clock={self.clock.file}"]
        self.server.start_and_serve(*options, f"--snapshots={self.left / 'snapshots'}", "--snapshot_seconds=2")

    def crash(self):
        """By itself, as far as the kernel knows: which would leave a core if it were let."""
        time.sleep(0.3)
        self.server.process.send_signal(signal.SIGABRT)
        ended = os.waitid(os.P_PID, self.server.process.pid, os.WEXITED | os.WNOWAIT)
        self.test.assertEqual((ended.si_code, ended.si_status), (os.CLD_KILLED, signal.SIGABRT), "a core was written")
        self.server.process.wait()
        self.start()

    def go(self):
        folders = [self.root, binaries.folder().name, *([self.brokers.data] if self.brokers else [])]
        with canary_left.Watch(self.server, self.seen, folders) as self.watch:
            self.start()
            self.asker = Asker(self.server.address)
            self.way = Way(self.asker, self.people, self.clock, self.server.data / "mail", self.crash)
            self.way.go()
            self.run_client()
            time.sleep(3 if self.brokers else 0)  # a snapshot of all
            self.watch.look_at_pages()
            code, _ = self.server.stop()
            self.test.assertEqual(code, 0, self.server.last_words())
        self.asker.channel.close()
        self.gather()
        kinds = collections.Counter(self.asker.heard.values())
        search = Search(self.asker.heard)
        found = search.find(self.seen, *self.searched)
        note(f"  {len(search.meanings):,} writings of {len(self.asker.heard):,} texts of {len(kinds)} kinds sought in "
             f"{self.files:,} files of {self.bytes / 1e6:,.0f} MB")
        self.found = {each for each in found if not (self.is_mail(each.path) and each.kind in IN_MAILS)
                      and not self.is_chance(each)}

    def run_client(self):
        """The client, too: what it says of wrong input, and what it keeps for itself."""
        environment = {**os.environ, "XDG_STATE_HOME": str(self.left / "state"), "MYNUMBER_AUTHORITY": CITY,
                       "MYNUMBER_CLERK": "canary-clerk"}
        person = Person(self.people + 1)
        for wrong in ("{", '{"full_name": "%s"}' % person.full_name, '{"%s": 1}' % person.full_name):
            done = self.server.control("--output", "json", "resident", "register", input=wrong, env=environment)
            self.test.assertNotEqual(done.returncode, 0)
            self.asker.refusals.append(done.stderr.encode())

    def gather(self):
        (self.seen / "refusals").write_bytes(b"\n".join(self.asker.refusals))
        self.tables = canary_left.dump_tables(self.left, self.seen)
        self.databases = canary_left.dump_databases(self.server.data, self.seen)
        self.mails = canary_left.write_mails(self.server.data / "mail", self.seen)
        if self.brokers:
            self.topics = canary_left.dump_topics(self.brokers.addresses, self.seen)
        canary_left.write_names(self.searched, self.seen)
        whole = [path for folder in (self.seen, *self.searched) for path in folder.rglob("*") if path.is_file()]
        self.files, self.bytes = len(whole), sum(path.stat().st_size for path in whole)

    def is_mail(self, path):
        return path.parent == self.server.data / "mail" or path == self.seen / "mail-texts"

    def is_chance(self, each):
        """Eleven digits in a row are somewhere in so many: what these tables say is printed in hexadecimal, and would
        be found as that."""
        is_printed = each.path.parent == self.seen and each.path.name.startswith(("ldb-", "sst_dump-"))
        return is_printed and each.encoding == "utf-8" and str(each.text).isdigit()

    def places(self, places):
        """kind -> texts that were found in files of these places."""
        found = collections.defaultdict(set)
        for each in self.found:
            if any(place in str(each.path) for place in places):
                found[each.kind].add(each.text)
        return found


@unittest.skipIf(sizes.FAST, "slow")
class CanaryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        # A process that did not forbid it would leave a core from now on.
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    def assert_nothing_found(self, run):
        told = sorted(f"{each.kind} in {each.encoding}: {each.path}" for each in run.found)
        self.assertEqual(told[:20], [], f"{len(told)} in all")

    def assert_searched(self, run):
        """Nothing was found, and it was looked for where it would be."""
        self.assertGreater(len(run.asker.heard), 20 * run.people)
        self.assertGreater(len(run.asker.refusals), 300)
        self.assertGreater(run.tables, 10)
        self.assertGreaterEqual(run.databases, 16, "rows of four services in four partitions")
        self.assertGreaterEqual(run.mails, run.people // 4)
        self.assertGreater(run.watch.count, 2)
        self.assertIn("mynumber_events_total", (run.seen / "pages").read_text())
        for folder in ("card/photos", "hotline/spool", "mail"):
            self.assertTrue((run.server.data / folder).is_dir(), folder)
        read_only = ("/usr/", "/etc/", str(binaries.ROOT))
        self.assertEqual([path for path in run.watch.other_files if not path.startswith(read_only)], [],
                         "files were open that were not searched")
        self.assertEqual([str(path) for path in run.left.rglob("core*")], [])

    def assert_every_call(self, run):
        asked, answered = set(run.asker.asked), set(run.asker.answered)
        self.assertEqual(every_method() - asked - {("operations", "ImportLog")}, set(), "never asked")
        refused = every_method() - answered
        note(f"  {len(answered)} kinds of calls answered, {sum(run.asker.answered.values()):,} calls; "
             f"{len(run.asker.refusals):,} refusals; only refused: {sorted(name for _, name in refused)}")
        return refused

    def test_1_the_search_finds_what_is_planted_in_every_writing(self):
        person = Person(7)
        texts = {person.full_name: "full_name", person.address: "address", "123456789012": "individual_number",
                 person.code: "resident_record_code"}
        search = Search(texts)
        with tempfile.TemporaryDirectory(prefix="mynumber-canary-") as folder:
            for number, written in enumerate(search.meanings):
                pathlib.Path(folder, f"file-{number}").write_bytes(os.urandom(5000) + written + os.urandom(300))
            found = search.find(folder)
        self.assertEqual(len({each.path for each in found}), len(search.meanings))
        self.assertEqual({each.encoding for each in found} - {"json", "octal"},
                         {name for name, _ in writings("123456789012")} - {f"base64url-{n}" for n in range(3)}
                         | {each.encoding for each in found if each.encoding.startswith("base64url")})

    def test_2_nothing_is_left_on_the_embedded_log(self):
        note(f"canary: {PEOPLE:,} residents, embedded log")
        run = Run(self, PEOPLE)
        run.go()
        self.assert_nothing_found(run)
        self.assert_searched(run)
        self.assertEqual(self.assert_every_call(run) - ALWAYS_REFUSED, set())

    def test_3_the_same_search_finds_all_where_nothing_is_sealed(self):
        people = min(PEOPLE, 30)
        note(f"canary: {people} residents, the cipher preloaded away")
        run = Run(self, people, environment={"LD_PRELOAD": str(binaries.path("plain_sealing_shim.so"))})
        run.go()
        log, rows = ["/data/log/", "/seen/ldb-log"], ["/data/issuance/", "/seen/ldb-issuance"]
        for places in (log, rows):
            found = run.places(places)
            note(f"  in {places[0]}: " + ", ".join(f"{len(texts)} {kind}" for kind, texts in sorted(found.items())))
            texts = set().union(*found.values())
            for person in run.way.people:
                if places is rows and person in run.way.erased():
                    continue
                for said in (person.full_name, person.name_kana, person.address, person.code):
                    self.assertIn(said, texts, f"not in {places}")
                if places is log or person not in run.way.replaced():
                    self.assertIn(person.individual_number, texts, f"not in {places}")

    def test_4_nothing_is_left_on_a_real_broker(self):
        note(f"canary: {PEOPLE:,} residents, one broker")
        with Brokers(1) as brokers:
            run = Run(self, PEOPLE, brokers)
            run.go()
            self.assertGreaterEqual(run.topics, 8)
            self.assertTrue(any((run.left / "snapshots").rglob("*.sst")), "no snapshot was made")
            self.assertTrue(any(brokers.data.rglob("*.log")), "no segment of a topic was searched")
            self.assert_nothing_found(run)
            self.assert_searched(run)
            self.assert_every_call(run)

    @unittest.skipUnless(shutil.which("gcore"), "gdb is not installed")
    def test_5_nobody_but_root_can_make_a_core(self):
        """A debugger of the same user gets none of the server, and does get one of another process."""
        with tempfile.TemporaryDirectory(prefix="mynumber-canary-") as folder:
            other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
            os.chmod(folder, 0o777)
            server = Server(folder, serves_notices=False)
            program = pathlib.Path(folder, "mynumber-standalone")
            program.write_bytes(binaries.path("mynumber-standalone").read_bytes())
            program.chmod(0o755)
            server.process = subprocess.Popen([program, *server.command()[1:]], cwd=folder, stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL, **other)
            self.addCleanup(server.end)
            server.await_that(lambda: server.readiness()[0] == 200, "serves")
            with subprocess.Popen(["sleep", "600"], cwd="/", **other) as sleeper:
                try:
                    self.assertTrue(self.core_of(sleeper.pid, folder, other), "gcore makes no core of anything here")
                finally:
                    sleeper.kill()
            self.assertFalse(self.core_of(server.process.pid, folder, other), "gcore made a core")
            server.process.send_signal(signal.SIGABRT)
            server.process.wait()
            self.assertEqual([path.name for path in pathlib.Path(folder).rglob("core*")], [])

    def core_of(self, process, folder, other):
        """Whether gcore makes one; it is removed again."""
        done = subprocess.run(["gcore", "-o", f"{folder}/gcore", str(process)], cwd=folder, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=120, check=False, encoding="utf-8", **other)
        cores = list(pathlib.Path(folder).glob("gcore*"))
        for core in cores:
            core.unlink()
        self.assertEqual(done.returncode == 0, bool(cores), done.stdout)
        return bool(cores)


if __name__ == "__main__":
    unittest.main()
