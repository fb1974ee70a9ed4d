import os
import unittest

import ownership

# Bounds and faults under which every state is visited: the first all faults together in a short log, the others those
# that work together in longer ones. Some seconds each.
BOUNDS = {
    "all faults together": dict(log=3, claims=2, asks=1),
    "a lost tail that is sent again": dict(log=5, claims=2, faults=("cut", "sent_again", "late_copy", "crash")),
    "a lost tail and one claim more": dict(log=4, claims=3, faults=("cut", "sent_again", "late_copy", "crash")),
    "the leader that had the lost tail": dict(log=4, claims=2, faults=("cut", "sent_again", "old_leader", "crash")),
    "late, lost and doubled requests": dict(
        log=4, claims=2, faults=("lost", "twice", "late_copy", "unacknowledged", "crash", "cut")),
    "three instances": dict(log=3, claims=3, instances=3, faults=("lost", "cut", "sent_again", "unacknowledged")),
}
STATES_MAX = 2_000_000


def explore(**bounds):
    return ownership.explore(ownership.Model(**bounds), STATES_MAX)


class ProtocolTest(unittest.TestCase):

    def test_every_invariant_holds_in_every_state(self):
        for name, bounds in BOUNDS.items():
            if os.environ.get("TESTS_FAST") and name != "late, lost and doubled requests":
                continue
            with self.subTest(name):
                states, history, wrong = explore(**bounds)
                print(f"{states} states: {name}", flush=True)
                self.assertIsNone(wrong, "\n".join([str(wrong)] + (history or [])))
                self.assertLess(states, STATES_MAX, "not all states were visited")
                self.assertGreater(states, 1000)


class PlantedBugTest(unittest.TestCase):
    """The same bounds as for the protocol itself: a model that finds no bug proves nothing."""


def test_of(bug):
    def test(self):
        states, history, wrong = explore(**BOUNDS["all faults together"], bug=bug)
        self.assertIsNotNone(wrong, f"not found in {states} states")
        print(f"{bug} is found after {states} states, in {len(history)} steps: {wrong}", flush=True)
    return test


for planted in ownership.BUGS:
    setattr(PlantedBugTest, f"test_{planted}_is_found", test_of(planted))


class FoldTest(unittest.TestCase):
    """The rule itself, on logs written by hand: the cases of libs/eventsourcing/fold_test.cc."""

    def fold(self, *log):
        histories, alarm = ownership.fold(log, None)
        return histories[-1], alarm

    def test_a_claim_counts_and_its_batches_follow(self):
        log = (claim(0), batch(0, 0, (0,)), batch(0, 1, (0, 1)))
        self.assertEqual(self.fold(*log), ((0, 1, 2), None))

    def test_a_new_claim_voids_its_predecessor(self):
        log = (claim(0), claim(1), batch(0, 0, (0,)), batch(1, 0, (0, 16)))
        self.assertEqual(self.fold(*log), ((0, 16, 17), None))

    def test_copies_are_void(self):
        log = (claim(0), claim(0), batch(0, 0, (0,)), batch(0, 0, (0,)))
        self.assertEqual(self.fold(*log), ((0, 1), None))

    def test_a_batch_that_leaps_is_void(self):
        self.assertEqual(self.fold(claim(0), batch(0, 1, (0,))), ((0,), None))

    def test_the_right_sequence_on_another_history_is_an_alarm(self):
        history, alarm = self.fold(claim(0), claim(1), batch(1, 0, (16,)))
        self.assertEqual(history, (0, 16))
        self.assertIn("offset 2", alarm)

    def test_every_short_log_is_judged_as_by_the_code(self):
        # The same walk in libs/eventsourcing/fold_test.cc gives the same digest.
        digest = 14695981039346656037
        for letter in verdicts((), 4):
            digest = (digest ^ ord(letter)) * 1099511628211 % 2**64
        self.assertEqual(f"{digest:016x}", "539f0ee85422e5ff")


def verdicts(history, records):
    """One letter for each record that could come next, followed by what could come behind it."""
    if records == 0:
        return
    following = [claim(0), claim(1)] + [batch(number, sequence, before) for number in (0, 1) for sequence in (0, 1)
                                        for before in (history, history[:-1], ())]
    for record in following:
        verdict = ownership.judge(history, record, None)
        yield {"claim": "c", "valid": "v", "void": "-", "alarm": "!"}[verdict]
        counts = verdict in ("claim", "valid")
        yield from verdicts(history + (ownership.name_of(record),) if counts else history, records - 1)


def claim(number):
    return ownership.Record(number, -1, ())


def batch(number, sequence, before):
    return ownership.Record(number, sequence, before)


if __name__ == "__main__":
    unittest.main()
