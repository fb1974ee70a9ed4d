"""A log moves: embedded to Kafka and back, broken off and taken up again, and refused where it must be."""

import email
import email.policy
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/outside")]
import exported_log  # noqa: E402
import running_cluster  # noqa: E402
from running_cluster import RunningCluster  # noqa: E402
from running_kafka import Brokers, ClusterOnKafka, assert_topics_clean  # noqa: E402

DONE, REFUSED, USAGE, UNAVAILABLE, INTERNAL = 0, 1, 2, 3, 5
ROWS = 300
AT_REST = "--operations_only"
SERVICES = ("issuance", "notice", "card", "hotline")
PHOTO = ROOT / "deploy/sample/photo.jpg"


def sample(count, file):
    generator = ROOT / "deploy/sample/generate.py"
    subprocess.run([sys.executable, generator, "--count", str(count), "--seed", "5", "--municipalities", "131016",
                    "--output", file], check=True)


def request_of(item):
    """An ImportLogRequest around the bytes of an ExportItem."""
    size, length = len(item), bytearray()
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return b"\x0a" + bytes([*length, size]) + item


def send_part(cluster, export, count, until_written):
    """Sends the first items of an export and stays silent then, as a client that hangs; back when they are written."""
    data, at, requests = export.read_bytes(), 0, []
    for _ in range(count):
        frame, at = exported_log.read_frame(data, at)
        requests.append(request_of(frame.item))
    written = threading.Event()

    def sent():
        yield from requests
        written.wait(60)

    with grpc.insecure_channel(cluster.address) as channel:
        call = channel.stream_unary("/mynumber.operations.v1.OperationsService/ImportLog").future(sent())
        until_written()
        cluster.stop(signal.SIGKILL)
        written.set()
        call.exception()


class MoveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mynumber-move-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.rows, self.export = self.folder / "residents.csv", self.folder / "town.log"
        sample(ROWS, self.rows)

    def client(self, cluster, *words, ends_with=DONE):
        """What it says, on both outputs."""
        done = cluster.client(*map(str, words))
        self.assertEqual(done.returncode, ends_with, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def json_of(self, cluster, *words):
        done = cluster.client("--output", "json", *map(str, words))
        self.assertEqual(done.returncode, DONE, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def ask_all(self, cluster):
        """Every request of this town's history, always under the same request ids, and what is answered."""
        results = self.folder / "results.jsonl"
        self.client(cluster, "resident", "register", "--file", self.rows, "--results", results, "--show-number",
                    "--batch-rows", "20")
        answers = results.read_text()
        name = json.loads(answers.splitlines()[0])["name"]
        replaced = self.json_of(cluster, "number", "replace", name, "--decision", "mayor-on-request", "--evidence",
                                "POLICE-1", "--request-id", "00000000-0000-4000-8000-0000000000c1", "--show-number")
        return answers, replaced

    def grow(self, cluster):
        """A history with two claims in each partition; what was answered."""
        self.client(cluster, "resident", "register", "--file", self.rows)
        cluster.stop(signal.SIGKILL)
        cluster.start()
        return self.ask_all(cluster)

    def export_at_rest(self, cluster):
        """Stops it and exports what it leaves; its running hashes."""
        self.assertEqual(cluster.stop(), 0)
        cluster.start(AT_REST)
        self.client(cluster, "--output", "protobuf", "log", "export", "--file", self.export)
        hashes = {row["partition"]: row["running_hash"] for row in self.json_of(cluster, "status")["partitions"]
                  if row["service"] == "issuance"}
        self.assertEqual(cluster.stop(), 0)
        return hashes

    def start_at_rest(self, cluster, keyring):
        cluster.data.mkdir(exist_ok=True)
        shutil.copy(keyring, cluster.data / "keyring")
        cluster.start(AT_REST)

    def import_all(self, cluster):
        report = self.json_of(cluster, "log", "import", "--file", self.export)
        return {"written": sum(int(row.get("written_records", 0)) for row in report["partitions"]),
                "found": sum(int(row.get("found_records", 0)) for row in report["partitions"]),
                "hashes": {row.get("partition", 0): row["running_hash"] for row in report["partitions"]}}

    def records(self):
        log = exported_log.ExportedLog([self.export])
        self.assertEqual(log.findings, [])
        return [entry for partition in log.partitions for entry in log.records(partition)]

    def assert_same_town(self, cluster, answers):
        """The same requests get the same answers; all is in order; new residents are registered."""
        self.assertEqual(self.ask_all(cluster), answers)
        report = self.json_of(cluster, "verify")
        self.assertTrue(report["clean"], report)
        self.assertEqual((int(report["residents"]), int(report["numbers"])), (ROWS, ROWS + 1))
        more = self.folder / "more.csv"
        sample(ROWS + 50, more)
        self.client(cluster, "resident", "register", "--file", more)
        self.assertEqual(int(self.json_of(cluster, "verify")["residents"]), ROWS + 50)

    def move(self, source, target):
        """Exports the one at rest, imports into the other, which serves then."""
        hashes = self.export_at_rest(source)
        self.start_at_rest(target, source.data / "keyring")
        done = self.import_all(target)
        self.assertEqual(done["hashes"], hashes)
        self.assertEqual((done["written"], done["found"]), (len(self.records()), 0))
        self.client(target, "resident", "register", "--file", self.rows, ends_with=UNAVAILABLE)
        records = self.records()
        self.client(target, "--output", "protobuf", "log", "export", "--file", self.export)
        self.assertEqual(self.records(), records, "byte for byte, with the keys")
        self.assertEqual(target.stop(), 0)
        target.start()
        self.assertEqual(self.import_all(target)["written"], 0, "it is there, and is not doubled")


class EmbeddedMoveTest(MoveTest):
    def test_a_log_moves_and_the_town_goes_on(self):
        with RunningCluster() as source, RunningCluster(starts=False) as target:
            answers = self.grow(source)
            self.move(source, target)
            self.assert_same_town(target, answers)

    def test_an_import_that_was_killed_goes_on_and_nobody_serves_half_a_log(self):
        with RunningCluster() as source, RunningCluster(starts=False) as target:
            answers = self.grow(source)
            self.export_at_rest(source)
            self.start_at_rest(target, source.data / "keyring")
            part = 5  # the header, and what of partition 0 is awaited
            send_part(target, self.export, part, lambda: self.await_offset(target, 3))
            with self.assertRaisesRegex(RuntimeError, "an import into this log has begun and not ended"):
                target.start()
            target.start(AT_REST)
            done = self.import_all(target)
            self.assertEqual((done["found"], done["written"]), (4, len(self.records()) - 4))
            target.stop()
            target.start()
            self.assert_same_town(target, answers)

    def await_offset(self, cluster, offset):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if int(self.json_of(cluster, "status")["partitions"][0]["offset"]) >= offset:
                return
            time.sleep(0.05)
        raise RuntimeError("the records are not written")

    def test_what_is_refused(self):
        with RunningCluster() as source, RunningCluster(starts=False) as target:
            self.client(source, "resident", "register", "--file", self.rows, "--batch-rows", "20")
            self.assert_refused(source, "cannot read", file=self.folder / "nowhere", ends_with=USAGE)
            part = self.folder / "part.log"
            self.client(source, "--output", "protobuf", "log", "export", "--partition", "1", "--file", part)
            self.export_at_rest(source)
            with self.assertRaisesRegex(RuntimeError, "put a copy of the one there"):
                target.start(AT_REST)
            self.start_at_rest(target, source.data / "keyring")
            self.assert_refused(target, "IMPORT_REFUSED", file=part)
            self.assert_damage_is_refused(target)
            self.assertTrue(all(row["offset"] == "-1" for row in self.json_of(target, "status")["partitions"]),
                            "nothing of it was written")
            target.stop()
            target.start("--partitions=4")
            self.assert_refused(target, "LOG_NOT_EMPTY")
            self.assertTrue(self.json_of(target, "verify")["clean"])

    def assert_damage_is_refused(self, target):
        whole = self.export.read_bytes()
        changed = self.folder / "changed.log"
        third = len(whole) // 3
        for data, sentence in ((whole[:2 * third], "ends behind partition"),
                               (whole[:third] + b"?" + whole[third + 1:], "behind partition"),
                               (whole + whole, "something else|was changed|stands behind"), (b"", "it is empty")):
            changed.write_bytes(data)
            self.assertRegex(self.client(target, "log", "import", "--file", changed, ends_with=USAGE), sentence)

    def assert_refused(self, cluster, sentence, file=None, ends_with=REFUSED):
        self.assertIn(sentence, self.client(cluster, "log", "import", "--file", file or self.export,
                                            ends_with=ends_with))

    def test_another_keyring_or_another_number_of_partitions_is_refused(self):
        with RunningCluster() as source, RunningCluster() as other, RunningCluster(starts=False) as target:
            self.client(source, "resident", "register", "--file", self.rows)
            self.export_at_rest(source)
            self.start_at_rest(target, other.data / "keyring")
            self.assert_refused(target, "another key of the numbers")
            target.stop()
            shutil.rmtree(target.data)
            target.data.mkdir()
            shutil.copy(source.data / "keyring", target.data / "keyring")
            target.start(AT_REST, "--partitions=8")
            self.assert_refused(target, "with 4 partitions")


class CardMoveTest(MoveTest):
    """What the other services know moves too: an application with its photograph, a suspension, a case."""

    def test_a_card_moves_with_its_photograph_and_its_suspension(self):
        with RunningCluster() as source, RunningCluster(starts=False) as target:
            self.client(source, "resident", "register", "--file", self.rows)
            card, case = self.suspended_card(source)
            application = self.apply(source)
            self.move_all(source, target)
            self.assertEqual(self.json_of(target, "card", "status", card)["state"], "STATE_SUSPENDED")
            shown = self.json_of(target, "--authority", "hotline", "hotline", "show", case)
            self.assertEqual(shown["state"], "STATE_SUSPENDED")
            seen = self.folder / "seen.jpg"
            self.client(target, "application", "review", application, "--photo", seen)
            self.assertEqual(seen.read_bytes(), PHOTO.read_bytes())
            lifted = self.json_of(target, "card", "lift", card, "--document", "passport", "--lost-at-home")
            self.assertEqual(lifted["state"], "STATE_IN_USE")
            report = self.json_of(target, "verify")
            self.assertTrue(report["clean"], report)
            self.assertEqual(int(report["residents"]), ROWS + 2)

    def test_without_the_photographs_the_clerk_is_told(self):
        with RunningCluster() as source, RunningCluster(starts=False) as target:
            application = self.apply(source)
            self.move_all(source, target, folders=())
            done = target.client("application", "review", application, "--photo", str(self.folder / "seen.jpg"))
            self.assertNotEqual(done.returncode, DONE)
            self.assertIn("PHOTO_LOST", done.stderr)

    def move_all(self, source, target, folders=("card/photos",)):
        """As docs/howto/move-a-log.md has it."""
        self.assertEqual(source.stop(), 0)
        source.start(AT_REST)
        for service in SERVICES:
            self.client(source, "--output", "protobuf", "log", "export", "--service", service, "--file",
                        self.folder / service)
        self.assertEqual(source.stop(), 0)
        for folder in folders:
            shutil.copytree(source.data / folder, target.data / folder)
        self.start_at_rest(target, source.data / "keyring")
        for service in reversed(SERVICES):
            self.client(target, "log", "import", "--file", self.folder / service)
        self.assertEqual(target.stop(), 0)
        target.start()

    def fields_of(self, cluster, fields, *words, **environment):
        """The answer to a command that is given personal data."""
        done = cluster.client("--output", "json", *words, stdin=json.dumps(fields), **environment)
        self.assertEqual(done.returncode, DONE, done.stdout + done.stderr)
        return json.loads(done.stdout.splitlines()[-1])

    def form(self, cluster, code):
        """(a new resident, the application ID on the notice)"""
        resident = self.fields_of(cluster, {
            "resident_record_code": code, "full_name": "見本 花子", "birth_date": "1990-04-01", "address": "架空町1-2",
            "postal_code": "1000001", "municipality_code": "131016"
        }, "resident", "register")["name"]
        notice, pdf = f"{resident}/notices/1", self.folder / f"{code}.pdf"
        self.await_that(lambda: cluster.client("notice", "get", notice).returncode == DONE, "the notice is prepared")
        self.client(cluster, "notice", "render", notice, "--file", pdf, "--mayor-title", "架空市長", "--mayor-name", "見本")
        text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
        return resident, re.search(r"(\d{4} ){5}\d{3}\b", text)[0]

    def apply(self, cluster):
        """Online, with a photograph; the application's name."""
        _, application_id = self.form(cluster, "52000000040")
        site = {"MYNUMBER_AUTHORITY": "application-site"}
        started = self.fields_of(cluster, {"application_id": application_id, "email": "hanako@example.invalid"},
                                 "application", "start", "--way", "smartphone", **site)
        mails = cluster.data / "mail"
        self.await_that(lambda: any(mails.glob("*.eml")), "a mail with a link")
        mail = email.message_from_bytes(next(mails.glob("*.eml")).read_bytes(), policy=email.policy.default)
        token = re.search(r"[?&]token=(\S+)", mail.get_content())[1]
        self.fields_of(cluster, {"token": token}, "application", "confirm", **site)
        done = cluster.client("application", "submit", started["name"], "--photo", str(PHOTO), **site)
        self.assertEqual(done.returncode, DONE, done.stderr)
        return started["name"]

    def suspended_card(self, cluster):
        """(a card that the hotline suspended, the case)"""
        resident, application_id = self.form(cluster, "52000000058")
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
        application = self.fields_of(cluster, {"application_id": application_id}, "application", "mailed",
                                     "--received", today, "--photo-taken", today)["name"]
        self.client(cluster, "application", "review", application)
        self.client(cluster, "application", "review", application, "--good")
        self.client(cluster, "--authority", "factory", "card", "produce", "--date", today, "--ship")
        card = f"{resident}/cards/1"
        for step in (["arrive"], ["set-up"], ["notice"], ["issue", "--document", "passport"]):
            self.client(cluster, "card", *step, card)
        hotline = {"MYNUMBER_AUTHORITY": "hotline"}
        case = self.fields_of(cluster, {}, "hotline", "open", "--caller", "holder", **hotline)["name"]
        self.fields_of(cluster, {"application_id": application_id}, "hotline", "identify", case, "--by",
                       "application-id", **hotline)
        self.fields_of(cluster, {"birth_date": "1990-04-01", "address": "架空町1-2"}, "hotline", "identify", case,
                       "--resident", resident, **hotline)
        said = self.fields_of(cluster, {}, "hotline", "suspend", case, "--card", card, "--reason", "lost", **hotline)
        self.assertTrue(said["in_effect"])
        return card, case

    def await_that(self, is_so, what):
        until = time.monotonic() + 60
        while not is_so():
            self.assertLess(time.monotonic(), until, what)
            time.sleep(0.05)


@unittest.skipIf(os.environ.get("TESTS_FAST"), "starts real brokers")
class KafkaMoveTest(MoveTest):
    def test_up_to_kafka_and_back(self):
        with Brokers(1) as brokers, RunningCluster() as source, ClusterOnKafka(brokers, starts=False) as kafka:
            answers = self.grow(source)
            self.move(source, kafka)
            self.assert_same_town(kafka, answers)
            results = self.folder / "results.jsonl"
            self.ask_all(kafka)
            assert_topics_clean(self, kafka, ROWS + 50, results)
            with RunningCluster(starts=False) as back:
                self.move(kafka, back)
                self.assertEqual(self.ask_all(back), answers)
                report = self.json_of(back, "verify")
                self.assertTrue(report["clean"], report)
                self.assertEqual(int(report["residents"]), ROWS + 50)

    def test_an_import_into_topics_that_was_killed_goes_on(self):
        with Brokers(1) as brokers, RunningCluster() as source, ClusterOnKafka(brokers, starts=False) as kafka:
            answers = self.grow(source)
            self.export_at_rest(source)
            self.start_at_rest(kafka, source.data / "keyring")
            send_part(kafka, self.export, 5, lambda: self.await_end(brokers, 4))
            with self.assertRaisesRegex(RuntimeError, "an import into this log has begun and not ended"):
                kafka.start()
            kafka.start(AT_REST)
            done = self.import_all(kafka)
            self.assertEqual((done["found"], done["written"]), (4, len(self.records()) - 4))
            self.assertEqual(kafka.stop(), 0)
            kafka.start()
            self.assert_same_town(kafka, answers)

    def await_end(self, brokers, end):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            told = subprocess.run(["kcat", "-b", brokers.addresses, "-Q", "-t", "mynumber.issuance:0:-1"],
                                  capture_output=True, text=True, timeout=60)
            if f"offset {end}" in told.stdout:
                return
            time.sleep(0.05)
        raise RuntimeError("the records are not written")


if __name__ == "__main__":
    unittest.main()
