#!/opt/mynumber/python/bin/python
"""Checks an exported log without any of the cluster's binaries: Python, the protos, and the test's keys.

usage: check_log.py --export FILE [--export FILE ...] --keyring FILE [--answers FILE ...]

FILE of --export: `mynumberctl log export --output protobuf`, every partition. FILE of --answers: JSON lines with "name",
"version" and, where the client was shown it, "individual_number": everything that was answered OK.

Folds by the rule of docs/decisions/0003 (newest claim, next sequence, own running hash), opens every event, and reports:
residents, distinct numbers, bad check digits, void records, acknowledged (resident, version) pairs that are not in the
log, and answers whose number the log does not have. Exit 1 if anything is wrong.
"""
import argparse
import hashlib
import json
import pathlib
import struct
import sys
import tempfile

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def compiled_protos():
    """The modules of the protos, compiled into a folder that goes with the process."""
    from grpc_tools import protoc
    folder = tempfile.TemporaryDirectory()
    protos = ["eventlog/v1/eventlog", "type/type", "issuance/events/v1/events", "operations/v1/operations_service"]
    arguments = ["protoc", f"-I{REPOSITORY / 'protos'}", f"-I{pathlib.Path(protoc.__file__).parent / '_proto'}",
                 f"--python_out={folder.name}"] + [f"mynumber/{name}.proto" for name in protos]
    if protoc.main(arguments) != 0:
        raise SystemExit("check_log: the protos do not compile")
    sys.path.insert(0, folder.name)
    from mynumber.eventlog.v1 import eventlog_pb2
    from mynumber.issuance.events.v1 import events_pb2
    from mynumber.operations.v1 import operations_service_pb2
    return folder, eventlog_pb2, events_pb2, operations_service_pb2


def master_keys(path):
    """Versions and bytes of the master keys in a keyring file."""
    keys = {}
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == "master":
            keys[int(words[1])] = bytes.fromhex(words[2])
    if not keys:
        raise SystemExit(f"check_log: no master key in {path}")
    return keys


def delimited(path, message_type):
    """Length-delimited messages of a file."""
    data = memoryview(pathlib.Path(path).read_bytes())
    at = 0
    while at < len(data):
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        yield message_type.FromString(bytes(data[at:at + size]))
        at += size


def check_digit(body):
    """Ministerial Ordinance 85 art. 5."""
    total = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)))
    remainder = total % 11
    return 0 if remainder <= 1 else 11 - remainder


class Fold:
    """One partition, folded record by record."""

    def __init__(self, protos, masters, findings):
        self.eventlog, self.events = protos
        self.masters, self.findings = masters, findings
        self.claim, self.claim_sequence, self.sequence = b"", 0, 0
        self.hash = bytes(32)
        self.keys, self.versions, self.numbers = {}, {}, {}
        self.void = self.event_count = 0

    def take(self, entry):
        record = self.eventlog.Record.FromString(entry.record)
        if record.WhichOneof("kind") == "opened":
            self.claim, self.claim_sequence = record.opened.claim_id, 0
            self.hash = hashlib.sha256(self.hash + entry.record).digest()
            return
        batch = record.batch
        if batch.claim_id != self.claim or batch.claim_sequence != self.claim_sequence:
            self.void += 1
            return
        if batch.running_hash != self.hash or batch.sequence != self.sequence + 1:
            self.findings.append(f"offset {entry.offset}: the running hash does not fit")
            return
        self.hash = hashlib.sha256(self.hash + entry.record).digest()
        self.claim_sequence += 1
        self.sequence += 1
        for key in entry.key_block.keys:
            self.keys[key.key_id] = aes_key_unwrap(self.masters[key.master_version], key.wrapped)
        for command in batch.commands:
            for envelope in command.events:
                self.take_event(envelope)

    def take_event(self, envelope):
        self.event_count += 1
        if envelope.version != self.versions.get(envelope.subject, 0) + 1:
            self.findings.append(f"residents/{envelope.subject.hex()}: version {envelope.version} is out of order")
        self.versions[envelope.subject] = envelope.version
        associated = envelope.type.encode() + b"\0" + envelope.subject + struct.pack(">Q", envelope.version)
        sealed = envelope.sealed_payload
        plain = AESGCM(self.keys[envelope.key_id]).decrypt(sealed[:12], sealed[12:], associated)
        event = self.events.IssuanceEvent.FromString(plain)
        kind = event.WhichOneof("event")
        if kind != envelope.type:
            self.findings.append(f"residents/{envelope.subject.hex()}: the envelope says {envelope.type}, the event {kind}")
        if kind in ("resident_registered", "number_replaced"):
            number = getattr(event, kind).individual_number
            self.numbers.setdefault(envelope.subject, []).append(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--export", action="append", required=True)
    parser.add_argument("--keyring", required=True)
    parser.add_argument("--answers", action="append", default=[])
    arguments = parser.parse_args()
    folder, eventlog, events, operations = compiled_protos()
    masters, findings = master_keys(arguments.keyring), []
    folds, partition, last = {}, -1, None
    for path in arguments.export:
        for entry in delimited(path, operations.ExportLogResponse):
            if last is None or entry.offset != last + 1:
                if entry.offset != 0:
                    findings.append(f"partition {partition}: offset {entry.offset} follows {last}")
                partition += 1
                folds[partition] = Fold((eventlog, events), masters, findings)
            last = entry.offset
            folds[partition].take(entry)
        last = None
    versions, numbers = {}, {}
    for fold in folds.values():
        versions.update(fold.versions)
        numbers.update(fold.numbers)
    every = [number for list_of in numbers.values() for number in list_of]
    bad_digits = sum(1 for number in every if len(number) != 12 or int(number[11]) != check_digit(number[:11]))
    answers = missing = wrong_number = 0
    for path in arguments.answers:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                answer = json.loads(line)
                if "name" not in answer or not answer.get("version"):
                    continue
                answers += 1
                subject = bytes.fromhex(answer["name"].split("/")[1])
                if versions.get(subject, 0) < int(answer["version"]):
                    missing += 1
                number = answer.get("individual_number")
                if number and number not in numbers.get(subject, []):
                    wrong_number += 1
    report = {
        "partitions": len(folds), "events": sum(fold.event_count for fold in folds.values()),
        "void_records": sum(fold.void for fold in folds.values()), "residents": len(numbers), "numbers": len(set(every)),
        "duplicate_numbers": len(every) - len(set(every)), "bad_check_digits": bad_digits, "answers": answers,
        "answers_not_in_log": missing, "answers_with_another_number": wrong_number, "findings": findings[:10],
    }
    print(json.dumps(report))
    folder.cleanup()
    wrong = findings or bad_digits or missing or wrong_number or report["duplicate_numbers"]
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
