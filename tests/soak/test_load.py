"""A nation is loaded while its people move: everything that was answered is there, once, and nothing else."""

import shutil
import tempfile
import time
import unittest

import binaries
import checks
import sizes
from load import DONE, Load
from server import make_server
from sizes import note


class MemoryWatch:
    """Resident memory of the server, by the share of the load that is done."""

    def __init__(self, server, sending, expected):
        self.server, self.sending, self.expected = server, sending, expected
        self.mebibytes, self.next_share = [], 0.0
        self.next_look = time.monotonic()

    def look(self):
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + 0.5
        share = self.sending.answered() / self.expected
        if share >= self.next_share:
            self.next_share += 0.1
            self.mebibytes.append(self.server.resident_mebibytes())
            note(f"  {share:4.0%} answered, server {self.mebibytes[-1]:,.0f} MiB")


@unittest.skipIf(sizes.FAST, "slow")
class LoadTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        cls.folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-load-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = make_server(cls, cls.folder.name)
        note(f"load: {sizes.ROWS:,} residents, {sizes.BROKERS} brokers, seed {sizes.SEED}")
        cls.load = Load(cls.folder.name, sizes.ROWS, sizes.SEED)
        cls.server.start_and_serve()
        sending = cls.load.send(cls.server)
        cls.addClassCleanup(sending.end)
        watch = MemoryWatch(cls.server, sending, cls.load.expected_answers())
        cls.ended = sending.wait(watch.look)
        watch.mebibytes.append(cls.server.resident_mebibytes())
        changes = cls.ended.changed.get("acknowledged", 0)
        note(f"  {sizes.ROWS / cls.ended.registered_seconds:,.0f} residents/s beside changes; all {changes:,} changes "
             f"after {cls.ended.seconds:.1f} s; memory {watch.mebibytes[0]:,.0f} to {watch.mebibytes[-1]:,.0f} MiB")

    def test_1_every_row_and_every_change_is_answered(self):
        self.assertEqual(self.ended.codes, (DONE, DONE), self.ended)
        self.assertEqual(self.ended.registered["registered"], sizes.ROWS)
        self.assertEqual((self.ended.registered["refused"], self.ended.registered["unanswered"]), (0, 0))
        self.assertAlmostEqual(self.ended.changed["acknowledged"], sizes.ROWS * 0.3, delta=sizes.ROWS * 0.03)

    def test_2_the_server_and_the_outside_checker_find_everything_clean(self):
        inside, outside = checks.assert_clean(self, self.server, self.load)
        self.assertEqual((inside["residents"], inside["numbers"]), (sizes.ROWS, sizes.ROWS))
        answered = sizes.ROWS + self.ended.changed["acknowledged"]
        self.assertEqual((outside["events"], outside["answers"], outside["void_records"]), (answered, answered, 0))
        note(f"  verify {inside['seconds']:.1f} s, export {outside['export_seconds']:.1f} s, outside checker "
             f"{outside['check_seconds']:.1f} s over {answered:,} events")

    def test_3_the_same_load_again_gets_the_same_answers_and_writes_nothing(self):
        again = self.load.send(self.server)
        self.addCleanup(again.end)
        self.assertEqual(again.wait().codes, (DONE, DONE))
        self.assertEqual(self.load.registrations_that_differ(), (sizes.ROWS, 0))
        outside = checks.check_outside(self.server, self.load)
        self.assertTrue(outside["clean"], outside)
        answered = sizes.ROWS + self.ended.changed["acknowledged"]
        self.assertEqual((outside["events"], outside["answers"]), (answered, 2 * answered))

    def test_4_rows_that_were_lost_are_folded_afresh_from_the_log(self):
        code, _ = self.server.stop()
        self.assertEqual(code, 0, self.server.last_words())
        shutil.rmtree(self.server.data / "issuance")
        seconds = self.server.start_and_serve()
        events = sizes.ROWS + self.ended.changed["acknowledged"]
        note(f"  rebuilt in {seconds:.1f} s: {events / seconds:,.0f} events/s")
        inside = checks.verify(self.server)
        self.assertTrue(inside["clean"], inside)
        self.assertEqual((inside["residents"], inside["numbers"]), (sizes.ROWS, sizes.ROWS))


if __name__ == "__main__":
    unittest.main()
