"""Clients that fight over single residents, cards and record codes, and write a history of it."""

import hashlib
import os
import random

import book as books
import caller as callers
import service_protos as protos
import writers
from made_up import CLERK, OPERATOR, move, registration

# Of the numbers in histories: a history must not hold them.
NUMBER_KEY = os.urandom(16)


class ResidentRival:
    """Moves a resident that others move, too, and looks where it is."""

    def __init__(self, caller, residents, seed):
        self.caller, self.residents, self.chance, self.count = caller, residents, random.Random(seed), 0

    def act(self):
        resident = self.chance.choice(self.residents)
        if self.chance.random() < 0.5:
            self.write(resident)
        else:
            self.read(resident)

    def write(self, resident):
        self.count += 1
        address = f"架空町3-{self.caller.number}-{self.count}"
        answer = self.caller.call("issuance", "RecordMove", move(resident, address), "write")
        self.caller.book.note_operation("register", resident, self.caller.number, "write", answer, value=address)

    def read(self, resident):
        request = protos.issuance.GetResidentRequest(name=resident, actor=CLERK)
        answer = self.caller.call("issuance", "GetResident", request, "current")
        if answer.outcome == books.OK:
            self.caller.book.note_operation("register", resident, self.caller.number, "read", answer,
                                            output=answer.response.details.address)


class CardRival:
    """Suspends and lifts a card that others suspend and lift, too, and looks whether it is suspended."""

    def __init__(self, caller, cards, seed):
        self.caller, self.cards, self.chance = caller, cards, random.Random(seed)

    def act(self):
        card = self.chance.choice(self.cards)
        self.chance.choice((writers.suspend, writers.lift, writers.read_card, writers.read_card))(self.caller, card)


class Registrar:
    """Registers residents whom others register at the same time, under request ids of its own."""

    def __init__(self, caller, first):
        self.caller, self.next, self.registered = caller, first, {}  # number of the registration -> (name, hash)

    def act(self):
        answer, told = register(self.caller, self.next)
        key = f"code-{self.next}"
        self.caller.book.note_operation("registration", key, self.caller.number, "register", answer,
                                        output=told[1] if told else "")
        if told:
            self.registered[self.next] = told
        self.next += 1


def register(caller, number):
    """(answer, (name, keyed hash of name and masked number)), or (answer, None). Only the first is shown all of it."""
    answer = caller.call("issuance", "RegisterResident", registration(number), "write")
    if answer.response is None:
        return answer, None
    shown = f"{answer.response.name} {answer.response.masked_individual_number}"
    return answer, (answer.response.name, hashlib.blake2b(shown.encode(), key=NUMBER_KEY, digest_size=12).hexdigest())


class HotlineRival:
    """Somebody who has found a card calls the hotline, which suspends it; the office lifts that again."""

    def __init__(self, caller, serials):
        self.caller, self.cards, self.serials, self.at = caller, sorted(serials), serials, 0
        self.pending = 0

    def act(self):
        card = self.cards[self.at % len(self.cards)]
        self.at += 1
        case = self.open_case(card)
        if case is None:
            return
        request = protos.hotline.SuspendCardRequest(
            request_id=callers.request_id(), actor=OPERATOR, name=case, card=card,
            reason=protos.card_events.SUSPENSION_REASON_FOUND_BY_ANOTHER)
        answer = self.caller.call("hotline", "SuspendCard", request, "write")
        if answer.response is not None and answer.response.in_effect:
            was = str(answer.response.was_suspended).lower()
            self.caller.book.note_operation("suspension", card, self.caller.number, "suspend", answer, output=was)
        else:
            self.pending += 1
            late = answer._replace(outcome=books.UNKNOWN)
            self.caller.book.note_operation("suspension", card, self.caller.number, "suspend", late)
            if answer.response is None or not self.await_effect(case):
                return
        if writers.read_card(self.caller, card) is False:
            self.caller.book.note_broken(f"{card}: the hotline said that it is suspended; a current read says no")
        writers.lift(self.caller, card)

    def open_case(self, card):
        opening = protos.hotline.OpenCaseRequest(request_id=callers.request_id(), actor=OPERATOR, language="ja",
                                                 caller_kind=protos.hotline_events.CALLER_KIND_FINDER)
        opened = self.caller.call("hotline", "OpenCase", opening, "write")
        if opened.response is None:
            return None
        search = protos.hotline.IdentifyCallerRequest(request_id=callers.request_id(), actor=OPERATOR,
                                                      name=opened.response.name)
        search.search.card_serial = self.serials[card]
        found = self.caller.call("hotline", "IdentifyCaller", search, "write")
        return opened.response.name if found.response is not None else None

    def await_effect(self, case):
        """False: it has not taken effect for a minute, which may be right while the cluster is down."""
        request = protos.hotline.GetCaseRequest(actor=OPERATOR, name=case)
        until = books.now() + 60_000_000_000
        while books.now() < until:
            seen = self.caller.call("hotline", "GetCase", request, "current").response
            if seen is not None and seen.suspensions[0].state == protos.hotline.Suspension.STATE_IN_EFFECT:
                return True
        return False
