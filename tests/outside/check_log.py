#!/opt/mynumber/python/bin/python
"""Checks a log without any of the cluster's binaries: Python, the protos, and the test's keys.

usage: check_log.py --keyring FILE --export FILE [--export FILE ...] [--answers FILE ...]
       check_log.py --keyring FILE --brokers HOST:PORT [--topic-prefix PREFIX] [--answers FILE ...]

--export: of `mynumberctl log export --output protobuf`, one whole file or one for each partition. --brokers: reads the
topics themselves, by kcat. --answers: JSON lines of everything that was answered OK, with "name", "version" and
"position", and where the client learned them "number" (in clear or masked) and "event" (the type that the answer stands
for); lines without "version" are refusals and passed over.

Folds by the rule of docs/decisions/0003 (newest claim, next sequence, own running hash), opens every event, and reports
residents, distinct numbers and void records, and what must be none: numbers given twice, replaced ones included; people
registered twice; bad check digits; answers that the log does not have at their position, has with another number, or
that contradict each other; and findings, anything that an honest log cannot show. Exit 1 if anything is wrong.

One process for each partition; a million residents take a few minutes.
"""
import argparse
import array
import collections
import hashlib
import json
import multiprocessing
import operator
import pathlib
import struct
import sys

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from exported_log import ExportedLog
from log_protos import Broken, eventlog, events, parse
from log_topics import LogTopics

FINDINGS_MAX = 10
NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
KEY_WRAP_START = 0xA6A6A6A6A6A6A6A6

# What one answer said; number and event are None where the client did not learn them.
Answer = collections.namedtuple("Answer", "sequence index number event")
NOTHING_ANSWERED = Answer(None, None, None, None)


def read_master_keys(path):
    """Bytes of the master keys in a keyring file, by version."""
    lines = (line.split() for line in pathlib.Path(path).read_text(encoding="ascii").splitlines())
    keys = {int(words[1]): bytes.fromhex(words[2]) for words in lines if len(words) == 3 and words[0] == "master"}
    if not keys:
        raise SystemExit(f"check_log: no master key in {path}")
    return keys


def unwrap_keys(wrapped, master):
    """Data keys of 32 bytes from their AES key wraps (RFC 3394, 40 bytes each), all in step; None for a damaged one."""
    decrypt = Cipher(algorithms.AES(master), modes.ECB()).decryptor().update  # noqa: S305: what RFC 3394 says
    words = array.array("Q", b"".join(wrapped))
    checks, parts = words[0::5], [words[i::5] for i in range(1, 5)]
    blocks = array.array("Q", bytes(16 * len(wrapped)))
    for step in range(24, 0, -1):
        part = (step - 1) % 4
        counter = int.from_bytes(step.to_bytes(8, "big"), sys.byteorder)
        blocks[0::2] = array.array("Q", [check ^ counter for check in checks])
        blocks[1::2] = parts[part]
        plain = array.array("Q", decrypt(blocks.tobytes()))
        checks, parts[part] = plain[0::2], plain[1::2]
    keys = array.array("Q", bytes(32 * len(wrapped)))
    for part in range(4):
        keys[part::4] = parts[part]
    data = keys.tobytes()
    return [data[32 * i:32 * i + 32] if check == KEY_WRAP_START else None for i, check in enumerate(checks)]


def has_right_check_digit(number):
    """Ministerial Ordinance 85 art. 5."""
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return False
    remainder = sum(map(operator.mul, map(int, number), NUMBER_WEIGHTS)) % 11
    return int(number[11]) == (0 if remainder <= 1 else 11 - remainder)


