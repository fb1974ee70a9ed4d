"""What clients saw: every call with its start, end and outcome; and what follows from that."""

import collections
import json
import pathlib
import threading
import time

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"

# kind: "write", "current", "stale", or "waiting" of a client that does so on purpose. partition: None if nobody told.
# Times are of time.monotonic_ns. `errors` are those of the tries that failed: (code, reason).
Call = collections.namedtuple("Call", "kind service partition method start end outcome errors")


class Book:
    """Written by all threads of a load."""

    def __init__(self, history_file):
        self._lock = threading.Lock()
        self._history = open(history_file, "w", encoding="utf-8")
        self.history_file = pathlib.Path(history_file)
        self.calls, self.broken = [], []

    def note(self, call):
        with self._lock:
            self.calls.append(call)

    def note_broken(self, sentence):
        """Something that must never be."""
        with self._lock:
            self.broken.append(sentence)

    def note_operation(self, model, key, client, op, answer, value="", output=""):
        """A line for the checker of histories (tests/cluster/README.md)."""
        line = {"model": model, "key": key, "client": client, "op": op, "input": value,
                "output": output if answer.outcome == OK else "", "outcome": answer.outcome, "start": answer.start,
                "end": answer.end}
        text = json.dumps(line, ensure_ascii=False) + "\n"
        with self._lock:
            self._history.write(text)

    def close(self):
        self._history.close()

    def count(self, **wanted):
        return sum(all(getattr(call, name) == value for name, value in wanted.items()) for call in self.calls)

    def errors(self):
        """(code, reason) -> how many tries ended so."""
        return collections.Counter(error for call in self.calls for error in call.errors)


# By which a try ends that may be repeated.
PASSING = ("UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "CANCELLED")


def was_given_up(call):
    """Its client repeated it for as long as it had patience."""
    return call.outcome == UNKNOWN and call.errors[-1][0] in PASSING


def longest_waits(calls, begin, end):
    """(service, partition) -> the longest wait of its calls; those whose partition nobody told are left out."""
    groups = collections.defaultdict(list)
    for call in calls:
        if call.partition is not None:
            groups[call.service, call.partition].append(call)
    return {at: longest_wait(group, begin, end) for at, group in groups.items()}


def longest_wait(calls, begin, end):
    """How long, in seconds, the slowest of those took, retries included, that were under way between begin and end
    (monotonic ns); what is before begin does not count."""
    return max(((call.end - max(call.start, begin)) / 1e9 for call in calls if call.end > begin and call.start < end),
               default=0.0)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


now = time.monotonic_ns
