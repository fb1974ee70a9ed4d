"""The last part of the canaries' way: whoever was registered by mistake is erased, in all services."""

import time

from google.protobuf import json_format

CHIEF = "canary-chief"
AWAIT_SECONDS = 60
STATE_ERASED = 5  # Resident.State


def by_chief(authority):
    return {"authority": authority, "clerk_id": CHIEF}


def ask_for_erasure(way, person, authority):
    way.ask("issuance", "RequestErasure", authority, name=person.name, reference=f"file {person.number}",
            ground="ERASURE_GROUND_REGISTERED_WITHOUT_BASIS")
    way.ask("issuance", "ApproveErasure", authority, name=person.name, actor=by_chief(authority))


def erase(way, people, authority):
    """`people`: registered by `authority` and voided. One of them is withdrawn first."""
    way.each(lambda person: ask_for_erasure(way, person, authority), people)
    way.ask("issuance", "WithdrawErasure", authority, name=people[0].name, reason="looked at once more")
    ask_for_erasure(way, people[0], authority)
    if way.clock.go(way.clock.days + 31):
        way.each(lambda person: await_erased(way, person, authority), people)
    erase_again(way, people[0])


def erase_again(way, person):
    """By the records, though it is so already; and by one that nobody signed."""
    records = way.ask("issuance", "ListErasures", "operator", page_size=1000).erasures
    way.each(lambda record: way.ask("issuance", "EraseAgain", "operator", record=json_format.MessageToDict(record)),
             records)
    way.try_to("issuance", "EraseAgain", "operator", record={"name": person.name})


def await_erased(way, person, authority):
    until = time.monotonic() + AWAIT_SECONDS
    while way.ask("issuance", "GetResident", authority, name=person.name).state != STATE_ERASED:
        if time.monotonic() > until:
            raise AssertionError(f"resident {person.number} is not erased")
        time.sleep(0.1)
