"""Whoever changes an extract of a real log is found, and where: 1,000 tamperings, and those that no chain can show.

What is tried lies in tests/outside/tampering.py, what finds it in tests/outside/check_chain.py.
"""

import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/outside")]
import chain_fold  # noqa: E402
import check_chain  # noqa: E402
import running_cluster  # noqa: E402
import tampering  # noqa: E402
import test_move_log  # noqa: E402
from log_protos import eventlog, export  # noqa: E402
from running_cluster import RunningCluster  # noqa: E402

SERVICES = test_move_log.SERVICES
RESIDENTS = 300
TAMPERINGS = 1000
SEED = 20261127
# A claim carries no hash: it is proven by the batch behind it, together with the batch before it.
PLACES_MAX = 8


def lived_town(folder):
    """Extracts of all four services, of a town with some history and restarts; what `status` said on the way."""
    town = test_move_log.CardMoveTest()  # for its stories: residents, notices, an application, a card, a suspension
    town.folder, town.rows = folder, folder / "residents.csv"
    noted = folder / "noted.jsonl"

    def note():
        with noted.open("a") as file:
            file.write(json.dumps(town.json_of(cluster, "status")) + "\n")

    test_move_log.sample(RESIDENTS, town.rows)
    with RunningCluster() as cluster:
        town.client(cluster, "resident", "register", "--file", town.rows, "--batch-rows", "5")
        town.suspended_card(cluster)
        note()
        for _ in range(2):
            assert cluster.stop() == 0
            cluster.start()
        for _ in range(12):
            town.client(cluster, "--authority", "hotline", "hotline", "open", "--caller", "finder")
        town.apply(cluster)
        note()
        assert cluster.stop() == 0
        cluster.start(test_move_log.AT_REST)
        note()
        for service in SERVICES:
            town.client(cluster, "--output", "protobuf", "log", "export", "--service", service, "--file",
                        folder / service)
    return noted


class ChainTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        folder = tempfile.TemporaryDirectory(prefix="mynumber-chain-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.status = lived_town(cls.folder)
        cls.noted = check_chain.read_noted([cls.status])
        cls.logs = {service: tampering.Extract.read(cls.folder / service) for service in SERVICES}

    def check(self, *extracts, noted=None):
        """The findings, in order, of extracts as they are now, and of honest ones that are named."""
        paths = []
        for number, extract in enumerate(extracts):
            paths.append(self.folder / (extract if isinstance(extract, str) else f"tampered-{number}"))
            if not isinstance(extract, str):
                paths[-1].write_bytes(extract.file_bytes())
        return [chain.finding for chain in check_chain.check(paths, noted).values() if chain.finding]

    def first_to_react(self, to, partition):
        """Who says first what stood there, and where: by chance, since residents fall into partitions so."""
        services = [service for service in SERVICES if service != to]
        chains = check_chain.check([self.folder / service for service in services])
        reacted = [(cursor.sequence, services.index(service), offset) for service in services
                   for offset, cursor in chains[service, partition].reacted if cursor.service == to]
        _, service, offset = min(reacted)
        return f"{services[service]} at offset {offset}"

    def test_what_was_exported_is_in_order(self):
        done = subprocess.run([sys.executable, check_chain.__file__, "--noted", self.status,
                               *(self.folder / service for service in SERVICES)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertRegex(done.stdout, r"issuance partition 0: \d+ records, 3 claims, 0 void; sequence \d+, running ")
        self.assertTrue(done.stdout.endswith("OK: 16 partitions\n"), done.stdout)
        newest = json.loads(self.status.read_text().splitlines()[-1])["partitions"]
        chains = check_chain.check([self.folder / service for service in SERVICES])
        self.assertEqual({(row["service"], row["partition"]): int(row["sequence"]) for row in newest},
                         {key: chain.head.sequence for key, chain in chains.items()})
        self.assertGreater(sum(len(chain.reacted) for chain in chains.values()), 20, "the logs witness each other")

    def test_an_extract_written_again_is_the_same(self):
        for service, log in self.logs.items():
            self.assertEqual(log.file_bytes(), (self.folder / service).read_bytes(), service)

    def test_every_tampering_is_found_at_its_place(self):
        tried, exact = collections.Counter(), 0
        for number in range(TAMPERINGS):
            dice = random.Random(f"{SEED}/{number}")
            changed = self.logs[dice.choice(SERVICES)].copy()
            what = tampering.tamper(dice, changed)
            with self.subTest(number=number, what=what):
                found = self.check(changed, noted=self.noted)
                self.assertTrue(found, "not found")
                self.assertEqual(found[0].partition, what.partition, found)
                self.assertTrue(found[0].first <= what.offset <= found[0].last, found)
                self.assertLessEqual(found[0].last - found[0].first, PLACES_MAX, found)
                exact += found[0].first == found[0].last
            tried[what.kind, what.care] += 1
        self.assertEqual(len(tried), len(tampering.KINDS) * len(tampering.CARES), tried)
        self.assertGreater(exact, TAMPERINGS * 0.7, "most are found at one offset exactly")

    def test_a_history_made_anew_is_found_by_what_was_noted_alone(self):
        changed = self.logs["issuance"].copy()
        log = changed.partitions[0]
        at = len(log) // 2
        tampering.make_anew(changed, 0, at)
        self.assertEqual(self.check(changed), [], "every link fits: that is what a chain without a key cannot tell")
        found = self.check(changed, noted=self.noted)
        self.assertEqual([(each.service, each.partition) for each in found], [("issuance", 0)])
        self.assertLessEqual(found[0].first, found[0].last)
        self.assertIn("made anew from some record behind sequence", found[0].what)

    def test_a_history_made_anew_is_found_by_the_services_that_reacted_to_it(self):
        changed = self.logs["issuance"].copy()
        tampering.make_anew(changed, 0, 1)
        found = self.check(changed, "notice", "card", "hotline")
        self.assertEqual([(each.service, each.partition) for each in found], [("issuance", 0)])
        self.assertIn(f"than {self.first_to_react('issuance', 0)} knows", found[0].what)

    def test_a_cut_end_is_found_by_what_was_noted_alone(self):
        changed = self.logs["notice"].copy()
        del changed.partitions[1][-1]
        changed.refit(1)
        self.assertEqual(self.check(changed), [])
        self.assertEqual([each.partition for each in self.check(changed, noted=self.noted)], [1])

    def test_a_changed_last_record_is_found_by_what_was_noted_alone(self):
        changed = self.logs["card"].copy()
        log = changed.partitions[3]
        log[-1] = tampering.with_record(log[-1], log[-1].item.record + b"\x98\x06\x01")  # a field that nobody knows
        changed.refit(3)
        self.assertEqual(self.check(changed), [])
        found = self.check(changed, noted=self.noted)[0]
        self.assertEqual(found.partition, 3)
        self.assertTrue(found.first < len(log) <= found.last, found)

    def test_partitions_that_changed_places_are_found_by_what_was_noted_alone(self):
        changed = self.logs["issuance"].copy()
        changed.partitions[0], changed.partitions[1] = changed.partitions[1], changed.partitions[0]
        for partition in (0, 1):
            changed.refit(partition)
        self.assertEqual(self.check(changed), [])
        self.assertEqual([each.partition for each in self.check(changed, noted=self.noted)], [0, 1])

    def test_what_is_appended_is_not_found(self):
        changed = self.logs["card"].copy()
        record = eventlog.Record()
        head = changed.fold(0).head
        record.batch.claim_id, record.batch.claim_sequence, sequence, record.batch.running_hash = head
        record.batch.sequence = sequence + 1
        changed.partitions[0].append(tampering.Entry(export.ExportedRecord(record=record.SerializeToString())))
        changed.refit(0)
        self.assertEqual(self.check(changed, noted=self.noted), [], "this takes a signature")

    def test_a_copy_is_void_and_found_by_what_was_noted(self):
        changed = self.logs["card"].copy()
        changed.partitions[0].insert(5, changed.partitions[0][2])
        changed.refit(0)
        self.assertEqual(self.check(changed), [])
        self.assertEqual(changed.fold(0).voids, [5])
        found = self.check(changed, noted=self.noted)[0]
        self.assertEqual((found.partition, found.first, found.last), (0, 5, 5))

    def test_a_late_batch_of_a_former_writer_is_void_whatever_it_holds(self):
        changed = self.logs["issuance"].copy()
        log = changed.partitions[2]
        at = next(at for at, entry in enumerate(log) if at > 0
                  and eventlog.Record.FromString(entry.item.record).HasField("opened"))
        late = eventlog.Record()
        late.batch.claim_id, late.batch.claim_sequence, sequence, late.batch.running_hash = changed.fold(2, at).head
        late.batch.sequence = sequence + 1
        log.insert(at + 1, tampering.Entry(export.ExportedRecord(record=late.SerializeToString())))
        for time_micros in (0, 1):
            late.batch.time_micros = time_micros
            log[at + 1] = tampering.with_record(log[at + 1], late.SerializeToString())
            changed.refit(2)
            self.assertEqual(self.check(changed), [])
            self.assertEqual(changed.fold(2).voids, [at + 1])

    def test_the_page_s_records_have_the_hashes_that_it_tells(self):
        page = (ROOT / "docs/log_format.md").read_text(encoding="utf-8")
        lines = [bytes.fromhex(line) for line in page.split("```vectors\n")[1].split("```")[0].splitlines()]
        chain = chain_fold.Chain(export.ExportHeader(service="issuance", partition_count=1), 0, ())
        for offset, (record, running_hash) in enumerate(zip(lines[::2], lines[1::2])):
            chain.take(offset, record)
            self.assertEqual(chain.head.hash, running_hash)
        self.assertEqual((chain.finding, chain.doubt, chain.offset, chain.claims, chain.head.sequence),
                         (None, None, 3, 1, 2))

    def test_wrapped_keys_stand_outside_of_the_chain(self):
        changed = self.logs["issuance"].copy()
        entry = next(entry for entry in changed.partitions[0] if entry.item.key_block.keys)
        key = entry.item.key_block.keys[0]
        key.wrapped = bytes([key.wrapped[0] ^ 1]) + key.wrapped[1:]
        self.assertEqual(len(self.check(changed)), 4, "the digest of the frame is wrong, and nothing behind it is read")
        changed.refit(0)
        self.assertEqual(self.check(changed, noted=self.noted), [], "check_log.py, which has the keyring, finds it")


if __name__ == "__main__":
    unittest.main()
