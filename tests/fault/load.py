"""The continuous load of all four services: a thread for each client."""

import collections
import itertools
import threading
import time
import traceback

import book as books
import made_up
import readers
import rivals
import writers

# Writes a second and partition of each service; other clients act as often.
WRITES_PER_SECOND = 5
CARDS_EACH_PARTITION = 2
RIVALS = 3
RIVAL_KEYS = 3
REGISTRATIONS_FROM = 100_000
STOP_SECONDS_MAX = 300


class Load:
    """Runs from `start` to `stop`; then `check` says what is wrong with what was acknowledged."""

    def __init__(self, roads, book, partitions, seed=0):
        self.roads, self.book, self.partitions, self.seed = roads, book, partitions, seed
        self.writes_per_second = WRITES_PER_SECOND  # may be changed while it runs
        self._stop = threading.Event()
        self._hurry = threading.Condition()
        self._numbers = itertools.count(1)
        self.threads = []

    def prepare(self):
        """Brings residents, cards and cases into being."""
        self.population = made_up.Population(self.roads, self.book, self.partitions)
        self.population.make(CARDS_EACH_PARTITION)
        new = readers.callers_of(self.roads, self.book, self._numbers)
        cases = collections.defaultdict(list)
        self.writers = []
        for partition in range(self.partitions):
            own = self.population.residents[partition][0]
            self.writers += [writers.Mover(new(), own, partition),
                             writers.Suspender(new(), f"{own}/cards/1", partition),
                             writers.NoteTaker(new(), partition, cases),
                             writers.Reporter(new(), partition, self.partitions)]
        self.others = list(self._rivals(new)) + list(self._readers(new))
        return self

    def _rivals(self, new):
        """On residents and cards that no writer has."""
        contested = [names[1] for names in self.population.residents.values()]
        residents, cards = contested[:RIVAL_KEYS], [f"{name}/cards/1" for name in contested[:RIVAL_KEYS]]
        for resident in residents:
            rivals.ResidentRival(new(), residents, self.seed).write(resident)  # where the register begins
        for at in range(RIVALS):
            yield rivals.ResidentRival(new(), residents, self.seed + at)
            yield rivals.CardRival(new(), cards, self.seed + at)
            yield rivals.Registrar(new(), REGISTRATIONS_FROM)
        found = {f"{name}/cards/1": self.population.serials[f"{name}/cards/1"] for name in contested[RIVAL_KEYS:]}
        yield rivals.HotlineRival(new(), found or {cards[0]: self.population.serials[cards[0]]})

    def _readers(self, new):
        movers = [each for each in self.writers if isinstance(each, writers.Mover)]
        residents = [mover.resident for mover in movers]
        cards = [f"{name}/cards/1" for name in residents]
        for at in range(2):
            yield readers.StaleReader(new(), residents, cards, self.seed + at)
            yield readers.CurrentReader(new(), movers, self.seed + at)
        yield readers.NoticeReader(new(), residents, self.seed)

    def start(self):
        for each in self.writers:
            self._run(each.write)
        for each in self.others:
            self._run(each.act)
        return self

    def _run(self, act):
        def loop():
            moment = time.monotonic()
            while not self._stop.is_set():
                try:
                    act()
                except Exception:  # the thread ends, and the fault does not pass
                    self.book.note_broken(f"a client broke down:\n{traceback.format_exc()}")
                    return
                moment = max(moment + 1 / self.writes_per_second, time.monotonic() - 1)
                with self._hurry:
                    self._hurry.wait(max(0.0, moment - time.monotonic()))

        self.threads.append(threading.Thread(target=loop, daemon=True))
        self.threads[-1].start()

    def hurry(self):
        """Nobody pauses now: what cannot be served from here on is felt at once."""
        with self._hurry:
            self._hurry.notify_all()

    def stop(self):
        """Every client ends with the call that it is at."""
        self._stop.set()
        self.hurry()
        until = time.monotonic() + STOP_SECONDS_MAX
        for thread in self.threads:
            thread.join(max(0.1, until - time.monotonic()))
        if any(thread.is_alive() for thread in self.threads):
            self.book.note_broken(f"clients did not end within {STOP_SECONDS_MAX} s")

    def check(self):
        """Sentences about what was acknowledged and is not there, or more than once."""
        for each in self.writers:
            yield from each.check()
        yield from self._check_registrations()

    def _check_registrations(self):
        """The same registration again is answered with the same name and number."""
        registrars = [each for each in self.others if isinstance(each, rivals.Registrar)]
        told = {number: told for each in registrars for number, told in each.registered.items()}
        for number, before in told.items():
            _, now = rivals.register(registrars[0].caller, number)
            if now is not None and now != before:
                yield f"registration {number} has another name or number than when it was acknowledged"

    def residents(self):
        """(least, most) that there must be: those who were acknowledged, and those who may have been taken."""
        registrars = [each for each in self.others if isinstance(each, rivals.Registrar)]
        known = {name for names in self.population.residents.values() for name in names}
        known |= {told[0] for each in registrars for told in each.registered.values()}
        tried = {number for each in registrars for number in range(REGISTRATIONS_FROM, each.next)}
        answered = {number for each in registrars for number in each.registered}
        return len(known), len(known) + len(tried - answered)
