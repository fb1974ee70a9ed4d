"""What somebody may do to an extract who has no key: changed, removed, inserted, swapped, cut, spliced.

How careful they are: "file" changes frames and nothing else; "digests" makes all frames' digests anew; "log" is
what an honest export shows of topics that were tampered with: offsets, counts and ends fit too. Nobody makes the chain
anew but `make_anew`.
"""

import collections
import copy
from hashlib import sha256

from chain_fold import Chain
from exported_log import items, mapped
from log_protos import eventlog, export

CARES = ("file", "digests", "log")
# Where it was done: at this offset of the extract as it is then.
Tampering = collections.namedtuple("Tampering", "kind care partition offset")


def framed(item, digest):
    data = export.ExportFrame(item=item, digest=digest).SerializeToString()
    size, length = len(data), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return bytes([*length, size]) + data


class Entry:
    """One item of an extract; the digest stays that of the honest one until somebody makes it anew."""

    def __init__(self, item, digest=None):
        self.item, self.digest = item, digest

    def copy(self):
        return Entry(copy.deepcopy(self.item), self.digest)


class Extract:
    def __init__(self, header, partitions, ends, trailer):
        self.header, self.partitions, self.ends, self.trailer = header, partitions, ends, trailer

    @staticmethod
    def read(path):
        header, trailer, partitions, ends = None, None, collections.defaultdict(list), {}
        digest = bytes(32)
        for item, _, _ in items(mapped(path)):
            digest = sha256(digest + item.SerializeToString()).digest()
            kind = item.WhichOneof("item")
            entry = Entry(getattr(item, kind), digest)
            if kind == "record":
                partitions[item.record.partition].append(entry)
            elif kind == "partition":
                ends[item.partition.partition] = entry
            elif kind == "header":
                header = entry
            else:
                trailer = entry
        return Extract(header, partitions, ends, trailer)

    def copy(self):
        """May be changed: entries are shared until they are replaced by a copy."""
        return Extract(self.header, {number: list(log) for number, log in self.partitions.items()}, dict(self.ends),
                       self.trailer)

    def file_bytes(self):
        """With digests as they are, or made anew where the entries have none any more."""
        out, digest = [], bytes(32)
        for kind, entry in self._in_order():
            item = export.ExportItem(**{kind: entry.item}).SerializeToString()
            digest = entry.digest or sha256(digest + item).digest()
            out.append(framed(item, digest))
        return b"".join(out)

    def _in_order(self):
        yield "header", self.header
        for number in self.header.item.partitions:
            for entry in self.partitions[number]:
                yield "record", entry
            yield "partition", self.ends[number]
        yield "trailer", self.trailer

    def forget_digests(self):
        self.header, self.trailer = Entry(self.header.item), Entry(self.trailer.item)
        for number, log in self.partitions.items():
            log[:] = [Entry(entry.item) for entry in log]
            self.ends[number] = Entry(self.ends[number].item)

    def fold(self, number, count=None):
        """The chain over the first `count` records of a partition, or all."""
        chain = Chain(self.header.item, number, ())
        for offset, entry in enumerate(self.partitions[number][:count]):
            chain.take(offset, entry.item.record)
        return chain

    def refit(self, number):
        """Everything around the records of this partition, as an exporter writes it who finds them so."""
        self.forget_digests()
        log = self.partitions[number]
        for offset, entry in enumerate(log):
            log[offset] = entry.copy()
            log[offset].item.offset, log[offset].item.partition = offset, number
        chain = self.fold(number)
        self.ends[number] = Entry(export.ExportedPartition(
            partition=number, records=len(log), void_records=len(chain.voids), sequence=chain.head.sequence,
            running_hash=chain.head.hash))
        self.trailer = Entry(export.ExportTrailer(records=sum(map(len, self.partitions.values()))))


def with_record(entry, data):
    changed = entry.copy()
    changed.item.record = data
    return changed


def flipped(dice, data, start, size):
    at = start + dice.randrange(size)
    return data[:at] + bytes([data[at] ^ dice.randrange(1, 256)]) + data[at + 1:]


# Each changes `log`, one partition of `extract`, and gives the offset at which it did.


