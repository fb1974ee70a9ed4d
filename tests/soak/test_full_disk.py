"""A disk fills up while residents are registered: a clear "not now", nothing lost, and it goes on once there is room."""

import json
import re
import tempfile
import time
import unittest

import binaries
import checks
import sizes
import small_disk
from load import DONE, UNAVAILABLE, Load
from server import Server
from sizes import note

if not sizes.FAST:
    small_disk.enter_own_mounts()

# A fifth of the other tests', since each of them loads anew.
ROWS = sizes.ROWS // 5
# Log and rows of a resident, several times over.
DISK_MEBIBYTES = 256 + ROWS * 20 // 1024
# Less than RocksDB would like to set aside for a write-ahead log, so that nothing is left to write to once it is gone.
FREE_BYTES = 60 << 20
# So much of the load is answered when somebody else takes the rest of the disk.
FULL_AFTER = 0.3
# Little memory for rows, so that they soon go to the disk.
SMALL_BUFFERS = ("--write_buffer_mib", "8")
PROBE_SECONDS_MAX = 300
PROBE_REQUEST_ID = "5f0c1e9a-7f3d-4b52-9a58-2d7f4c1b8e60"
PROBE = {"resident_record_code": "99999999990", "full_name": "見本 満杯", "name_kana": "ミホン マンパイ",
         "birth_date": "1990-01-01", "address": "架空町1丁目", "postal_code": "1009901", "municipality_code": "131016"}


