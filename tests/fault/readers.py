"""Readers of a load: stale reads, which must never stop, and current ones, which must never be old."""

import random

import caller as callers
import service_protos as protos
from made_up import CLERK, TERMINAL

# A stale read asks nobody: who does not answer at once has gone.
STALE_TRY_SECONDS = 0.5


class StaleReader:
    def __init__(self, caller, residents, cards, seed):
        self.caller, self.residents, self.cards, self.chance = caller, residents, cards, random.Random(seed)
        caller.try_seconds = STALE_TRY_SECONDS

    def act(self):
        if self.chance.random() < 0.5:
            request = protos.issuance.GetResidentRequest(name=self.chance.choice(self.residents), actor=CLERK,
                                                         freshness=protos.issuance.FRESHNESS_STALE)
            self.caller.call("issuance", "GetResident", request, "stale")
        else:
            request = protos.card.GetCardStatusRequest(actor=TERMINAL, name=self.chance.choice(self.cards), stale=True)
            self.caller.call("card", "GetCardStatus", request, "stale")


class CurrentReader:
    """Looks where a mover's resident is: never before a move that was acknowledged when the look began."""

    def __init__(self, caller, movers, seed):
        self.caller, self.movers, self.chance = caller, movers, random.Random(seed)

    def act(self):
        mover = self.chance.choice(self.movers)
        acknowledged = mover.acknowledged
        request = protos.issuance.GetResidentRequest(name=mover.resident, actor=CLERK)
        answer = self.caller.call("issuance", "GetResident", request, "current")
        if answer.response is None or acknowledged == 0:
            return
        address = answer.response.details.address
        seen = int(address.rpartition("-")[2]) if address.startswith("架空町2-") else 0
        if seen < acknowledged:
            self.caller.book.note_broken(
                f"{mover.resident}: a current read saw move {seen} after {acknowledged} was acknowledged")


class NoticeReader:
    """Current reads of notices."""

    def __init__(self, caller, residents, seed):
        self.caller, self.residents, self.chance = caller, residents, random.Random(seed)

    def act(self):
        name = f"{self.chance.choice(self.residents)}/notices/-"
        self.caller.call("notice", "GetNotice", protos.notice.GetNoticeRequest(name=name, actor=CLERK), "current")


def callers_of(roads, book, numbers):
    """As many clients, the next ones of a counter."""
    return lambda: callers.Caller(roads, book, next(numbers))
