#!/usr/bin/env python3
"""Checks the ownership protocol in every order of events that there is, within small bounds.

A second writing of the rules in libs/eventsourcing/{fold,ownership}.cc, short enough to walk through all its states:
some instances follow, claim and write one partition of a log that can only append. Requests may be late without limit
(past the death of their writer too), get lost, or land twice; acknowledgements may be lost; instances may crash; a tail
that could be read but was never acknowledged may be cut off, its requests be sent again, and the leader that had it be
asked for a while longer. README.md says what is the same as in the code, and what is left out.

In every state is checked:
  I1  what was answered OK is in the fold for ever
  I2  the log never raises an alarm: a batch of the right claim and sequence has the right hash
  I3  whoever serves, and whoever commits, has the rows that the log gives up to there: so no refusal, "already so" or
      current read that leaves with the batch is older than what anybody was told before it was sent
  I4  whoever compares its rows with the log and finds them right has the rows that the log gives

usage: ownership.py [--log N] [--claims N] [--instances N] [--asks N] [--faults a,b,...] [--bug NAME]
                    [--states-max N]
Exit 0: every invariant holds in every state. Exit 1: the shortest history that breaks one is printed. Exit 3: stopped
at --states-max, nothing broken so far.
"""
import argparse
import functools
import sys
from collections import deque, namedtuple

FOLLOWS, CLAIMS, READS_CLAIM, SERVES, READS_GAP = range(5)
PHASES = "follows", "claims", "reads its claim", "serves", "reads a gap"
FAULTS = "lost", "twice", "late_copy", "unacknowledged", "cut", "sent_again", "old_leader", "crash"
BUGS = (
    "valid_by_claim_alone",      # a batch of the newest claim counts, whatever its sequence and hash
    "no_gap_check",              # an acknowledgement at a later offset is taken for one at the next
    "claim_not_acknowledged",    # whoever reads its own claim serves
    "answer_at_once",            # an answer without a record leaves at once
    "answer_at_end_of_log",      # ... or once the rows are where the leader says that the log ends
    "no_comparison",             # rows are never compared with the log
    "compare_from_last_batch",   # rows are compared from their last batch on, not from the one before
    "no_proof",                  # what was read before the own acknowledged record is not compared behind it
    "answer_when_sent",          # callers are told before the acknowledgement
)

# A record: the claim `claim` (sequence -1), or a batch under it, decided on the history `before`. A history is the
# tuple of all valid records' names and stands for the running hash; a name is claim * 16 + sequence + 1.
Record = namedtuple("Record", "claim sequence before")
# Rows: what they were folded from, and the offsets of the last valid record and of the last two valid batches.
Head = namedtuple("Head", "history offset batch previous")
# `read`: the next offset to read. `waits_for`: the offset of the own claim or batch that was acknowledged. `flight`:
# name of the batch under way. `behind`: has not met the newest leader yet. `asked`: what had been answered OK when it
# was asked something, whether the batch under way was sent after that, and the end that it was told (-1: none).
Instance = namedtuple("Instance", "phase claim head read compared waits_for flight behind asked")
# `durable`: everything below this offset stays. `pending`: (claim, sequence, offset) in the log, not acknowledged yet.
# `requests`: (record, whether somebody waits for its acknowledgement) on the way.
State = namedtuple("State", "log durable pending requests instances oks claims old_log copies cuts crashes asks")

EMPTY = Head((), -1, -1, -1)
NEW = Instance(FOLLOWS, -1, EMPTY, 0, False, -1, -1, False, ())


def name_of(record):
    return record.claim * 16 + record.sequence + 1


def newest_claim(history):
    for name in reversed(history):
        if name % 16 == 0:
            return name // 16
    return -1


def next_sequence(history):
    count = 0
    for name in reversed(history):
        if name % 16 == 0:
            break
        count += 1
    return count


def judge(history, record, rule):
    """claim, valid, void or alarm: fold.cc, Judge."""
    newest = newest_claim(history)
    if record.sequence < 0:
        return "claim" if record.claim != newest else "void"
    if record.claim != newest or newest < 0:
        return "void"
    if rule == "valid_by_claim_alone":
        return "valid"
    if record.sequence != next_sequence(history):
        return "void"
    return "valid" if record.before == history else "alarm"