@unittest.skipIf(sizes.FAST, "slow")
class FullDiskTest(unittest.TestCase):
    def setUp(self):
        binaries.folder()
        folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-disk-")
        self.addCleanup(folder.cleanup)
        self.server = Server(folder.name)
        self.load = Load(folder.name, ROWS, sizes.SEED)

    def make_disk(self, folder, mebibytes=DISK_MEBIBYTES):
        disk = small_disk.make(self.server, folder, mebibytes)
        self.addCleanup(disk.remove)
        # Before its disk goes.
        self.addCleanup(self.server.end)
        return disk

    def start_with_little_room(self, disk, *options):
        """A cluster that has been there for a while, and whose disk somebody else has nearly filled."""
        self.server.start_and_serve(*options)
        self.server.stop()
        disk.fill_up_to(FREE_BYTES)
        self.server.start_and_serve(*options)

    def load_until_full(self, disk):
        """A load in the middle of which the disk is full, as the clients are told."""
        sending = self.load.send(self.server, reconnect=True)
        self.addCleanup(sending.end)
        # The little room that there was may have been too little for so many.
        sending.await_answers(int(self.load.expected_answers() * FULL_AFTER), or_when=self.says_full)
        disk.fill_up_to(0)
        self.assert_says_full(self.await_probe(UNAVAILABLE))
        return sending

    def probe(self):
        """(exit code, answer or error) of one registration that is asked again and again under one request id."""
        ended = self.server.control("--output", "json", "--show-number", "--clerk", "soak", "--request-id",
                                    PROBE_REQUEST_ID, "resident", "register", input=json.dumps(PROBE))
        return ended.returncode, json.loads(ended.stdout or ended.stderr)

    def await_probe(self, code):
        """The probe's answer once it ends with that exit code."""
        until = time.monotonic() + PROBE_SECONDS_MAX
        while True:
            got, answer = self.probe()
            if got == code:
                return answer
            self.assertTrue(self.server.is_alive(), self.server.last_words())
            self.assertLess(time.monotonic(), until, f"still {got}: {answer}")
            time.sleep(0.1)

    def says_full(self):
        return "disk is full" in self.server.readiness()[1]

    def assert_says_full(self, error):
        self.assertEqual(error["error"].get("reason"), "STORAGE_FULL", error)
        self.assertRegex(error["error"]["message"], r"disk is full.* in \d+ s ")

    def go_through_a_full_disk(self, disk, *options):
        """The disk of a running cluster is full in the middle of a load; once there is room, all is answered."""
        self.start_with_little_room(disk, *options)
        sending = self.load_until_full(disk)
        answered = sending.answered()
        self.assertLess(answered, self.load.expected_answers())
        # While it lasts, the process lives, and says what it cannot do.
        time.sleep(2)
        self.assert_says_full(self.await_probe(UNAVAILABLE))
        self.assertEqual(self.server.admin("/healthz")[0], 200)
        self.assertEqual(self.server.readiness()[0], 503)
        self.assertTrue(self.says_full())
        disk.make_room()
        begin = time.monotonic()
        first = self.await_probe(DONE)
        seconds = time.monotonic() - begin
        ended = sending.wait()
        note(f"  full after {answered:,} of {self.load.expected_answers():,} answers; {seconds:.1f} s after there was "
             f"room it serves, after {time.monotonic() - begin:.1f} s all is answered")
        self.assert_complete(ended, first)
        self.assertIn("STORAGE_FULL", ended.changed["not_now"])
        self.assertEqual(ended.changed["without_retry_time"], 0, ended)

    def assert_complete(self, ended, probe):
        self.assertEqual(ended.codes, (DONE, DONE), ended)
        self.assertEqual((ended.registered["registered"], ended.registered["refused"]), (ROWS, 0))
        self.assertEqual(ended.changed["refused"], {})
        self.assertEqual(self.probe(), (DONE, probe))
        self.assertTrue(re.fullmatch(r"\d{12}", probe["individual_number"]))
        inside, outside = checks.assert_clean(self, self.server, self.load)
        self.assertEqual((inside["residents"], inside["numbers"]), (ROWS + 1, ROWS + 1))
        self.assertEqual(outside["answers"], ROWS + ended.changed["acknowledged"])

    def test_the_disk_of_the_log_is_full(self):
        note(f"full disk: of the log, {ROWS:,} residents, seed {sizes.SEED}")
        self.go_through_a_full_disk(self.make_disk(self.server.data / "log"))

    def test_the_disk_of_the_log_is_full_where_nobody_may_mount_one(self):
        note(f"full disk: of the log, by a preloaded library, {ROWS:,} residents, seed {sizes.SEED}")
        self.addCleanup(self.server.end)
        self.go_through_a_full_disk(small_disk.PretendedDisk(self.server, self.server.data / "log"))

    def test_the_disk_of_the_rows_is_full(self):
        note(f"full disk: of the rows, {ROWS:,} residents, seed {sizes.SEED}")
        self.go_through_a_full_disk(self.make_disk(self.server.data / "issuance"), *SMALL_BUFFERS)

    def test_killed_and_started_again_while_the_one_disk_of_all_is_full(self):
        note(f"full disk: of everything, with a kill, {ROWS:,} residents, seed {sizes.SEED}")
        disk = self.make_disk(self.server.data)
        self.start_with_little_room(disk, *SMALL_BUFFERS)
        sending = self.load_until_full(disk)
        self.server.kill()
        disk.fill_up_to(0)
        self.server.start()
        time.sleep(2)
        if self.server.is_alive():
            self.assertEqual(self.server.readiness()[0], 503)
            note(f"  on a full disk: {self.server.readiness()[1].strip()}")
            self.server.kill()
        else:
            self.assertEqual(self.server.process.returncode, 1)
            words = self.server.last_words().splitlines()[-1]
            self.assertRegex(words, "^mynumber-standalone: .* is full: make room there, then start again$")
            note(f"  on a full disk: {words}")
        disk.make_room()
        self.server.start_and_serve()
        # The clients have been trying all the while.
        self.assert_complete(sending.wait(), self.await_probe(DONE))

    def test_no_room_for_the_keyring_of_a_new_cluster(self):
        disk = self.make_disk(self.server.data, 64)
        disk.fill_up_to(0)
        code, words = self.server.refused_start()
        self.assertEqual(code, 1)
        self.assertRegex(words, "^mynumber-standalone: The keyring .* could not be .*space on the disk, then try again")
        self.assertFalse(self.server.keyring.exists())
        disk.make_room()
        self.server.start_and_serve()
        self.assertEqual(self.probe()[0], DONE)


if __name__ == "__main__":
    unittest.main()
