"""SIGTERM in the middle of a load: what was accepted is answered, the rest is refused, and the next start is quick."""

import random
import tempfile
import unittest

import binaries
import checks
import sizes
from load import DONE, REFUSED, UNAVAILABLE, UNKNOWN, Load
from server import Server
from sizes import note

PARTITIONS = 4


@unittest.skipIf(sizes.FAST, "slow")
class StopTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        binaries.folder()
        cls.folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-stop-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.server = Server(cls.folder.name)
        cls.addClassCleanup(cls.server.end)
        cls.random = random.Random(sizes.SEED)
        note(f"stop: in a load of {sizes.ROWS:,} residents, seed {sizes.SEED}")
        cls.load = Load(cls.folder.name, sizes.ROWS, sizes.SEED)
        cls.server.start_and_serve()

    def stop_in_the_load(self, reconnect):
        """Stops at a random moment, starts again, and returns the sending, which may go on."""
        sending = self.load.send(self.server, reconnect=reconnect)
        self.addCleanup(sending.end)
        sending.await_answers(int(self.random.uniform(0.1, 0.7) * self.load.expected_answers()))
        self.assertFalse(sending.has_ended())
        code, seconds = self.server.stop()
        self.assertEqual(code, 0, self.server.last_words())
        answers = sending.answered()
        if not reconnect:
            sending.wait()
        again = self.server.start_and_serve()
        note(f"  stopped after {answers:,} answers in {seconds:.1f} s, serves again in {again:.2f} s")
        # Quick, since the rows were whole: nothing but each partition's new claim was read.
        if not reconnect:
            self.assertLessEqual(self.server.metric("mynumber_folded_records"), 2 * PARTITIONS)
        return sending

    def test_1_what_was_accepted_is_answered(self):
        sending = self.stop_in_the_load(reconnect=False)
        self.assertIn(sending.register.returncode, (DONE, UNAVAILABLE, UNKNOWN))
        self.assertIn(sending.change.returncode, (DONE, UNAVAILABLE))
        _, outside = checks.assert_clean(self, self.server, self.load)
        # The clients have had an answer to everything that the log has.
        self.assertEqual(outside["events"], outside["answers"])

    def test_2_clients_that_reconnect_need_not_be_started_again(self):
        ended = self.stop_in_the_load(reconnect=True).wait()
        self.assertEqual(ended.codes, (DONE, DONE), ended)
        self.assertEqual(self.load.registrations_that_differ(), (sizes.ROWS, 0))
        inside, outside = checks.assert_clean(self, self.server, self.load)
        self.assertEqual(inside["residents"], sizes.ROWS)
        self.assertEqual(outside["events"], sizes.ROWS + ended.changed["acknowledged"])

    def test_3_a_stop_at_rest_is_quick(self):
        code, seconds = self.server.stop()
        self.assertEqual(code, 0, self.server.last_words())
        again = self.server.start_and_serve()
        note(f"  at rest: stopped in {seconds:.2f} s, serves again in {again:.2f} s")


if __name__ == "__main__":
    unittest.main()