def advance(head, record, offset):
    history = head.history + (name_of(record),)
    if record.sequence < 0:
        return head._replace(history=history, offset=offset)
    return Head(history, offset, offset, head.batch)


@functools.lru_cache(maxsize=None)
def fold(log, rule):
    """The history behind each prefix of the log, and the first alarm in it."""
    head, histories, alarm = EMPTY, [()], None
    for offset, record in enumerate(log):
        verdict = judge(head.history, record, rule)
        if verdict == "alarm":
            alarm = alarm or f"the record at offset {offset} continues another history"
        elif verdict != "void":
            if verdict == "valid" and record.before != head.history:
                alarm = alarm or f"the valid batch at offset {offset} was decided on another history"
            head = advance(head, record, offset)
        histories.append(head.history)
    return tuple(histories), alarm


@functools.lru_cache(maxsize=None)
def head_stands(log, head, bug):
    """Whether the log, folded from the batch before the last one on, comes to the head; None: it is too short."""
    if len(log) <= head.offset:
        return None
    start = head.batch if bug == "compare_from_last_batch" else head.previous
    history = ()
    for offset in range(max(0, start), head.offset + 1):
        record = log[offset]
        if offset == start and record.sequence >= 0:
            history = record.before
        verdict = judge(history, record, None)
        if verdict == "alarm":
            return False
        if verdict != "void":
            history += (name_of(record),)
    return history == head.history


