"""The outside checker finds whatever is done to an exported log, and nothing in one that is as it must be.

The log is made up here, by the protos and the decision records alone, with libraries of their own for its cryptography.
"""

import hashlib
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

import check_log
import exported_log
from log_protos import eventlog, events, export

MASTER = bytes(range(32))
PARTITIONS = 2
# Made-up numbers with right check digits.
NUMBERS = [body + str(digit) for body in (f"{i:011d}" for i in range(70_000_000, 70_000_020))
           for digit in range(10) if check_log.has_right_check_digit(body + str(digit))]


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


class MadeUpPartition:
    """Claims and batches as an honest writer appends them, and what it answered."""

    def __init__(self, partition):
        self.partition = partition
        self.entries, self.answers = [], []
        self.hash, self.sequence, self.claims = bytes(32), 0, 0
        self.versions, self.keys = {}, {}

    def append(self, record, key_block=None):
        data = record.SerializeToString()
        self.hash = hashlib.sha256(self.hash + data).digest()
        self.entries.append(export.ExportedRecord(
            partition=self.partition, offset=len(self.entries), record=data, key_block=key_block))

    def end(self):
        return export.ExportedPartition(
            partition=self.partition, records=len(self.entries), sequence=self.sequence, running_hash=self.hash)

    def claim(self):
        self.claims += 1
        self.claim_id, self.claim_sequence = bytes([self.partition, self.claims]) * 8, 0
        record = eventlog.Record()
        record.opened.claim_id = self.claim_id
        record.opened.settings.partition_count = PARTITIONS
        self.append(record)

    def batch(self, *happened, fresh_key=None, destroys_key_id=b""):
        """happened: (subject, event) pairs; of one alone if it comes under a fresh key with this id."""
        self.sequence += 1
        record, block = eventlog.Record(), eventlog.KeyBlock()
        batch = record.batch
        batch.claim_id, batch.claim_sequence = self.claim_id, self.claim_sequence
        batch.running_hash, batch.sequence = self.hash, self.sequence
        for index, (subject, event) in enumerate(happened):
            envelope = batch.commands.add().events.add(destroys_key_id=destroys_key_id)
            self.seal(subject, event, envelope, block, fresh_key or subject)
            answer = {"name": f"residents/{subject.hex()}", "version": self.versions[subject],
                      "position": f"{self.partition}@{self.sequence}.{index}", "event": event.WhichOneof("event")}
            number = getattr(getattr(event, event.WhichOneof("event")), "individual_number", None)
            self.answers.append(answer | ({"number": number} if number else {}))
        self.claim_sequence += 1
        self.append(record, block)

    def seal(self, subject, event, envelope, block, key_id):
        if key_id not in self.keys:
            self.keys[key_id] = hashlib.sha256(b"data key" + key_id).digest()
            block.keys.add(key_id=key_id, master_version=1, wrapped=aes_key_wrap(MASTER, self.keys[key_id]))
        self.versions[subject] = self.versions.get(subject, 0) + 1
        envelope.type, envelope.subject, envelope.key_id = event.WhichOneof("event"), subject, key_id
        envelope.version = self.versions[subject]
        associated = envelope.type.encode() + b"\0" + subject + struct.pack(">Q", envelope.version)
        nonce = struct.pack(">4xQ", envelope.version)
        sealed = AESGCM(self.keys[key_id]).encrypt(nonce, event.SerializeToString(), associated)
        envelope.sealed_payload = nonce + sealed


def subject_of(i):
    return hashlib.sha256(f"resident {i}".encode()).digest()[:16]


def registered(i, number=None, code=None):
    event = events.IssuanceEvent()
    event.resident_registered.individual_number = number or NUMBERS[i]
    event.resident_registered.resident_record_code = code or f"{i:010d}0"
    return subject_of(i), event


def moved(i):
    event = events.IssuanceEvent()
    event.resident_moved.address = "架空町1丁目"
    return subject_of(i), event


def replaced(i, number):
    event = events.IssuanceEvent()
    event.number_replaced.individual_number = number
    return subject_of(i), event


def voided(i):
    event = events.IssuanceEvent()
    event.registration_voided.reason = "made by mistake"
    return subject_of(i), event


def honest_log():
    partitions = [MadeUpPartition(0), MadeUpPartition(1)]
    for partition, first in zip(partitions, (0, 5)):
        partition.claim()
        partition.batch(registered(first), registered(first + 1))
        partition.batch(moved(first), registered(first + 2))
        partition.claim()
        partition.batch(registered(first + 3), moved(first + 1), moved(first))
        partition.batch(replaced(first, NUMBERS[first + 10]), moved(first))
    return partitions