class Fold:
    """One partition, folded record by record. What was answered is ticked off as it is met."""

    def __init__(self, partition, partition_count, masters, answers):
        self.partition, self.partition_count = partition, partition_count
        self.masters, self.answers = masters, answers
        self.claim, self.claim_sequence, self.sequence, self.hash = b"", 0, 0, bytes(32)
        self.keys, self.versions, self.living = {}, {}, set()
        # Ids of destroyed keys, and whose events are sealed with one, until the event that says so.
        self.destroyed, self.unreadable, self.erased = set(), {}, 0
        self.next_offset = self.void_records = self.events = self.bad_check_digits = self.wrong_answers = 0
        self.numbers, self.codes = array.array("Q"), array.array("Q")
        self.findings = []

    def find(self, sentence):
        self.findings.append(f"partition {self.partition}: {sentence}")

    def run(self, log):
        try:
            for entry in log.records(self.partition):
                self.take(entry)
            end = log.end(self.partition)
            if self.next_offset != end.records:
                self.find(f"records are missing at the end: {self.next_offset} are there, and {end.records} must be")
            elif end.running_hash is not None and end.running_hash != self.hash:
                self.find("the running hash at the end is not the one that the export tells")
            for subject in self.unreadable:
                self.find(f"residents/{subject.hex()}: the data key was destroyed, and no event says so")
        except Broken as broken:
            self.find(f"at offset {self.next_offset}: {broken}")
        return self

    def take(self, entry):
        if entry.offset != self.next_offset:
            self.find(f"offset {entry.offset} stands where {self.next_offset} must")
        self.next_offset = entry.offset
        record = parse(eventlog.Record, entry.record, "the record")
        kind = record.WhichOneof("kind")
        if kind is None:
            raise Broken("the record is neither claim nor batch")
        if self.is_void(record):
            self.void_records += 1
        else:
            if kind == "opened":
                self.take_claim(record.opened)
            else:
                self.take_batch(record.batch, entry.key_block)
            self.hash = hashlib.sha256(self.hash + entry.record).digest()
        self.next_offset += 1

    def is_void(self, record):
        if record.HasField("opened"):
            return record.opened.claim_id == self.claim
        return record.batch.claim_id != self.claim or record.batch.claim_sequence < self.claim_sequence

    def take_claim(self, opened):
        if opened.settings.partition_count != self.partition_count:
            self.find(f"a claim tells of {opened.settings.partition_count} partitions, and there are "
                      f"{self.partition_count}")
        self.claim, self.claim_sequence = opened.claim_id, 0

    def take_batch(self, batch, key_block):
        if batch.claim_sequence > self.claim_sequence:
            raise Broken("a batch of this claim is missing before this one")
        if batch.running_hash != self.hash or batch.sequence != self.sequence + 1:
            raise Broken("the running hash or the sequence does not fit: what stands before was changed")
        self.claim_sequence += 1
        self.sequence += 1
        self.take_keys(key_block)
        index = 0
        for command in batch.commands:
            for envelope in command.events:
                self.take_event(envelope, index)
                index += 1

    def take_keys(self, key_block):
        by_version = collections.defaultdict(list)
        for key in key_block.keys:
            by_version[key.master_version].append(key)
        self.destroyed.update(key.key_id for key in by_version.pop(0, ()))
        for version, keys in by_version.items():
            if version not in self.masters or any(len(key.wrapped) != 40 for key in keys):
                raise Broken("a data key is wrapped by a master key that is not in the keyring, or not as it must be")
            for key, plain in zip(keys, unwrap_keys([key.wrapped for key in keys], self.masters[version])):
                if plain is None:
                    raise Broken("a wrapped data key was changed")
                self.keys[key.key_id] = plain

    def take_event(self, envelope, index):
        self.events += 1
        subject, version = envelope.subject, envelope.version
        if version != self.versions.get(subject, 0) + 1:
            raise Broken(f"residents/{subject.hex()}: version {version} is out of order")
        self.versions[subject] = version
        if envelope.destroys_key_id:
            self.take_erasing(envelope)
        if envelope.key_id in self.destroyed:
            self.pass_over(envelope, index)
            return
        event = self.open(envelope)
        kind = event.WhichOneof("event")
        if kind != envelope.type:
            self.find(f"residents/{subject.hex()}: the envelope says {envelope.type}, the event {kind}")
        number = None
        if kind in ("resident_registered", "number_replaced"):
            number = getattr(event, kind).individual_number
            self.take_number(number)
        if kind == "resident_registered":
            self.take_registration(subject, version, event.resident_registered)
        elif kind == "registration_voided":
            self.living.discard(subject)
        answer = self.answers.pop((subject, version), NOTHING_ANSWERED)
        if answer is not NOTHING_ANSWERED:
            self.compare(answer, Answer(self.sequence, index, number, kind))

    def take_erasing(self, envelope):
        if self.unreadable.pop(envelope.subject, envelope.destroys_key_id) != envelope.destroys_key_id:
            self.find(f"residents/{envelope.subject.hex()}: another key was destroyed than the event says")
        self.living.discard(envelope.subject)
        # Else a month's access record.
        self.erased += envelope.type == "resident_erased"

    def pass_over(self, envelope, index):
        """An event that nobody opens any more: what was answered is compared by its place."""
        self.unreadable[envelope.subject] = envelope.key_id
        answer = self.answers.pop((envelope.subject, envelope.version), NOTHING_ANSWERED)
        if answer is not NOTHING_ANSWERED:
            self.wrong_answers += (answer.sequence, answer.index) != (self.sequence, index)

    def open(self, envelope):
        associated = envelope.type.encode() + b"\0" + envelope.subject + struct.pack(">Q", envelope.version)
        key, sealed = self.keys.get(envelope.key_id), envelope.sealed_payload
        if key is None:
            raise Broken(f"residents/{envelope.subject.hex()}: the data key is missing")
        try:
            plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], associated)
        except (InvalidTag, ValueError):
            raise Broken(f"residents/{envelope.subject.hex()}: the sealed event was changed") from None
        return parse(events.IssuanceEvent, plain, "the event")

    def take_number(self, number):
        if has_right_check_digit(number):
            self.numbers.append(int(number))
        else:
            self.bad_check_digits += 1

    def take_registration(self, subject, version, registered):
        if subject in self.living:
            self.find(f"residents/{subject.hex()}: registered twice")
        self.living.add(subject)
        if version == 1:
            # The eleventh digit is a check digit: who somebody is hangs on the ten before it.
            self.codes.append(int(registered.resident_record_code[:10]))

    def compare(self, answer, logged):
        same = (answer.sequence, answer.index) == (logged.sequence, logged.index)
        same = same and (answer.event is None or answer.event == logged.event)
        if answer.number is not None:
            shown = answer.number.lstrip("*")
            same = same and logged.number is not None and logged.number.endswith(shown) and len(shown) in (4, 12)
        self.wrong_answers += not same