class Model:
    def __init__(self, log=3, claims=2, faults=frozenset(FAULTS), bug=None, instances=2, asks=0):
        self.log_max, self.claims_max, self.asks_max = log, claims, asks
        self.faults, self.bug, self.instances = frozenset(faults), bug, instances
        self.rule = bug if bug == "valid_by_claim_alone" else None

    def start(self):
        return State((), 0, (), (), (NEW,) * self.instances, (), 0, None, 0, 0, 0, 0)

    # ---- What may happen next: (label, state, what it breaks or None)

    def steps(self, s):
        for i, instance in enumerate(s.instances):
            yield from self.instance_steps(s, i, instance)
        for j in range(len(s.requests)):
            yield from self.request_steps(s, j)
        for pending in s.pending:
            yield from self.pending_steps(s, pending)
        if "cut" in self.faults and s.cuts < 1 and s.durable < len(s.log):
            for cut in range(s.durable, len(s.log)):
                yield from self.cut_steps(s, cut)

    def put(self, s, i, instance, **changes):
        if instance.compared and instance.phase == FOLLOWS and instance.read >= len(s.log):
            # It has read all, and looks at the end anew.
            instance = instance._replace(compared=False)
        return s._replace(instances=s.instances[:i] + (instance,) + s.instances[i + 1:], **changes)

    def room(self, s):
        return len(s.log) + len(s.requests) < self.log_max

    def truth(self, s, end):
        return fold(s.log, self.rule)[0][end]

    def instance_steps(self, s, i, w):
        if w.phase == FOLLOWS:
            if s.claims < self.claims_max and self.room(s):
                claim = Record(s.claims, -1, ())
                yield (f"{i} claims as {s.claims}",
                       self.put(s, i, w._replace(phase=CLAIMS, claim=s.claims), claims=s.claims + 1,
                                requests=s.requests + ((claim, True),)), None)
            yield from self.read(s, i, w)
        elif w.phase == CLAIMS:
            if self.bug == "claim_not_acknowledged":
                yield from self.read(s, i, w)
                if newest_claim(w.head.history) == w.claim:
                    yield self.serve(s, i, w)
        elif w.phase in (READS_CLAIM, READS_GAP):
            yield from self.instance_read_steps(s, i, w)
        elif w.phase == SERVES:
            if w.flight < 0 and self.room(s):
                yield self.send(s, i, w)
            if not w.asked and s.asks < self.asks_max and s.oks:
                asked = (s.oks, w.flight < 0, -1)
                yield f"{i} is asked", self.put(s, i, w._replace(asked=asked), asks=s.asks + 1), None
        if w.asked:
            yield from self.answer_early(s, i, w)
        if "crash" in self.faults and w.phase != FOLLOWS and s.crashes < 2:
            yield f"{i} gives up its writer", self.put(s, i, self.follower(w), crashes=s.crashes + 1), None

    @staticmethod
    def follower(w):
        return w._replace(phase=FOLLOWS, claim=-1, compared=False, waits_for=-1, flight=-1, asked=())

    def send(self, s, i, w):
        record = Record(w.claim, next_sequence(w.head.history), w.head.history)
        asked = w.asked and (w.asked[0], True, w.asked[2])
        oks = s.oks + (name_of(record),) if self.bug == "answer_when_sent" else s.oks
        return (f"{i} sends {w.claim}.{record.sequence}",
                self.put(s, i, w._replace(flight=name_of(record), asked=asked), requests=s.requests + ((record, True),),
                         oks=oks), None)

    @staticmethod
    def answer(w):
        """The rows must have all that had been told when it was asked."""
        missing = [name for name in w.asked[0] if name not in w.head.history]
        return missing and f"answered from rows that lack {missing}, which had been answered OK before"

    def answer_early(self, s, i, w):
        if self.bug == "answer_at_once":
            yield f"{i} answers at once", self.put(s, i, w._replace(asked=())), self.answer(w)
        if self.bug == "answer_at_end_of_log":
            oks, proven, end = w.asked
            if end < 0:
                for log in self.views(s, w):
                    yield f"{i} is told that the log ends at {len(log)}", \
                        self.put(s, i, w._replace(asked=(oks, proven, len(log)))), None
            elif w.head.offset + 1 >= end or all(name_of(record) in w.head.history for record in s.log[:end]):
                yield f"{i} answers at the end of the log", self.put(s, i, w._replace(asked=())), self.answer(w)

    # ---- Reading

    def views(self, s, w):
        """The logs that its next read may see."""
        return [s.log, s.old_log] if w.behind and s.old_log is not None else [s.log]

    def read(self, s, i, w):
        """One record: ownership.cc, ReadUpTo."""
        for log in self.views(s, w):
            where = "the old leader" if log is not s.log else "the log"
            v = w._replace(behind=w.behind and log is not s.log)
            if v.read >= len(log):
                continue
            record = log[v.read]
            verdict = judge(v.head.history, record, self.rule)
            if self.bug != "no_comparison" and (verdict == "alarm" or (verdict != "valid" and not v.compared)):
                yield from self.compare(s, i, v, log, where)
                continue
            if verdict == "alarm":
                # Without comparison nobody knows better.
                verdict = "void"
            yield f"{i} reads {v.read} of {where}: {verdict}", self.put(s, i, self.take(v, record, verdict)), None

    @staticmethod
    def take(w, record, verdict):
        head = w.head if verdict == "void" else advance(w.head, record, w.read)
        return w._replace(head=head, read=w.read + 1)

    def compare(self, s, i, v, log, where):
        """MustCompare, CompareHead: the rows first, then the record."""
        same = head_stands(log, v.head, self.bug)
        if same is None:
            return
        if not same:
            yield f"{i} compares with {where} and begins anew", \
                self.put(s, i, v._replace(head=EMPTY, read=0, compared=True)), None
            return
        wrong = None
        if log is s.log and self.truth(s, v.head.offset + 1) != v.head.history:
            wrong = f"I4: {i} found its rows right, and they are not"
        v = v._replace(compared=True, read=v.head.offset + 1)
        record = log[v.read]
        verdict = judge(v.head.history, record, self.rule)
        if verdict == "alarm":
            wrong = wrong or f"I2: an alarm of {i} that is still there after a comparison"
        else:
            v = self.take(v, record, verdict)
        yield f"{i} compares with {where} and reads on", self.put(s, i, v), wrong

    def read_up_to_own(self, s, i, w, label):
        """All before an acknowledged record stays: reading it is one step, unless an old leader can be asked."""
        state, wrong = self.put(s, i, w), None
        while len(self.views(state, w)) == 1 and w.phase in (READS_CLAIM, READS_GAP) and not wrong:
            (_, state, wrong), = self.instance_read_steps(state, i, w)
            w = state.instances[i]
        return label, state, wrong

    def instance_read_steps(self, s, i, w):
        return self.read(s, i, w) if w.read <= w.waits_for else self.judge_own(s, i, w)

    def judge_own(self, s, i, w):
        """All is read up to the own record: StepReadingClaim, StepReadingGap."""
        newest = newest_claim(w.head.history)
        if w.phase == READS_GAP and newest != w.claim:
            yield f"{i} was replaced", self.put(s, i, self.follower(w)), None
            return
        if w.head.offset != w.waits_for or newest != w.claim:
            yield f"{i} claims anew, later", self.put(s, i, self.follower(w)), None
            return
        # Whoever has read its own record has met the leader that acknowledged it.
        if self.bug in ("no_proof", "no_comparison") or head_stands(s.log, w.head, self.bug):
            yield self.serve(s, i, w)
        else:
            yield f"{i} read what is gone, and begins anew", \
                self.put(s, i, self.follower(w)._replace(head=EMPTY, read=0, behind=False)), None

    def serve(self, s, i, w):
        wrong = None
        if self.bug != "claim_not_acknowledged" and self.truth(s, w.head.offset + 1) != w.head.history:
            wrong = f"I3: {i} serves from rows that the log does not give"
        # A batch behind a gap: decided again, and answered with the next.
        asked = w.asked and (w.asked[0], False, w.asked[2])
        return f"{i} serves", self.put(s, i, w._replace(phase=SERVES, flight=-1, waits_for=-1, asked=asked)), wrong

    # ---- The log

    def request_steps(self, s, j):
        (record, is_awaited) = s.requests[j]
        rest = s.requests[:j] + s.requests[j + 1:]
        label = f"{record.claim}.{record.sequence}" if record.sequence >= 0 else f"claim {record.claim}"
        offset = len(s.log)
        pend = s.pending + ((record.claim, record.sequence, offset),) if is_awaited else s.pending
        yield f"the log takes {label} at {offset}", s._replace(log=s.log + (record,), requests=rest, pending=pend), None
        if "lost" in self.faults:
            yield f"{label} is lost", s._replace(requests=rest), None
        if not is_awaited or s.copies > 0:
            return
        if "twice" in self.faults and len(s.log) + len(s.requests) < self.log_max:
            for told in (offset, offset + 1):
                told_pend = s.pending + ((record.claim, record.sequence, told),)
                yield f"the log takes {label} at {offset} and {offset + 1}, tells {told}", \
                    s._replace(log=s.log + (record, record), requests=rest, pending=told_pend, copies=1), None
        if "late_copy" in self.faults and record.sequence >= 0 and self.room(s):
            yield f"the log takes {label} at {offset}, a copy comes later", \
                s._replace(log=s.log + (record,), requests=rest + ((record, False),), pending=pend, copies=1), None

    def pending_steps(self, s, pending):
        claim, sequence, offset = pending
        rest = tuple(other for other in s.pending if other != pending)
        acknowledged = s._replace(pending=rest, durable=max(s.durable, offset + 1))
        yield from self.acknowledge(acknowledged, claim, sequence, offset)
        if "unacknowledged" in self.faults:
            yield f"the acknowledgement of {offset} is lost", s._replace(pending=rest), None

    def acknowledge(self, s, claim, sequence, offset):
        for i, w in enumerate(s.instances):
            if w.claim != claim:
                continue
            if w.phase == CLAIMS and sequence < 0:
                if offset <= w.head.offset and self.bug != "no_comparison":
                    w = w._replace(head=EMPTY, read=0)
                else:
                    w = w._replace(read=w.head.offset + 1)
                w = w._replace(phase=READS_CLAIM, waits_for=offset, compared=False)
                yield self.read_up_to_own(s, i, w, f"{i} is told that its claim stands at {offset}")
                return
            if w.phase == SERVES and sequence >= 0 and w.flight == claim * 16 + sequence + 1:
                yield self.acknowledge_batch(s, i, w, offset)
                return
        yield f"the log keeps {offset}", s, None

    def acknowledge_batch(self, s, i, w, offset):
        label = f"{i} is told that {w.claim}.{w.flight % 16 - 1} stands at {offset}"
        if offset < w.read:
            return label + ", which is too early", self.put(s, i, self.follower(w)), None
        if offset > w.read and self.bug != "no_gap_check":
            return self.read_up_to_own(s, i, w._replace(phase=READS_GAP, waits_for=offset), label + ", behind a gap")
        head = Head(w.head.history + (w.flight,), offset, offset, w.head.batch)
        v = w._replace(head=head, read=offset + 1, flight=-1)
        wrong = None
        if self.truth(s, offset + 1) != head.history:
            wrong = f"I3: {i} commits to rows that the log does not give"
        if v.asked and v.asked[1]:
            wrong = wrong or self.answer(v)
            v = v._replace(asked=())
        elif v.asked:
            v = v._replace(asked=(v.asked[0], True, v.asked[2]))
        # Whatever the rows have may be told from now on: to its caller, or again from its receipt.
        oks = tuple(sorted(set(s.oks) | {name for name in head.history if name % 16 > 0}))
        return label, self.put(s, i, v, oks=oks), wrong

    def cut_steps(self, s, cut):
        gone = [pending for pending in s.pending if pending[2] >= cut]
        rest = tuple(pending for pending in s.pending if pending[2] < cut)
        is_told_of = "old_leader" in self.faults
        instances = tuple(w._replace(behind=is_told_of, compared=w.compared and (w.phase != FOLLOWS or w.read < cut))
                          for w in s.instances)
        base = s._replace(log=s.log[:cut], pending=rest, cuts=1, instances=instances,
                          old_log=s.log if is_told_of else None)
        yield f"the log loses all from {cut} on", base, None
        if "sent_again" in self.faults and gone:
            again = tuple((s.log[offset], True) for _, _, offset in gone)
            yield f"the log loses all from {cut} on, it is sent again", base._replace(requests=s.requests + again), None

    # ---- Invariants of a state

    def broken(self, s):
        histories, alarm = fold(s.log, self.rule)
        if alarm:
            return "I2: " + alarm
        lost = [name for name in s.oks if name not in histories[-1]]
        if lost and self.bug != "answer_when_sent":
            return f"I1: {lost} were answered OK and are not in the fold {histories[-1]}"
        if lost and not any(name_of(record) in lost for record, _ in s.requests):
            return f"I1: {lost} were answered OK and never will be in the fold {histories[-1]}"
        return None


