"""The chain of one partition, by the rule of docs/log_format.md: what fits, what is void, and where it breaks."""

import collections
from hashlib import sha256

from log_protos import eventlog

# Behind the last valid record: the newest claim, its next claim_sequence, the sequence, the running hash.
Head = collections.namedtuple("Head", "claim next sequence hash")
# Somewhere from offset `first` to `last`, which were right up to the batch before `sequence`.
Finding = collections.namedtuple("Finding", "service partition first last sequence what")
# Somebody outside of this partition knows what hash it had; `offset` and `must_be_there` only if it was noted.
Witness = collections.namedtuple("Witness", "sequence hash offset must_be_there who")


def link(previous, record):
    return sha256(previous + record).digest()


def head_before(batch):
    return Head(batch.claim_id, batch.claim_sequence, batch.sequence - 1, batch.running_hash)


class Chain:
    """One partition, record by record. `finding` is the first that is wrong; nothing is looked at behind it."""

    def __init__(self, header, partition, witnesses):
        self.header, self.partition, self.witnesses = header, partition, witnesses
        self.head, self.ended, self.seen = Head(b"", 0, 0, bytes(32)), {}, set()
        self.offset, self.batch, self.valid = 0, -1, -1  # of the next record; of the last valid batch, and record
        self.passed = {0: [(-1, bytes(32))]}  # of each sequence: where its valid records stand, and the hash behind
        self.claims, self.voids, self.reacted = 0, [], []
        self.finding = self.doubt = self.doubt_kind = None

    def find(self, first, last, what):
        first = max(first, 0)
        sequence = self.head.sequence + (first > self.batch)
        self.finding = self.finding or Finding(self.header.service, self.partition, first, last, sequence, what)

    def take(self, offset, data):
        if self.finding:
            return
        try:
            record = eventlog.Record.FromString(data)
        except Exception:  # protobuf's DecodeError, or UnicodeDecodeError: neither claim nor batch
            record = eventlog.Record()
        if self.doubt:
            self.settle(record, data)
        elif offset != self.offset:
            self.find(offset if offset == self.offset - 1 else self.offset, self.offset,
                      f"offset {offset} stands where {self.offset} must")
        elif record.HasField("opened"):
            self.take_claim(record.opened, data)
        else:
            self.take_batch(record.batch, data)
        self.seen.add(sha256(data).digest())
        self.offset += self.finding is None and self.doubt is None

    def advance(self, head):
        self.head, self.valid = head, self.offset
        self.passed.setdefault(head.sequence, []).append((self.offset, head.hash))

    def take_claim(self, opened, data):
        settings = self.header.service, self.header.partition_count
        if sha256(data).digest() in self.seen and opened.claim_id == self.head.claim:
            self.voids.append(self.offset)
        elif (len(opened.claim_id) != 16 or opened.claim_id in (self.head.claim, *self.ended)
              or (opened.settings.service, opened.settings.partition_count) != settings):
            self.find(self.batch + 1, self.offset, "a claim that no writer of this log makes here")
        else:
            self.ended[self.head.claim] = self.head
            self.claims += 1
            self.advance(Head(opened.claim_id, 0, self.head.sequence, link(self.head.hash, data)))

    def take_batch(self, batch, data):
        head = self.head
        after = Head(batch.claim_id, batch.claim_sequence + 1, batch.sequence, link(batch.running_hash, data))
        if head.claim and head_before(batch) == head:
            self.batch = self.offset
            self.reacted += [(self.offset, cursor) for cursor in batch.foreign_cursors if cursor.sequence]
            self.advance(after)
        elif self.may_be_void(batch, data):
            self.voids.append(self.offset)
        elif batch.claim_id not in self.ended and batch.claim_id != head.claim:
            self.doubt, self.doubt_kind = after, "claim"
        elif batch.claim_sequence >= head.next and batch.sequence > head.sequence + 1:
            self.doubt, self.doubt_kind = after, "missing"
        else:
            self.doubt, self.doubt_kind = after, "changed" if batch.claim_id == head.claim else "late"

    def may_be_void(self, batch, data):
        """A copy of what stands before, or the batch that a former writer had under way when it was replaced."""
        late = batch.claim_id and head_before(batch) == self.ended.get(batch.claim_id)
        return late or sha256(data).digest() in self.seen

    def settle(self, record, data):
        """A batch that does not fit: if the batch behind it fits on to it, the fault lies before it, or else in it."""
        opened = record.opened.claim_id
        if len(opened) == 16 and opened != self.doubt.claim:
            self.ended[self.doubt.claim] = self.doubt
            self.doubt = Head(opened, 0, self.doubt.sequence, link(self.doubt.hash, data))
        elif not self.may_be_void(record.batch, data):
            self.conclude(record.HasField("batch") and record.batch.running_hash == self.doubt.hash)

    def conclude(self, confirmed):
        """confirmed: None if nothing stands behind it that could tell."""
        here = self.offset
        if self.doubt_kind == "missing" and confirmed is not False:
            self.find(self.batch + 1, here, "a record is missing before this one")
        elif self.doubt_kind == "claim" and confirmed:
            self.find(self.batch, here, "this batch is of another log, or its claim is missing or was changed")
        elif confirmed:
            self.find(self.batch, self.valid, "a record was changed or inserted: the next batch continues another one")
        else:
            # Nothing has proven the claims behind the last batch; nor that one, if a former writer's says otherwise.
            first = self.batch + (confirmed is False and self.doubt_kind != "late")
            self.find(first, here, "a record was changed, inserted or moved: it does not continue what is before it")

    def end(self, told):
        """Behind the last record; `told` is what the extract says of it."""
        if self.doubt:
            trusted = {witness.hash for witness in self.witnesses} | {told.running_hash}
            self.conclude(True if self.doubt.hash in trusted else None)
        if told.records != self.offset:
            self.find(self.offset, self.offset, f"{told.records} records must be there")
        if (told.sequence, told.running_hash) != (self.head.sequence, self.head.hash):
            self.find(self.batch, self.offset, "the extract tells of another running hash at the end")
        if told.void_records != len(self.voids):
            self.find(self.voids[0] if self.voids else 0, self.offset, f"{told.void_records} records must be void")

    def hear(self, witnesses):
        """What others know of this partition, once it was read to its end."""
        good = -1, 0
        for witness in sorted(witnesses, key=lambda each: each.sequence):
            stood = {found: offset for offset, found in self.passed.get(witness.sequence, ())}
            if self.finding or (witness.sequence > self.head.sequence and not witness.must_be_there):
                continue
            if witness.sequence > self.head.sequence:
                self.find(self.batch + 1, self.offset, f"records are missing at the end: {witness.who} knows more")
            elif witness.hash not in stood:
                last = witness.sequence == self.head.sequence
                self.find(self.batch if last else good[0] + 1,
                          self.offset if last else self.passed[witness.sequence + 1][0][0],
                          f"another history than {witness.who} knows: " + "changed here, or " * last +
                          f"made anew from some record behind sequence {good[1]} on")
            elif witness.offset not in (None, stood[witness.hash]):
                first, last = (self.voids[0], self.voids[-1]) if self.voids else (good[0] + 1, stood[witness.hash])
                self.find(first, last, f"void records were inserted or removed since {witness.who} was written")
            good = stood.get(witness.hash, -1), witness.sequence
