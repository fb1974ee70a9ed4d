"""One fault's stage: a cluster of its own under load, what is measured meanwhile, and what is checked at the end."""

import os
import pathlib
import random
import resource
import subprocess
import sys
import time


import book as books
import caller as callers
import checks
import service_protos as protos
from load import Load

sys.path[:0] = [str(protos.ROOT / "deploy" / "local_cluster"), str(protos.ROOT / "tests")]
import local_cluster  # noqa: E402
import standing  # noqa: E402
import unlimited_policy  # noqa: E402

# Before the fault, and after its last round.
QUIET_SECONDS = 3
PAGE_SECONDS = 1
OWNED_SECONDS_MAX = 120
# Times are promised at this share of the calls that keep the machine busy to the last.
LOAD_SHARE = 0.3
# A machine that is no busier at full pace has that much room anyway.
BUSY_PERCENT_MAX = 60
# Brokers are slow before their code is compiled.
WARM_UP_SECONDS = 30
MEASURED_SECONDS = 10


def processor_seconds():
    """(busy, idle) of all processors since the machine began; what the host took away is busy."""
    words = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    ticks = [int(word) / os.sysconf("SC_CLK_TCK") for word in words]
    idle = ticks[3] + ticks[4]
    return sum(ticks) - idle, idle


def busy_percent_of(seconds):
    """How busy the machine is from now on for so long."""
    begin = processor_seconds()
    time.sleep(seconds)
    busy, idle = (now - before for now, before in zip(processor_seconds(), begin))
    return 100 * busy / (busy + idle)