def seen_as(s):
    """The same for all states that differ only in names or in the order of what has none."""
    return s._replace(pending=tuple(sorted(s.pending)), requests=tuple(sorted(s.requests)),
                      instances=tuple(sorted(s.instances)))


def explore(model, states_max):
    """(states seen, the shortest history that breaks something or None, what it breaks or None)."""
    start = model.start()
    came_from, queue = {seen_as(start): None}, deque([start])
    while queue:
        state = queue.popleft()
        key = seen_as(state)
        for label, following, wrong in model.steps(state):
            following_key = seen_as(following)
            if not wrong and following_key in came_from:
                continue
            if not wrong and (following.log is not state.log or following.oks is not state.oks):
                wrong = model.broken(following)
            if wrong:
                return len(came_from), labels_to(came_from, key) + [label], wrong
            came_from[following_key] = (key, label)
            queue.append(following)
        if len(came_from) > states_max:
            return len(came_from), None, None
    return len(came_from), None, None


def labels_to(came_from, key):
    labels = []
    while came_from[key]:
        key, label = came_from[key]
        labels.append(label)
    return labels[::-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=int, default=3, help="records at most, those on the way included")
    parser.add_argument("--claims", type=int, default=2, help="claims at most")
    parser.add_argument("--instances", type=int, default=2)
    parser.add_argument("--asks", type=int, default=0, help="questions that need no record, at most")
    parser.add_argument("--faults", default=",".join(FAULTS), help="of " + ", ".join(FAULTS))
    parser.add_argument("--bug", choices=BUGS)
    parser.add_argument("--states-max", type=int, default=20_000_000)
    arguments = parser.parse_args()
    faults = set(arguments.faults.split(",")) - {""}
    model = Model(arguments.log, arguments.claims, faults, arguments.bug, arguments.instances, arguments.asks)
    states, steps, wrong = explore(model, arguments.states_max)
    if wrong:
        print(f"{states} states; {wrong}:")
        for step in steps:
            print("  " + step)
        return 1
    if states > arguments.states_max:
        print(f"{states} states searched, stopped at the bound, no violation")
        return 3
    print(f"{states} states, every invariant holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
