"""Instances that die, stop, freeze, have a wrong clock, or a full disk."""

import contextlib
import itertools
import os
import sys
import threading
import time

import book as books
import caller as callers
import rivals
import service_protos as protos

sys.path.append(str(protos.ROOT / "tests" / "soak"))

SERVED_AGAIN_SECONDS = 1
HANDED_OVER_SECONDS = 1
# As long as a takeover may take where nobody noticed at once: the group's session, and the claim.
TAKEOVER_SECONDS_MAX = 30
PAUSE_SECONDS, SHORT_PAUSE_SECONDS = 30, 10
CLOCK_OFF_SECONDS = 600
CLOCK_SHIM = protos.ROOT / "bazel-bin" / "tests" / "fault" / "wrong_clock_shim.so"
DISK_MEBIBYTES = 256


def kill_owner(stage):
    """kill -9 of the instance that owns most."""
    waits, stale = [], []
    for _ in range(stage.options.rounds):
        stage.await_owned()
        number, owned = stage.greatest_owner()
        begin = books.now()
        stage.cluster.kill(number)
        stage.load.hurry()
        if stage.has_standbys:
            await_taken_over(stage, number, owned)
        stage.cluster.start(number)
        stage.await_owned()
        note_times(stage, begin, waits, stale, owned)
    tell_times(stage, waits, stale, SERVED_AGAIN_SECONDS)


def note_times(stage, begin, waits, stale, owned=None):
    """Of a round that began so, once every call has been answered that was under way."""
    await_going_on(stage, books.now(), TAKEOVER_SECONDS_MAX)
    waits += stage.waits(begin, books.now(), at=owned).values()
    stale.append(stage.stale_wait(begin, books.now()))


def await_taken_over(stage, number, owned):
    """Others own what it owned, whatever it believes itself."""
    time.sleep(1)  # whoever has to take over is not asked how it goes
    until = time.monotonic() + TAKEOVER_SECONDS_MAX
    while not set(owned) <= stage.served(but=number).keys():
        if time.monotonic() > until:
            stage.must(False, f"nobody took over from instance {number} within {TAKEOVER_SECONDS_MAX} s")
            return
        time.sleep(0.1)


def tell_times(stage, waits, stale, limit_seconds):
    worst, usual = max(waits, default=0), books.percentile(waits, 0.99)
    stage.note(f"longest wait for a write, of {len(waits)} partitions: median {books.percentile(waits, 0.5):.2f} s, "
               f"99th percentile {usual:.2f} s, at most {worst:.2f} s; for a stale read {max(stale, default=0):.2f} s")
    if stage.has_standbys:
        stage.must_within(usual, limit_seconds, "a write waited (99th percentile of partitions)")
        stage.must_within(max(stale, default=0), 1, "a stale read took")


def planned_stop(stage):
    """SIGTERM of the instance that owns most, and its return."""
    stop_in_turn(stage, [stage.greatest_owner()[0]])


def rolling_restart(stage):
    """Every instance is stopped and started, one after the other."""
    stop_in_turn(stage, [each.number for each in stage.cluster.instances()])


def stop_in_turn(stage, numbers):
    waits, stale = [], []
    for number in numbers:
        stage.await_owned()
        begin = books.now()
        stage.cluster.stop(number)
        stage.cluster.start(number)
        stage.await_owned()
        note_times(stage, begin, waits, stale)
    tell_times(stage, waits, stale, HANDED_OVER_SECONDS)
    given_up = sum(books.was_given_up(call) for call in stage.book.calls)
    stage.must(given_up == 0, f"{given_up} calls were not answered to a client that repeats them as the error says")


def paused_owner(stage):
    """SIGSTOP of the instance that owns most, past the group's session, then SIGCONT."""
    waits, stale = [], []
    for round_number in range(stage.options.rounds):
        stage.await_owned()
        number, owned = stage.greatest_owner()
        before = stage.cluster.instance(number).metrics().sum("mynumber_step_downs")
        begin = books.now()
        stage.cluster.pause(number)
        with callers_of_the_paused(stage, number, round_number):
            if stage.has_standbys:
                await_taken_over(stage, number, owned)
            end = begin + int((SHORT_PAUSE_SECONDS if stage.options.short else PAUSE_SECONDS) * 1e9)
            time.sleep(max(0, (end - books.now()) / 1e9))
            stage.cluster.resume(number)
        stage.await_owned()
        note_times(stage, begin, waits, stale, owned)
        stepped_down = stage.cluster.instance(number).metrics().sum("mynumber_step_downs") - before
        if stage.has_standbys:
            stage.must(stepped_down >= len(owned), f"the paused instance had {len(owned)} partitions taken away, and "
                       f"stepped down from {stepped_down:.0f}")
    tell_times(stage, waits, stale, TAKEOVER_SECONDS_MAX)


