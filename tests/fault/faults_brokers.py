"""Brokers that die, are cut off from their peers, or get an instance's requests late."""

import time

import book as books
import caller as callers
import held_wires
import writers
from faults_instances import await_going_on, await_taken_over
from made_up import CLERK
import service_protos as protos

LONG_SECONDS, SHORT_SECONDS = 20, 8
GOES_ON_SECONDS_MAX = 60
CUT_LEADER_SECONDS = 5
GROWTH_MEBIBYTES_MAX = 96
# A client that is in no hurry: what it is told within its deadline must come from the cluster.
PATIENT_SECONDS = 10


def broker_killed(stage):
    """kill -9 of one broker, then of another after the first is back."""
    first = stage.chance.randrange(3)
    for number in (1 + first, 1 + (first + 1) % 3):
        stage.await_owned()
        begin = books.now()
        stage.cluster.brokers.kill(number)
        time.sleep(1)  # what is on its way ends one way or the other
        await_going_on(stage, books.now(), GOES_ON_SECONDS_MAX)
        stage.note(f"broker {number} killed: longest wait for a write "
                   f"{max(stage.waits(begin, books.now()).values()):.2f} s")
        stage.cluster.brokers.up(None)
        await_in_step(stage)


def await_in_step(stage):
    """Until the brokers that came back are followed and led again: nobody says so, and a few seconds do."""
    time.sleep(SHORT_SECONDS)
    await_going_on(stage, books.now(), GOES_ON_SECONDS_MAX)


def cut_leader(stage):
    """A broker is cut off from its peers, and clients still reach it."""
    waits = []
    for _ in range(stage.options.rounds):
        stage.await_owned()
        number = stage.chance.randrange(3) + 1
        begin, began = books.now(), time.gmtime()
        stage.cluster.brokers.separate([number])
        stage.load.hurry()
        time.sleep(1)
        await_going_on(stage, books.now(), GOES_ON_SECONDS_MAX)
        found = stage.waits(begin, books.now())
        waits += found.values()
        if slow := [f"{service} {partition}: {wait:.1f} s" for (service, partition), wait in sorted(found.items())
                    if wait > CUT_LEADER_SECONDS]:
            stage.note(f"broker {number} cut off at {time.strftime('%H:%M:%S', began)}: {', '.join(slow)}")
        stage.cluster.brokers.separate([])
        await_in_step(stage)
    worst = max(waits, default=0)
    stage.note(f"longest wait for a write, of {len(waits)} partitions: median {books.percentile(waits, 0.5):.2f} s, "
               f"90th percentile {books.percentile(waits, 0.9):.2f} s, at most {worst:.2f} s")
    stage.must_within(worst, CUT_LEADER_SECONDS, "a write waited")


def two_brokers_gone(stage):
    """Nothing can be accepted; it is said so, and nothing grows."""
    stage.await_owned()
    patient = callers.Caller(stage.roads, stage.book, 900, try_seconds=PATIENT_SECONDS)
    resident = stage.load.population.residents[0][0]
    before = stage.mebibytes()
    gone = stage.chance.sample((1, 2, 3), 2)
    for number in gone:
        stage.cluster.brokers.kill(number)
    end = time.monotonic() + (SHORT_SECONDS if stage.options.short else 3 * LONG_SECONDS)
    time.sleep(2)
    unclear, asked = [], 0
    while time.monotonic() < end:
        asked += 1
        request = protos.issuance.GetResidentRequest(name=resident, actor=CLERK)
        answer = patient.call("issuance", "GetResident", request, "current", give_up_seconds=0)
        unclear += [error for error in stage_errors(stage, answer) if not error[1]]
    stage.must(not unclear, f"{len(unclear)} of {asked} errors say nothing: {unclear[:3]}")
    growth = {number: size - before.get(number, 0) for number, size in stage.mebibytes().items()}
    stage.note(f"while two brokers were gone: {asked} patient calls, all answered with a reason; memory grew by "
               f"{max(growth.values()):.0f} MiB")
    stage.must(max(growth.values()) < GROWTH_MEBIBYTES_MAX, f"memory grew by {growth} MiB")
    begin = books.now()
    stage.cluster.brokers.up(None)
    seconds = await_going_on(stage, begin, GOES_ON_SECONDS_MAX)
    stage.note(f"goes on {seconds:.1f} s after their return was asked for")
    stage.await_owned()


def stage_errors(stage, answer):
    """(code, reason) of the tries of one call that was not answered."""
    found = [call for call in reversed(stage.book.calls[-2000:]) if call.start == answer.start]
    return found[0].errors if found and answer.response is None else ()


def held_produce(stage):
    """What an instance sends to the brokers is kept back for 20 s, and comes after the takeover."""
    stage.await_owned()
    number, _ = stage.greatest_owner()
    with held_wires.HeldWires(stage.cluster.brokers.nodes()) as wires:
        stage.cluster.stop(number)
        stage.cluster.start(number, brokers=wires.addresses())
        for _ in range(max(1, stage.options.rounds // 5)):
            stage.await_owned()
            owned = [at for at, owner in stage.owners().items() if owner == number]
            void_before = stage.sum("mynumber_void_records")
            hold_back(stage, wires, number, owned)
            stage.await_owned()
            void = stage.sum("mynumber_void_records") - void_before
            stage.note(f"{len(owned)} partitions owned, {wires.held_bytes:,} bytes kept back; "
                       f"{void:.0f} void records were read when they came")
            if stage.has_standbys and owned:
                stage.must(void > 0, "no record that came late was counted as void")
        stage.cluster.stop(number)
    stage.cluster.start(number)
    stage.await_owned()


def hold_back(stage, wires, number, owned):
    wires.hold()
    try:
        time.sleep(2)
        if stage.has_standbys and owned:
            await_taken_over(stage, number, owned)
        time.sleep(SHORT_SECONDS if stage.options.short else LONG_SECONDS)
    finally:
        wires.release()
    await_going_on(stage, books.now(), GOES_ON_SECONDS_MAX)
    writers.read_card(callers.Caller(stage.roads, stage.book, 901), stage.load.population.cards(0)[1])
