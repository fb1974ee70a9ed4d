"""Residents, cards in use, and hotline cases that a load works on: made up, and one of each in every partition."""

import concurrent.futures
import datetime
import itertools
import time
import zoneinfo

import caller as callers
import service_protos as protos

MUNICIPALITY = "131016"
CLERK = protos.common_type.Actor(authority=f"municipality/{MUNICIPALITY}", clerk_id="load")
FACTORY = protos.common_type.Actor(authority="factory", clerk_id="load")
OPERATOR = protos.common_type.Actor(authority="hotline", clerk_id="load")
TERMINAL = protos.common_type.Actor(authority="terminal")
POST_OFFICE = protos.common_type.Actor(authority="post-office", clerk_id="load")
THREADS = 8
REACTION_SECONDS_MAX = 60
FIRST_CODE = 6_000_000_000


def today():
    day = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).date()
    return protos.common_type.Date(year=day.year, month=day.month, day=day.day)


def registration(number):
    """Everything in it follows from the number, but the request id."""
    details = protos.issuance_events.ResidentDetails(
        full_name=f"負荷 試験{number}", birth_date=protos.common_type.Date(year=1990, month=4, day=1),
        address=f"架空町1-{number}", postal_code="1000001", municipality_code=MUNICIPALITY)
    return protos.issuance.RegisterResidentRequest(
        request_id=callers.request_id(), actor=CLERK, resident_record_code=f"{FIRST_CODE + number:010d}0",
        details=details)


def move(name, address):
    return protos.issuance.RecordMoveRequest(
        request_id=callers.request_id(), actor=CLERK, names=[name], move_date=today(), address=address,
        postal_code="1000001", municipality_code=MUNICIPALITY)


class Population:
    """Made by real calls. `residents`: partition -> names; `serials`: card -> serial of those in use."""

    def __init__(self, roads, book, partitions, log_number=0):
        self.partitions = partitions
        self.callers = [callers.Caller(roads, book, number) for number in range(THREADS)]
        self.numbers = itertools.count()
        self.residents = {partition: [] for partition in range(partitions)}
        self.serials = {}

    def make(self, each_partition):
        """So many residents in every partition, all with a card in use."""
        with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
            while min(map(len, self.residents.values())) < each_partition:
                for response in pool.map(self._register, range(THREADS)):
                    self.residents[callers.partition_of(response)].append(response.name)
            names = [name for names in self.residents.values() for name in names[:each_partition]]
            list(pool.map(self._apply, *zip(*enumerate(names))))
            made = self._produce({f"{name}/cards/1" for name in names})
            list(pool.map(self._hand_over, *zip(*enumerate(made))))
        self.serials = made

    def cards(self, partition):
        return [f"{name}/cards/1" for name in self.residents[partition] if f"{name}/cards/1" in self.serials]

    def _register(self, at):
        return self.callers[at].must("issuance", "RegisterResident", registration(next(self.numbers)))

    def _ask(self, at, method, request, kind="write"):
        """The card service hears of a resident a moment after the registration."""
        until = time.monotonic() + REACTION_SECONDS_MAX
        while True:
            answer = self.callers[at % THREADS].call("card", method, request, kind)
            if answer.response is not None or answer.reason == "REQUEST_ID_REUSED":
                return answer.response
            if time.monotonic() > until:
                raise RuntimeError(f"{method} is refused for {REACTION_SECONDS_MAX} s: {answer.reason}")
            time.sleep(0.05)

    def _apply(self, at, resident):
        application = self._ask(at, "RecordMailedApplication", protos.card.RecordMailedApplicationRequest(
            request_id=callers.request_id(), actor=CLERK, resident=resident, received_date=today(),
            photo_taken_date=today(), documents=[protos.card_events.DOCUMENT_PASSPORT], return_envelope=True))
        for method, request in (("StartReview", protos.card.StartReviewRequest),
                                ("ReviewPhoto", protos.card.ReviewPhotoRequest)):
            self._ask(at, method, request(request_id=callers.request_id(), actor=CLERK, name=application.name))

    def _produce(self, wanted):
        """card -> serial, of the wanted ones; all that the factory was given is shipped."""
        batch = protos.card.GetProductionBatchRequest(actor=FACTORY, batch_date=today())
        stub = self.callers[0].roads.stubs(0, FACTORY.authority)["card"]
        orders, until = {}, time.monotonic() + REACTION_SECONDS_MAX
        while not wanted <= orders.keys() and time.monotonic() < until:
            for some in stub.GetProductionBatch(batch, timeout=60):
                orders |= {order.card: order.serial for order in some.orders}
        results = [protos.card.ProductionResult(card=card, day=today(),
                                                outcome=protos.card.ProductionResult.OUTCOME_SHIPPED)
                   for card in orders]
        self._ask(0, "ReportProduction", protos.card.ReportProductionRequest(actor=FACTORY, results=results))
        return {card: orders[card] for card in wanted}

    def _hand_over(self, at, card):
        words = {"actor": CLERK, "name": card}
        pins = [protos.card_events.PIN_SIGNATURE, protos.card_events.PIN_AUTHENTICATION,
                protos.card_events.PIN_RESIDENT_REGISTER, protos.card_events.PIN_SURFACE_INPUT]
        for method, request in (
                ("RecordArrival", protos.card.RecordArrivalRequest(**words)),
                ("SetUpCard", protos.card.SetUpCardRequest(**words)),
                ("IssueCard", protos.card.IssueCardRequest(
                    documents=[protos.card_events.DOCUMENT_PASSPORT], pins_set=pins, **words))):
            request.request_id = callers.request_id()
            self._ask(at, method, request)