@contextlib.contextmanager
def callers_of_the_paused(stage, number, round_number):
    """Clients whose calls wait in the paused instance and come to it when it wakes: what it answers then is judged by
    the history, as every answer is."""
    roads = callers.Roads([stage.cluster.instance(number).address])
    contested = [rival for rival in stage.load.others if isinstance(rival, (rivals.ResidentRival, rivals.CardRival))]
    clients = itertools.count(1000 * (round_number + 1))
    threads = []
    for rival in contested:
        own = callers.Caller(roads, stage.book, next(clients), try_seconds=60, waits=True)
        keys = rival.residents if isinstance(rival, rivals.ResidentRival) else rival.cards
        waiting = type(rival)(own, keys, stage.options.seed + round_number)
        threads.append(threading.Thread(target=waiting.act))
        threads[-1].start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()
        roads.close()


def wrong_clock(stage):
    """One instance's clock is ten minutes ahead."""
    stage.await_owned()
    number, owned = stage.greatest_owner()
    stage.cluster.stop(number)
    each = stage.cluster.instance(number)
    each.start(stage.cluster.brokers.addresses(), environment={
        "LD_PRELOAD": str(CLOCK_SHIM), "WRONG_CLOCK_SECONDS": str(CLOCK_OFF_SECONDS)})
    until = time.monotonic() + TAKEOVER_SECONDS_MAX
    is_warned, is_alarmed = False, lambda page: page.sum("mynumber_clock_step_downs") > 0
    while not is_warned and time.monotonic() < until:
        is_warned = is_alarmed(each.metrics())
        time.sleep(0.2)
    stage.must(is_warned, f"an instance whose clock is {CLOCK_OFF_SECONDS} s off did not say so")
    stage.must("clock" in each.log.read_text(errors="replace"), "its log does not speak of the clock")
    if stage.has_standbys:
        await_going_on(stage, books.now(), TAKEOVER_SECONDS_MAX)
    each.end(9)
    stage.cluster.start(number)
    stage.await_owned()


def full_disk(stage):
    """The disk of one instance's rows is full."""
    import small_disk
    stage.await_owned()
    number, owned = stage.greatest_owner()
    each = stage.cluster.instance(number)
    stage.must(os.environ.get(small_disk.OWN_MOUNTS) == "yes", "a small disk cannot be mounted here: run it as root")
    stage.cluster.stop(number)
    each.data.rename(each.data.with_name("rows-before"))
    disk = small_disk.MountedDisk(each.data, DISK_MEBIBYTES)
    try:
        stage.cluster.start(number)
        stage.await_owned()
        number_owned = [at for at, owner in stage.owners().items() if owner == number]
        begin = books.now()
        disk.fill_up_to(0)
        if stage.has_standbys and number_owned:
            await_taken_over(stage, number, number_owned)
            await_going_on(stage, books.now(), TAKEOVER_SECONDS_MAX)
        else:
            time.sleep(5)
        ready, why_not = each.readiness()
        stage.must(each.pid() != 0, "the instance whose disk is full has ended")
        stage.must(ready or "disk" in why_not, f"it does not say that its disk is full: {why_not}")
        disk.make_room()
        stage.await_owned()
        stage.note(f"longest wait for a write: {max(stage.waits(begin, books.now()).values()):.2f} s")
        await_going_on(stage, books.now(), TAKEOVER_SECONDS_MAX)
        stage.cluster.stop(number)
    finally:
        disk.remove()
    stage.cluster.start(number)
    stage.await_owned()


def await_going_on(stage, since, seconds_max):
    """Every partition of every service has taken a write that began after `since`; how long that took, in seconds."""
    wanted = {call[1:3] for call in stage.book.calls if call.kind == "write" and call.partition is not None}
    until = time.monotonic() + seconds_max
    while time.monotonic() < until:
        calls = list(stage.book.calls)
        done = {call[1:3] for call in calls if call.kind == "write" and call.outcome == books.OK and call.end > since}
        if wanted <= done:
            return (books.now() - since) / 1e9
        time.sleep(0.1)
    stage.must(False, f"{len(wanted - done)} partitions take no writes after {seconds_max} s")
    return seconds_max
