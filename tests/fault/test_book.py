"""Waits, and what a client makes of errors: without a cluster."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import book as books  # noqa: E402
import caller as callers  # noqa: E402
import service_protos as protos  # noqa: E402

SECOND = 1_000_000_000


def call(start_seconds, end_seconds, partition=0, outcome=books.OK, errors=()):
    start, end = (int(seconds * SECOND) for seconds in (start_seconds, end_seconds))
    return books.Call("write", "card", partition, "M", start, end, outcome, errors)


class WaitTest(unittest.TestCase):
    def test_a_wait_counts_from_the_fault_on_and_to_its_end_whatever_that_is(self):
        calls = [call(1, 2), call(3, 6), call(7, 8, outcome=books.UNKNOWN)]
        self.assertEqual(books.longest_waits(calls, 0, 9 * SECOND), {("card", 0): 3.0})
        self.assertEqual(books.longest_waits(calls, 4 * SECOND, 5 * SECOND), {("card", 0): 2.0})
        self.assertEqual(books.longest_waits(calls, 6.5 * SECOND, 9 * SECOND), {("card", 0): 1.0})
        self.assertEqual(books.longest_waits(calls, 8.5 * SECOND, 9 * SECOND), {("card", 0): 0.0})

    def test_partitions_are_apart_and_what_has_none_is_left_out(self):
        calls = [call(0, 1), call(0, 1, partition=1), call(1, 3, partition=1), call(0, 9, partition=None)]
        self.assertEqual(books.longest_waits(calls, 0, 9 * SECOND), {("card", 0): 1.0, ("card", 1): 2.0})
        self.assertEqual(books.longest_wait(calls, 0, 9 * SECOND), 9.0)

    def test_percentiles(self):
        self.assertEqual([books.percentile(range(100), share) for share in (0, 0.5, 0.99, 1)], [0, 50, 99, 99])
        self.assertEqual(books.percentile([], 0.5), 0)

    def test_given_up_is_not_refused_late(self):
        self.assertTrue(books.was_given_up(call(0, 1, outcome=books.UNKNOWN, errors=(("UNAVAILABLE", ""),))))
        late = (("UNAVAILABLE", ""), ("FAILED_PRECONDITION", "CARD_NOT_SUSPENDED"))
        self.assertFalse(books.was_given_up(call(0, 1, outcome=books.UNKNOWN, errors=late)))


class StubCaller(callers.Caller):
    """Its tries end as the list says."""

    def __init__(self, book, tries):
        super().__init__([None], book, 0)
        self.tries = list(tries)

    def _try(self, *_):
        return self.tries.pop(0)


class CallerTest(unittest.TestCase):
    def outcome(self, *tries):
        with tempfile.TemporaryDirectory() as folder:
            book = books.Book(pathlib.Path(folder, "history"))
            answer = StubCaller(book, tries).call("card", "M", None, "write", give_up_seconds=0.05)
            book.close()
            return answer.outcome, len(book.calls[0].errors)

    def failure(self, name, reason="R"):
        return None, (callers.grpc.StatusCode[name], reason, 0.02)

    def test_repeated_until_it_is_answered(self):
        answer = (protos.card.CardStatus(position="3@17.0"), None)
        self.assertEqual(self.outcome(answer), (books.OK, 0))
        self.assertEqual(self.outcome(self.failure("UNAVAILABLE"), self.failure("DEADLINE_EXCEEDED"), answer),
                         (books.OK, 2))
        self.assertEqual(self.outcome(*[self.failure("UNAVAILABLE")] * 9)[0], books.UNKNOWN)

    def test_a_refusal_after_a_lost_try_tells_nothing(self):
        self.assertEqual(self.outcome(self.failure("FAILED_PRECONDITION")), (books.REFUSED, 1))
        self.assertEqual(self.outcome(self.failure("UNAVAILABLE"), self.failure("FAILED_PRECONDITION")),
                         (books.UNKNOWN, 2))

    def test_partitions_are_read_from_positions(self):
        moved = protos.issuance.RecordMoveResponse()
        moved.results.add().resident.position = "5@1.0"
        for answer, partition in ((moved, 5), (protos.hotline.Case(position="2@9.1"), 2),
                                  (protos.card.SuspendCardResponse(effect_position="4@1.0"), 4),
                                  (protos.issuance.Resident(), None)):
            self.assertEqual(callers.partition_of(answer), partition)

    def test_a_failure_inside_an_answer_is_one(self):
        answer = protos.postoffice.ReportTrackingEventsResponse()
        self.assertIsNone(callers.error_inside(answer))
        answer.events.add()
        self.assertIsNone(callers.error_inside(answer))
        answer.events[0].error.code = 14
        self.assertEqual(callers.error_inside(answer)[0].name, "UNAVAILABLE")


if __name__ == "__main__":
    unittest.main()