def frames(items):
    """The bytes of each item's frame, its digest over all before it."""
    digest, out = bytes(32), []
    for item in items:
        data = item.SerializeToString()
        digest = hashlib.sha256(digest + data).digest()
        frame = export.ExportFrame(item=data, digest=digest).SerializeToString()
        out.append(varint(len(frame)) + frame)
    return out


class CheckLogTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.keyring = self.folder / "keyring"
        self.keyring.write_text(f"mynumber-keyring 1\nmaster 1 {MASTER.hex()}\n")
        self.log, self.ends = honest_log(), {}
        self.answers = [answer for partition in self.log for answer in partition.answers]

    def items(self):
        """Of an export of the log as it is now, by somebody who makes all that stands around the records fit."""
        header = export.ExportHeader(format_version=1, service="issuance", partition_count=PARTITIONS,
                                     partitions=[partition.partition for partition in self.log])
        items = [export.ExportItem(header=header)]
        for partition in self.log:
            items += [export.ExportItem(record=entry) for entry in partition.entries]
            items.append(export.ExportItem(partition=self.ends.get(partition.partition) or partition.end()))
        records = sum(item.HasField("record") for item in items)
        return [*items, export.ExportItem(trailer=export.ExportTrailer(records=records))]

    def write(self):
        path, answers = self.folder / "log.export", self.folder / "answers.jsonl"
        path.write_bytes(b"".join(frames(self.items())))
        answers.write_text("".join(json.dumps(answer) + "\n" for answer in self.answers))
        return path, answers

    def check(self):
        path, answers = self.write()
        return check_log.check(exported_log.ExportedLog([path]), self.keyring, [answers])

    def seal_ends(self):
        """What is done to the records afterwards does not change the ends that the export tells."""
        self.ends = {partition.partition: partition.end() for partition in self.log}

    def renumber(self, partition):
        for offset, entry in enumerate(self.log[partition].entries):
            entry.offset = offset

    def change_batch(self, partition, offset, change):
        """Rewrites one record, as somebody would who has the log but neither the keys nor what follows."""
        entry = self.log[partition].entries[offset]
        record = eventlog.Record.FromString(entry.record)
        change(record.batch)
        entry.record = record.SerializeToString()

    def assert_found(self, what):
        report = self.check()
        self.assertFalse(report["clean"], report)
        self.assertRegex(json.dumps(report["findings"], ensure_ascii=False), what)

    def test_an_honest_log_is_clean(self):
        self.assertEqual(self.check(), {
            "clean": True, "partitions": 2, "events": 18, "void_records": 0, "residents": 8, "erased": 0,
            "numbers": 10, "answers": 18, "duplicate_numbers": 0, "registered_twice": 0,
            "bad_check_digits": 0, "answers_not_in_log": 0, "answers_that_differ": 0, "answers_that_contradict": 0,
            "findings": []})

    def test_the_command_ends_with_1_unless_the_log_is_clean(self):
        path, answers = self.write()
        command = [sys.executable, check_log.__file__, "--keyring", self.keyring]
        command += ["--answers", answers, "--export", path]
        self.assertEqual(subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode, 0)
        answers.write_text(json.dumps(self.answers[0] | {"version": 99}) + "\n")
        self.assertEqual(subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode, 1)

    def test_answers_repeated_in_the_same_words_and_refusals_are_fine(self):
        self.answers += self.answers[:5] + [{"line": 7, "error": {"reason": "NAME_EMPTY"}}]
        self.assertTrue(self.check()["clean"])

    def test_void_records_of_former_writers_are_passed_over(self):
        late = self.log[0].entries[2]
        again = export.ExportedRecord(record=late.record, key_block=late.key_block)
        self.log[0].entries.insert(4, again)
        self.renumber(0)
        report = self.check()
        self.assertTrue(report["clean"], report)
        self.assertEqual(report["void_records"], 1)

    def test_every_changed_byte_of_a_record_is_found(self):
        whole = self.log[0].entries[2].record
        for at in range(0, len(whole), 3):
            changed = bytearray(whole)
            changed[at] ^= 1
            self.log[0].entries[2].record = bytes(changed)
            with self.subTest(byte=at):
                self.assertFalse(self.check()["clean"])

    def test_every_changed_byte_of_a_wrapped_key_is_found(self):
        key = self.log[1].entries[1].key_block.keys[0]
        whole = key.wrapped
        for at in range(0, len(whole), 8):
            changed = bytearray(whole)
            changed[at] ^= 128
            key.wrapped = bytes(changed)
            with self.subTest(byte=at):
                self.assert_found("wrapped data key was changed")

    def test_a_key_that_is_gone_is_found(self):
        del self.log[1].entries[1].key_block.keys[0]
        self.assert_found("the data key is missing")

    def erase(self, i, destroys_key_id):
        """The first partition's resident i: an event that says so, under a fresh key, and the former key destroyed."""
        partition, subject = self.log[0], subject_of(i)
        event = events.IssuanceEvent()
        event.resident_erased.reference = "order 7"
        partition.batch((subject, event), fresh_key=b"f" * 16, destroys_key_id=destroys_key_id)
        for entry in partition.entries:
            for key in entry.key_block.keys:
                if key.key_id == subject:
                    key.ClearField("wrapped")
                    key.ClearField("master_version")

    def test_an_erased_resident_is_passed_over(self):
        self.erase(0, subject_of(0))
        report = self.check()
        self.assertTrue(report["clean"], report)
        self.assertEqual((report["erased"], report["residents"], report["numbers"]), (1, 7, 8))

    def test_a_key_destroyed_without_an_event_that_says_so_is_found(self):
        self.erase(0, b"")
        self.assert_found("the data key was destroyed, and no event says so")

    def test_a_key_destroyed_in_the_place_of_another_is_found(self):
        self.erase(0, subject_of(1))
        self.assert_found("another key was destroyed")

    def test_a_removed_record_is_found(self):
        del self.log[0].entries[2]
        self.assert_found("offset 3 stands where 2 must")

    def test_a_removed_record_is_found_though_the_others_are_renumbered(self):
        for offset in range(len(self.log[0].entries)):
            with self.subTest(offset=offset):
                self.log = honest_log()
                del self.log[0].entries[offset]
                self.renumber(0)
                self.assertFalse(self.check()["clean"])

    def test_a_removed_end_is_found_without_any_answer(self):
        self.seal_ends()
        del self.log[1].entries[-1]
        self.answers = []
        self.assert_found("missing at the end")

    def test_another_running_hash_at_the_end_is_found(self):
        self.seal_ends()
        self.ends[1].running_hash = bytes(32)
        self.assert_found("the running hash at the end")

    def test_an_export_in_parts_is_as_good(self):
        self.write()
        whole, parts = self.log, []
        for partition in whole:
            self.log = [partition]
            parts.append(self.folder / f"part-{partition.partition}")
            parts[-1].write_bytes(b"".join(frames(self.items())))
        report = check_log.check(exported_log.ExportedLog(parts), self.keyring, [self.folder / "answers.jsonl"])
        self.assertTrue(report["clean"], report)
        self.assertEqual(report["partitions"], 2)

    def assert_file_found(self, data, what):
        path = self.folder / "changed.export"
        path.write_bytes(data)
        found = " ".join(exported_log.ExportedLog([path]).findings)
        self.assertRegex(found, what)

    def test_every_cut_of_the_file_is_found(self):
        whole = frames(self.items())
        for count in range(1, len(whole)):
            with self.subTest(frames=count):
                self.assert_file_found(b"".join(whole[:count]), "cut off before its trailer")
                self.assert_file_found(b"".join(whole[:count]) + whole[count][:-7], "ends within a frame")
        self.assert_file_found(b"", "is empty")

    def test_frames_removed_or_moved_are_found(self):
        whole = frames(self.items())
        for at in range(len(whole) - 2):
            with self.subTest(at=at):
                self.assert_file_found(b"".join(whole[:at] + whole[at + 1:]), "was changed, or lacks something")
                moved = whole[:at] + [whole[at + 1], whole[at]] + whole[at + 2:]
                self.assert_file_found(b"".join(moved), "was changed, or lacks something")

    def test_changed_bytes_of_the_file_are_found(self):
        whole = b"".join(frames(self.items()))
        for at in range(0, len(whole), 97):
            with self.subTest(byte=at):
                self.assert_file_found(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:], ".")

    def test_a_trailer_that_tells_of_more_is_found(self):
        items = self.items()
        items[-1].trailer.records += 1
        self.assert_file_found(b"".join(frames(items)), "lacks something that its header or its trailer tells of")

    def test_a_partition_in_pieces_is_found(self):
        items = self.items()
        self.assert_file_found(b"".join(frames(items[:-1] + [items[1], items[-1]])), "twice, or in pieces")

    def test_an_inserted_record_is_found(self):
        self.log[0].entries.insert(3, self.log[0].entries[2])
        self.assert_found("offset 2 stands where 3 must")

    def test_an_inserted_record_is_found_though_it_fits_and_the_others_are_renumbered(self):
        forged = eventlog.Record.FromString(self.log[0].entries[2].record)
        del forged.batch.commands[:]
        self.log[0].entries.insert(2, export.ExportedRecord(record=forged.SerializeToString()))
        self.renumber(0)
        self.assertFalse(self.check()["clean"])

    def test_records_in_another_order_are_found(self):
        entries = self.log[0].entries
        entries[1], entries[2] = entries[2], entries[1]
        self.assert_found("offset 2 stands where 1 must")
        self.renumber(0)
        self.assert_found("a batch of this claim is missing")

    def test_a_batch_of_another_history_is_found(self):
        self.change_batch(0, 2, lambda batch: batch.ClearField("running_hash"))
        self.assert_found("running hash or the sequence does not fit")

    def test_an_event_sealed_as_another_is_found(self):
        def rename(batch):
            batch.commands[0].events[0].type = "resident_corrected"
        self.change_batch(0, 2, rename)
        self.assert_found("sealed event was changed")

    def test_a_version_out_of_order_is_found(self):
        def skip(batch):
            batch.commands[0].events[0].version += 1
        self.change_batch(0, 2, skip)
        self.assert_found("version 3 is out of order")

    def test_a_missing_partition_is_found(self):
        del self.log[1]
        self.assert_found("the log has 2 partitions, 1 were exported")

    def test_an_answer_that_is_not_in_the_log_is_found(self):
        self.answers.append(self.answers[0] | {"version": 6})
        self.answers.append({"name": "residents/" + "ab" * 16, "version": 1, "position": "1@1.0"})
        self.assertEqual(self.check()["answers_not_in_log"], 2)

    def test_an_answer_of_another_partition_is_found(self):
        self.answers[0]["position"] = self.answers[0]["position"].replace("0@", "1@")
        self.assertEqual(self.check()["answers_not_in_log"], 1)

    def test_an_answer_with_another_position_number_or_event_is_found(self):
        self.answers[0]["position"] = "0@1.1"
        self.answers[1]["number"] = NUMBERS[19]
        self.answers[2]["event"] = "resident_corrected"
        self.assertEqual(self.check()["answers_that_differ"], 3)

    def test_masked_numbers_are_compared_by_what_they_show(self):
        self.answers[0]["number"] = "********" + self.answers[0]["number"][8:]
        self.assertTrue(self.check()["clean"])
        self.answers[0]["number"] = "********" + NUMBERS[19][8:]
        self.assertEqual(self.check()["answers_that_differ"], 1)

    def test_answers_that_contradict_each_other_are_found(self):
        self.answers.append(self.answers[0] | {"number": NUMBERS[19]})
        self.assertEqual(self.check()["answers_that_contradict"], 1)

    def test_a_number_of_two_residents_is_found_across_partitions(self):
        self.log[1].batch(registered(18, number=NUMBERS[1]))
        self.assertEqual(self.check()["duplicate_numbers"], 1)

    def test_a_former_number_given_to_another_resident_is_found(self):
        self.assertEqual(self.log[0].answers[-2]["event"], "number_replaced")  # of the resident who had NUMBERS[0]
        self.log[1].batch(registered(18, number=NUMBERS[0]))
        self.assertEqual(self.check()["duplicate_numbers"], 1)

    def test_a_resident_registered_twice_is_found(self):
        self.log[0].batch(registered(0, number=NUMBERS[18]))
        self.assert_found("registered twice")

    def test_a_code_registered_for_two_residents_is_found_whatever_its_last_digit(self):
        self.log[1].batch(registered(18, code="00000000019"))
        self.assertEqual(self.check()["registered_twice"], 1)

    def test_a_voided_registration_may_be_made_anew_with_another_number(self):
        self.log[0].batch(voided(1), registered(1, number=NUMBERS[18]))
        report = self.check()
        self.assertTrue(report["clean"], report)
        self.assertEqual((report["residents"], report["numbers"]), (8, 11))

    def test_a_wrong_check_digit_is_found(self):
        wrong = NUMBERS[18][:11] + str((int(NUMBERS[18][11]) + 1) % 10)
        self.log[0].batch(registered(18, number=wrong))
        self.assertEqual(self.check()["bad_check_digits"], 1)

    def test_keys_are_unwrapped_as_the_standard_says(self):
        # RFC 3394, 4.6: 256 bits of key data with a 256-bit key.
        master = bytes.fromhex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
        wrapped = bytes.fromhex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")
        key = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
        self.assertEqual(check_log.unwrap_keys([wrapped, wrapped[::-1], wrapped], master), [key, None, key])


if __name__ == "__main__":
    unittest.main()
