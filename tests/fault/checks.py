"""What must hold after every fault: rows are the fold of the log on every instance, nothing that was acknowledged is
lost or doubled, and what clients saw fits one order."""

import collections
import functools
import json
import subprocess
import time

import book as books
import service_protos as protos

SETTLE_SECONDS_MAX = 120
VERIFY_SECONDS_MAX = 600
SERVICES = ("issuance", "notice", "card", "hotline")
# Metrics that must be nought on every instance.
MUST_BE_NOUGHT = ("mynumber_truncations", "mynumber_partition_stopped", "mynumber_reactions_stopped")


def problems_after(stage):
    """Sentences, empty if all is well. The load has been stopped, and every instance runs."""
    found = list(stage.book.broken)
    found += await_same_rows(stage)
    found += wrong_refusals(stage.book)
    found += stage.load.check()
    found += await_same_rows(stage)
    residents = []
    for each in stage.cluster.instances():
        for service in SERVICES:
            report = verify(stage, each, service)
            if not report.clean:
                found.append(f"{each.name}: {service} is not the fold of its log: {'; '.join(report.problems)}")
            if service == "issuance":
                residents.append(report.residents)
        page = each.metrics()
        found += [f"{each.name}: {name} is {page.sum(name):.0f}" for name in MUST_BE_NOUGHT if page.sum(name)]
    least, most = stage.load.residents()
    # Of instances that keep rows of what they own alone, each counts its own.
    counts = [sum(residents)] if stage.options.follow == "owned" else residents
    if not all(least <= count <= most for count in counts):
        found.append(f"{counts} residents are in the log, not {least} to {most}")
    stage.book.close()
    return found + linearizable(stage)


# What rivals refuse each other.
RIGHT_REFUSALS = ("CARD_NOT_SUSPENDED",)


def wrong_refusals(book):
    """A rule said no to what no rule forbids: a fault must not turn into an answer."""
    reasons = collections.Counter(f"{call.method} {code} {reason}" for call in book.calls if call.kind != "stale"
                                  for code, reason in call.errors
                                  if code not in books.PASSING and reason not in RIGHT_REFUSALS)
    return [f"refused {count} times: {what}" for what, count in reasons.items() if not is_early(what)]


def is_early(what):
    """A card service that has not heard of a resident yet, while residents and cards are made."""
    return what.startswith("RecordMailedApplication NOT_FOUND")


def verify(stage, instance, service):
    """The report of an instance that folds the log afresh beside its rows."""
    stub = stage.operations(instance)
    request = protos.operations.VerifyRequest(service=service)
    steps = list(stub.Verify(request, timeout=VERIFY_SECONDS_MAX))
    return steps[-1].report


def standings(stage, instance):
    """(service, partition) -> (sequence, running hash) of its rows, where it follows them."""
    answer = stage.operations(instance).GetStatus(protos.operations.GetStatusRequest(), timeout=30)
    return {(each.service, each.partition): (each.sequence, each.running_hash) for each in answer.partitions
            if each.phase != "resting"}


def await_same_rows(stage):
    """All instances come to the same place of the same history in every partition."""
    until = time.monotonic() + SETTLE_SECONDS_MAX
    while True:
        seen = [standings(stage, each) for each in stage.cluster.instances()]
        everywhere = set().union(*seen)
        differ = sorted(at for at in everywhere if len({one[at] for one in seen if at in one}) > 1)
        if not differ:
            return []
        if time.monotonic() > until:
            return [f"after {SETTLE_SECONDS_MAX} s the instances' rows differ in {len(differ)} partitions: "
                    + ", ".join(f"{service} {partition}" for service, partition in differ[:8])]
        time.sleep(0.2)


@functools.cache
def checker():
    built = subprocess.run([protos.ROOT / "deploy" / "tools", "linearizable"], check=True, stdout=subprocess.PIPE,
                           text=True)
    return built.stdout.strip()


def linearizable(stage):
    words = [checker(), "-pictures", stage.folder, stage.book.history_file]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode > 1 or not done.stdout:
        return [f"the checker of histories: {done.stderr.strip()}"]
    said = json.loads(done.stdout)
    stage.note(f"{said['operations']:,} calls on {said['keys']:,} contested keys fit one order each"
               if done.returncode == 0 else "the checker of histories found violations")
    return ([f"calls on {key} fit no order: {stage.folder} has a picture" for key in said["violations"]] +
            [f"calls on {key} could not be judged in time" for key in said["undecided"]])


def error_summary(book):
    """As "UNAVAILABLE PARTITION_NOT_SERVING 12", the most frequent first."""
    counts = collections.Counter(book.errors())
    return ", ".join(f"{code} {reason or '(no details)'} {count}" for (code, reason), count in counts.most_common(8))