class Stage:
    """`options`: instances, partitions, seed, rounds, judges_times. `**wanted` are of local_cluster.DEFAULTS."""

    def __init__(self, name, folder, options, **wanted):
        self.name, self.folder, self.options = name, pathlib.Path(folder), options
        self.wanted = {"brokers": 3, "instances": options.instances, "partitions": options.partitions,
                       "follow": options.follow, **wanted}
        self.chance = random.Random(options.seed)
        self.problems, self.slow = [], []
        self.network = None  # of faults_network

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.wanted["policy"] = unlimited_policy.write(self.folder)
        self.cluster = local_cluster.LocalCluster(self.folder / "cluster")
        self.end_with_this_process()
        self.cluster.down()
        try:
            if self.network is not None:
                self.wanted |= {"places": self.network.places, "broker_host": self.network.broker_host, "tls": True}
            self.cluster.up(**self.wanted)
            self.roads = callers.Roads((each.address for each in self.cluster.instances()),
                                       self.cluster.certificates())
            self.book = books.Book(self.folder / "history.jsonl")
            self.load = Load(self.roads, self.book, self.options.partitions, self.options.seed).prepare()
            self.load.start()
        except BaseException:
            self.keep_logs()
            self.cluster.down()
            raise
        self.settle()
        return self

    def settle(self):
        """A machine that the load keeps busy to the last is given a share of what it did then."""
        if not self.options.short:
            time.sleep(WARM_UP_SECONDS)
        busy_percent, per_second = self.measure(QUIET_SECONDS if self.options.short else MEASURED_SECONDS)
        if busy_percent > BUSY_PERCENT_MAX and not self.options.short:
            self.note(f"at {per_second:.0f} calls a second the machine is {busy_percent:.0f} % busy")
            self.load.writes_per_second = LOAD_SHARE * per_second / len(self.load.threads)
            time.sleep(QUIET_SECONDS)
            busy_percent, per_second = self.measure(MEASURED_SECONDS)
        self.note(f"before the fault: {per_second:.0f} calls a second of {len(self.load.threads)} clients, the machine "
                  f"{busy_percent:.0f} % busy")

    def measure(self, seconds):
        """(how busy the machine is, calls a second)"""
        before = len(self.book.calls)
        busy_percent = busy_percent_of(seconds)
        return busy_percent, (len(self.book.calls) - before) / seconds

    def end_with_this_process(self):
        words = [protos.ROOT / "deploy" / "cluster", "watch", "--data", self.cluster.data, str(os.getpid())]
        self._watch = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, start_new_session=True)

    def __exit__(self, kind, *_):
        self.load._stop.set()
        self.roads.close()
        self.keep_logs()
        self.cluster.down()
        self._watch.kill()
        self._watch.wait()

    def keep_logs(self):
        """Where a fault that did not pass is looked into."""
        for log in [*self.cluster.data.glob("logs/instance-*.log"), *self.cluster.data.glob("kafka/*/broker.log")]:
            name = log.name if log.name != "broker.log" else f"{log.parent.name}.log"
            (self.folder / name).write_bytes(log.read_bytes())

    def finish(self):
        """Ends the load and asks all that must hold; then `problems` and `slow` are whole."""
        time.sleep(QUIET_SECONDS)
        self.load.stop()
        self.note(f"{self.book.count(kind='write', outcome=books.OK):,} writes, "
                  f"{self.book.count(kind='current', outcome=books.OK):,} current reads, "
                  f"{self.book.count(kind='stale', outcome=books.OK):,} stale reads; "
                  f"{self.book.count(outcome=books.UNKNOWN)} calls of unknown outcome")
        if told := checks.error_summary(self.book):
            self.note(f"tries that were repeated: {told}")
        self.problems += checks.problems_after(self)

    # ---- Told

    def note(self, text):
        print(f"    {text}", flush=True)

    def must(self, holds, sentence):
        """Safety, and what does not depend on the machine's speed."""
        if not holds:
            self.problems.append(sentence)

    def must_within(self, seconds, limit_seconds, what):
        """Times: judged at this load, unless told not to."""
        if seconds > limit_seconds:
            self.slow.append(f"{what}: {seconds:.2f} s, not {limit_seconds:.1f} s")

    # ---- Asked

    @property
    def has_standbys(self):
        return self.options.instances > 1

    def operations(self, instance):
        return self.roads.stubs(self.roads.addresses.index(instance.address), "operator")["operations"]

    def owners(self):
        """(service, partition) -> number of the instance that says it serves it; none where none does, or two do."""
        return {at: numbers[0] for at, numbers in self.served().items() if len(numbers) == 1}

    def served(self, but=None):
        """(service, partition) -> numbers of the instances that say they serve it, `but` left out."""
        seen = {}
        for each in self.cluster.instances():
            if each.number == but:
                continue
            for at, value in each.metrics(PAGE_SECONDS).by_partition("mynumber_partition_serving").items():
                if value == 1:
                    seen.setdefault(at, []).append(each.number)
        return seen

    def await_owned(self):
        """Every partition has one owner, and every instance is ready."""
        whole = self.options.partitions * len(standing.SERVICES)
        until = time.monotonic() + OWNED_SECONDS_MAX
        while len(self.owners()) < whole or not all(each.readiness()[0] for each in self.cluster.instances()):
            if time.monotonic() > until:
                self.must(False, f"after {OWNED_SECONDS_MAX} s not every partition has one owner: "
                          f"{len(self.owners())} of {whole} have")
                return
            time.sleep(0.1)

    def greatest_owner(self):
        """Number of the instance that owns most, and what it owns."""
        owners = self.owners()
        numbers = list(owners.values())
        greatest = max(set(numbers), key=numbers.count, default=1)
        return greatest, [at for at, number in owners.items() if number == greatest]

    def sum(self, metric):
        return sum(each.metrics().sum(metric) for each in self.cluster.instances())

    def mebibytes(self):
        """Resident memory of each instance that runs."""
        page = resource.getpagesize()
        return {each.number: int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * page / (1 << 20)
                for each in self.cluster.instances() if (pid := each.pid())}

    # ---- Measured

    def waits(self, begin, end, at=None):
        """The longest wait for a write, by service and partition; of those `at` alone if given."""
        found = books.longest_waits([call for call in self.book.calls if call.kind == "write"], begin, end)
        return {each: wait for each, wait in found.items() if at is None or each in at}

    def stale_wait(self, begin, end):
        """The longest stale read, retries included, in seconds."""
        return books.longest_wait([call for call in self.book.calls if call.kind == "stale"], begin, end)