def change_payload(dice, extract, log):
    sealed = [(at, envelope.sealed_payload) for at, entry in enumerate(log)
              for command in eventlog.Record.FromString(entry.item.record).batch.commands
              for envelope in command.events]
    if not sealed:
        return change_any_byte(dice, extract, log)
    at, payload = dice.choice(sealed)
    data = log[at].item.record
    log[at] = with_record(log[at], flipped(dice, data, data.index(payload), len(payload)))
    return at


def change_field(dice, _, log):
    """Of a batch's or a claim's own: who wrote it, its place, its time, its hash."""
    at = dice.randrange(len(log))
    record = eventlog.Record.FromString(log[at].item.record)
    holder = getattr(record, record.WhichOneof("kind"))
    field = dice.choice(("claim_id", "time_micros", "claim_sequence", "sequence", "running_hash")
                        if record.HasField("batch") else ("claim_id", "time_micros", "instance"))
    old = getattr(holder, field)
    if isinstance(old, bytes):
        setattr(holder, field, flipped(dice, old, 0, len(old)))
    elif isinstance(old, str):
        setattr(holder, field, old + "'")
    else:
        setattr(holder, field, max(0, old + dice.choice((-1, 1, 1000))) if old else 1)
    log[at] = with_record(log[at], record.SerializeToString())
    return at


def change_any_byte(dice, _, log):
    at = dice.randrange(len(log))
    log[at] = with_record(log[at], flipped(dice, log[at].item.record, 0, len(log[at].item.record)))
    return at


def remove(dice, _, log):
    at = dice.randrange(len(log))
    del log[at]
    return at


def insert_copy(dice, _, log):
    """Of an earlier or a later record, somewhere."""
    at, entry = dice.randrange(len(log) - 1), dice.choice(log)
    at += log[at] is entry  # the second of two that are the same is the copy
    log.insert(at, entry.copy())
    return at


def insert_made_up(dice, extract, log):
    """A batch that continues what stands before it, or a claim by a new writer."""
    at = dice.randrange(1, len(log))
    number = log[0].item.partition
    head = extract.fold(number, at).head
    record = eventlog.Record()
    if dice.random() < 0.5:
        record.opened.claim_id = dice.randbytes(16)
        record.opened.settings.CopyFrom(eventlog.Record.FromString(log[0].item.record).opened.settings)
    else:
        record.batch.claim_id, record.batch.claim_sequence, sequence, record.batch.running_hash = head
        record.batch.sequence = sequence + 1
        record.batch.commands.add(method="MadeUp").events.add(type="made_up", subject=dice.randbytes(16), version=1)
    entry = Entry(export.ExportedRecord(partition=number, offset=at, record=record.SerializeToString()),
                  dice.randbytes(32))
    log.insert(at, entry)
    return at


def swap(dice, _, log):
    first, second = sorted(dice.sample(range(len(log)), 2))
    log[first], log[second] = log[second], log[first]
    return first


def cut(dice, _, log):
    at = dice.randrange(1, len(log))
    del log[at:]
    return at


def splice(dice, extract, log):
    """The beginning of this partition, and the end of another one."""
    other = dice.choice([each for each in extract.partitions.values() if each is not log])
    at = dice.randrange(1, len(log))
    log[at:] = [entry.copy() for entry in other[dice.randrange(len(other)):]]
    return at


KINDS = (change_payload, change_field, change_any_byte, remove, insert_copy, insert_made_up, swap, cut, splice)


def tamper(dice, extract):
    """Does one of them to one partition, with more or less care."""
    number, kind, care = dice.choice(sorted(extract.partitions)), dice.choice(KINDS), dice.choice(CARES)
    at = kind(dice, extract, extract.partitions[number])
    if care == "digests":
        extract.forget_digests()
    elif care == "log":
        extract.refit(number)
    return Tampering(kind.__name__, care, number, at)


def make_anew(extract, number, at):
    """Changes the batch at or behind `at`, and everything behind it so that the chain fits: needs no key."""
    log = extract.partitions[number]
    while not eventlog.Record.FromString(log[at].item.record).HasField("batch"):
        at += 1
    for offset in range(at, len(log)):
        record = eventlog.Record.FromString(log[offset].item.record)
        if record.HasField("batch"):
            record.batch.running_hash = extract.fold(number, offset).head.hash
            record.batch.time_micros += offset == at
            log[offset] = with_record(log[offset], record.SerializeToString())
    extract.refit(number)
