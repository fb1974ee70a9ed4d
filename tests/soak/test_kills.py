"""kill -9 at random moments of a load: what was answered stays as it was answered, and nobody gets a second number."""

import random
import tempfile
import time
import unittest

import binaries
import checks
import sizes
from load import DONE, UNAVAILABLE, UNKNOWN, Load
from server import make_server
from sizes import note

REPLACE_ONE_IN = 100


@unittest.skipIf(sizes.FAST, "slow")
class KillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        cls.folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-kills-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = make_server(cls, cls.folder.name)
        cls.random = random.Random(sizes.SEED)
        note(f"kills: {sizes.KILLS} of a load of {sizes.ROWS:,} residents, {sizes.BROKERS} brokers, seed {sizes.SEED}")
        cls.load = Load(cls.folder.name, sizes.ROWS, sizes.SEED, REPLACE_ONE_IN)
        cls.server.start_and_serve()

    def test_1_kills_in_the_middle_of_the_load(self):
        for kill in range(1, sizes.KILLS + 1):
            with self.subTest(kill=kill):
                self.kill_in_the_load(kill)

    def kill_in_the_load(self, kill):
        sending = self.load.send(self.server)
        self.addCleanup(sending.end)
        moment = int(self.random.uniform(0, 0.9) * self.load.expected_answers())
        sending.await_answers(moment)
        time.sleep(self.random.uniform(0, 0.05))
        self.assertFalse(sending.has_ended(), f"the load was over before {moment:,} answers")
        if self.server.brokers:
            self.kill_a_broker(kill, sending)
        self.server.kill()
        ended = sending.wait()
        self.assertIn(ended.codes[0], (DONE, UNAVAILABLE, UNKNOWN), ended)
        self.assertIn(ended.codes[1], (DONE, UNAVAILABLE), ended)
        self.assertEqual(ended.changed["refused"], {}, ended)
        answers = sending.answered()
        # Now and then the next start is killed, too.
        if kill % 2 == 0:
            self.server.start()
            time.sleep(self.random.uniform(0, 0.5))
            self.server.kill()
        if self.server.brokers:
            self.server.brokers.up()
        seconds = self.server.start_and_serve()
        inside, outside = checks.assert_clean(self, self.server, self.load)
        note(f"  kill {kill} after {answers:,} answers: serves again in {seconds:.2f} s; {inside['residents']:,} "
             f"residents, {outside['answers']:,} answers checked")
        self.assertEqual(self.load.registrations_that_differ()[1], 0)

    def kill_a_broker(self, kill, sending):
        """The load goes on without it, or at least waits; it comes back after the process was killed, too."""
        answers = sending.answered()
        self.server.brokers.kill(1 + kill % self.server.brokers.count)
        until = time.monotonic() + self.random.uniform(0, 8)
        sending.await_answers(answers + 20_000, lambda: time.monotonic() > until)
        note(f"  a broker was killed after {answers:,} answers; {sending.answered() - answers:,} came without it")

    def test_2_at_last_the_whole_file_is_answered(self):
        sending = self.load.send(self.server)
        self.addCleanup(sending.end)
        ended = sending.wait()
        self.assertEqual(ended.codes, (DONE, DONE), ended)
        self.assertEqual((ended.registered["registered"], ended.changed["refused"]), (sizes.ROWS, {}))
        self.assertEqual(self.load.registrations_that_differ(), (sizes.ROWS, 0))
        inside, outside = checks.assert_clean(self, self.server, self.load)
        replaced = outside["numbers"] - sizes.ROWS
        self.assertEqual(inside["residents"], sizes.ROWS)
        self.assertAlmostEqual(replaced, sizes.ROWS / REPLACE_ONE_IN, delta=sizes.ROWS / REPLACE_ONE_IN / 2)
        # Nothing was written that nobody was told at last.
        self.assertEqual(outside["events"], sizes.ROWS + ended.changed["acknowledged"])

    def test_3_kills_while_the_rows_are_folded_afresh(self):
        self.server.stop()
        (self.server.data / "issuance").rename(self.server.data / "issuance.before")
        for share in (0, self.random.uniform(0, 1)):
            self.server.start()
            self.server.await_that(lambda: self.server.metric("mynumber_folded_records") > 0, "folds")
            if share:
                time.sleep(share)
            state = self.server.readiness()[0]
            self.server.kill()
            note(f"  killed while it folded its rows afresh (readiness was {state})")
        seconds = self.server.start_and_serve()
        note(f"  serves again in {seconds:.2f} s")
        inside, _ = checks.assert_clean(self, self.server, self.load)
        self.assertEqual(inside["residents"], sizes.ROWS)


if __name__ == "__main__":
    unittest.main()
