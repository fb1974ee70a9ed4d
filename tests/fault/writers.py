"""Writers of a load, one for each service and partition: each tells at the end whether what was acknowledged is there,
once."""

import book as books
import caller as callers
import service_protos as protos
from made_up import CLERK, OPERATOR, POST_OFFICE, move, today

# Reports of pieces nobody has sent: numbers of "Simple Registered Mail" that no range holds.
FIRST_SERIAL = 3_990_000_000
NOTES_MAX = 95


class Mover:
    """Moves one resident again and again; each move counts up the resident's version by one."""

    service = "issuance"

    def __init__(self, caller, resident, partition):
        self.caller, self.resident, self.partition = caller, resident, partition
        self.acknowledged, self.unknown, self.sent = 0, 0, 0
        self.first_version = self.look().version

    def look(self):
        request = protos.issuance.GetResidentRequest(name=self.resident, actor=CLERK)
        return self.caller.must("issuance", "GetResident", request, kind="current")

    def write(self):
        self.sent += 1
        answer = self.caller.call("issuance", "RecordMove", move(self.resident, self.address(self.sent)), "write",
                                  partition=self.partition)
        if answer.outcome == books.OK:
            self.acknowledged = self.sent
        else:
            self.unknown += 1

    def address(self, number):
        return f"架空町2-{number}"

    def check(self):
        seen = self.look()
        least = self.first_version + self.sent - self.unknown
        if not least <= seen.version <= least + self.unknown:
            yield (f"{self.resident} is at version {seen.version}, not {least}: {self.sent} moves were sent, "
                   f"{self.unknown} of unknown outcome")


class Suspender:
    """Suspends one card and has the suspension lifted, in turn."""

    service = "card"

    def __init__(self, caller, card, partition):
        self.caller, self.card, self.partition, self.is_suspended = caller, card, partition, False

    def write(self):
        (lift if self.is_suspended else suspend)(self.caller, self.card, self.partition)
        # If that is wrong, the checker of histories says so.
        self.is_suspended = not self.is_suspended

    def check(self):
        read_card(self.caller, self.card)
        return ()


def suspend(caller, card, partition=None):
    request = protos.card.SuspendCardRequest(request_id=callers.request_id(), actor=OPERATOR, name=card,
                                             reason=protos.card_events.SUSPENSION_REASON_LOST)
    answer = caller.call("card", "SuspendCard", request, "write", partition=partition)
    was = "" if answer.response is None else str(answer.response.was_suspended).lower()
    caller.book.note_operation("suspension", card, caller.number, "suspend", answer, output=was)
    return answer


def lift(caller, card, partition=None):
    request = protos.card.LiftSuspensionRequest(
        request_id=callers.request_id(), actor=CLERK, name=card, person_present=True, lost_at_home=True,
        documents=[protos.card_events.DOCUMENT_PASSPORT])
    answer = caller.call("card", "LiftSuspension", request, "write", partition=partition)
    caller.book.note_operation("suspension", card, caller.number, "lift", answer)
    return answer


def read_card(caller, card):
    """Whether it is suspended, or None if nobody said."""
    request = protos.card.GetCardStatusRequest(actor=CLERK, name=card)
    answer = caller.call("card", "GetCardStatus", request, "current")
    if answer.response is None:
        return None
    suspended = answer.response.state == protos.card.Card.STATE_SUSPENDED
    caller.book.note_operation("suspension", card, caller.number, "read", answer, output=str(suspended).lower())
    return suspended


class NoteTaker:
    """Writes notes into hotline cases of one partition. A case's partition is chance, so `cases` are shared: those
    opened in vain are for others."""

    service = "hotline"

    def __init__(self, caller, partition, cases):
        self.caller, self.partition, self.cases = caller, partition, cases
        self.case, self.notes = None, {}  # case -> [(text, outcome)]
        self.next_case()

    def next_case(self):
        while not self.cases[self.partition]:
            request = protos.hotline.OpenCaseRequest(
                request_id=callers.request_id(), actor=OPERATOR, language="ja",
                caller_kind=protos.hotline_events.CALLER_KIND_HOLDER)
            answer = self.caller.call("hotline", "OpenCase", request, "write")
            if answer.response is not None:
                self.cases[callers.partition_of(answer.response)].append(answer.response.name)
        self.case = self.cases[self.partition].pop()
        self.notes[self.case] = []

    def write(self):
        if len(self.notes[self.case]) >= NOTES_MAX:
            self.next_case()
        text = f"note {len(self.notes[self.case])}"
        request = protos.hotline.AddNoteRequest(request_id=callers.request_id(), actor=OPERATOR, name=self.case,
                                                text=text)
        answer = self.caller.call("hotline", "AddNote", request, "write", partition=self.partition)
        self.notes[self.case].append((text, answer.outcome))

    def check(self):
        for case, notes in self.notes.items():
            request = protos.hotline.GetCaseRequest(actor=OPERATOR, name=case)
            seen = [note.text for note in self.caller.must("hotline", "GetCase", request, kind="current").notes]
            for text, outcome in notes:
                if seen.count(text) > 1 or (outcome == books.OK and seen.count(text) != 1):
                    yield f"{case}: {text!r}, {outcome}, is there {seen.count(text)} times"


class Reporter:
    """The post office's reports of pieces that nobody has sent, which are kept until a piece with the number comes."""

    service = "notice"

    def __init__(self, caller, partition, partitions):
        self.caller, self.partition, self.partitions = caller, partition, partitions
        self.sent = []  # (request, outcome)

    def write(self):
        serial = FIRST_SERIAL + self.partition + self.partitions * len(self.sent)
        serial -= FIRST_SERIAL % self.partitions
        request = (self.report(serial),)
        answer = self.caller.call("postoffice", "ReportTrackingEvents", request, "write", log="notice",
                                  partition=self.partition)
        self.sent.append((request, answer.outcome))

    def report(self, serial):
        digits = f"{serial:010d}"
        said = protos.postoffice.PieceReport(tracking_number=f"{digits}{serial % 7}")
        said.report.day.CopyFrom(today())
        said.report.minute_of_day = 0
        said.report.status, said.report.office = "引受", "架空郵便局"
        request = protos.postoffice.ReportTrackingEventsRequest(actor=POST_OFFICE, batch_id=1)
        request.reports.append(said)
        return request

    def check(self):
        """What was acknowledged is known when it is said again."""
        for request, outcome in self.sent:
            if outcome != books.OK:
                continue
            answer = self.caller.call("postoffice", "ReportTrackingEvents", request, "write", log="notice",
                                      partition=self.partition)
            if answer.response is None:
                yield f"a report of partition {self.partition} cannot be repeated: {answer.reason}"
            elif answer.response.events[0].outcome != protos.postoffice.ReportedEvent.OUTCOME_DUPLICATE:
                yield f"an acknowledged report of partition {self.partition} is not there any more"