def read_answers(paths, partition_count):
    """({(subject, version): Answer} for each partition, how many contradict an earlier one, how many answers)."""
    partitions = [{} for _ in range(partition_count)]
    contradictions = count = 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)
                if not answer.get("version"):
                    continue
                count += 1
                partition, _, place = answer["position"].partition("@")
                sequence, _, index = place.partition(".")
                key = bytes.fromhex(answer["name"].removeprefix("residents/")), int(answer["version"])
                new = Answer(int(sequence), int(index), answer.get("number"), answer.get("event"))
                if int(partition) >= partition_count:
                    contradictions += 1
                elif partitions[int(partition)].setdefault(key, new) != new:
                    contradictions += 1
    return partitions, contradictions, count


def check_partition(job):
    partition, log, masters = job
    fold = Fold(partition, log.partition_count, masters, ANSWERS[partition]).run(log)
    return {
        "numbers": fold.numbers, "codes": fold.codes, "events": fold.events, "void_records": fold.void_records,
        "residents": len(fold.living), "erased": fold.erased, "bad_check_digits": fold.bad_check_digits,
        "wrong": fold.wrong_answers,
        "missing": len(fold.answers), "findings": fold.findings[:FINDINGS_MAX],
    }


# Of each partition; the processes have it by fork, which costs nothing.
ANSWERS = []


def doubled(arrays):
    """How many values stand there once more than they should."""
    values = sorted(value for each in arrays for value in each)
    return sum(map(operator.eq, values, values[1:]))


def check(log, keyring, answer_files):
    """The report; report["clean"] tells whether all is as it must be. `log`: ExportedLog or LogTopics."""
    global ANSWERS
    masters = read_master_keys(keyring)
    ANSWERS, contradictions, answers = read_answers(answer_files, log.partition_count)
    jobs = [(partition, log, masters) for partition in log.partitions]
    with multiprocessing.get_context("fork").Pool() as pool:
        folds = pool.map(check_partition, jobs, chunksize=1)
    unread = sum(len(ANSWERS[partition]) for partition in range(log.partition_count) if partition not in log.partitions)
    ANSWERS = []
    total = {name: sum(fold[name] for fold in folds)
             for name in ("residents", "erased", "events", "void_records", "bad_check_digits", "wrong", "missing")}
    duplicates = doubled(fold["numbers"] for fold in folds)
    wrong = {
        "duplicate_numbers": duplicates, "registered_twice": doubled(fold["codes"] for fold in folds),
        "bad_check_digits": total["bad_check_digits"], "answers_not_in_log": total["missing"] + unread,
        "answers_that_differ": total["wrong"], "answers_that_contradict": contradictions,
        "findings": (log.findings + [finding for fold in folds for finding in fold["findings"]])[:FINDINGS_MAX],
    }
    return {
        "clean": not any(wrong.values()), "partitions": len(log.partitions), "events": total["events"],
        "void_records": total["void_records"], "residents": total["residents"], "erased": total["erased"],
        "numbers": sum(len(fold["numbers"]) for fold in folds) - duplicates, "answers": answers, **wrong,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--export", action="append")
    source.add_argument("--brokers")
    parser.add_argument("--topic-prefix", default="mynumber")
    parser.add_argument("--keyring", required=True)
    parser.add_argument("--answers", action="append", default=[])
    arguments = parser.parse_args()
    try:
        log = (ExportedLog(arguments.export) if arguments.export else
               LogTopics(arguments.brokers, arguments.topic_prefix, "issuance"))
    except Broken as broken:
        raise SystemExit(f"check_log: {broken}") from None
    report = check(log, arguments.keyring, arguments.answers)
    print(json.dumps(report))
    raise SystemExit(0 if report["clean"] else 1)


if __name__ == "__main__":
    main()
