"""kill -9 while the carrier's file is imported: imported again, nothing is lost and nothing is there twice."""

import collections
import csv
import datetime
import json
import pathlib
import random
import tempfile
import time
import unittest
import zoneinfo

import binaries
import sizes
from load import UNAVAILABLE, UNKNOWN, GrowingLines
from server import Server, make_sample
from sizes import note

COLUMNS = ("お問い合わせ番号", "状態発生日", "配送履歴", "詳細", "取扱局", "県名等", "郵便番号")
WORDS = ("引受", "到着", "持ち出し中", "ご不在のため持ち戻り", "保管", "お届け先にお届け済み")
FIRST_SERIAL = 3_010_010_000
# Numbers that no piece has: what is said of them is kept, too.
FIRST_UNKNOWN_SERIAL = 3_020_000_000
PIECES = 20
KILLS = 3


def tracking_number(serial):
    return f"{serial}{serial % 7}"


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if sizes.FAST:
            raise unittest.SkipTest("slow")
        binaries.folder()
        folder = tempfile.TemporaryDirectory(prefix="mynumber-soak-import-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.server = Server(cls.folder, serves_notices=True)
        cls.addClassCleanup(cls.server.end)
        cls.random = random.Random(sizes.SEED)
        cls.server.start_and_serve()
        note(f"import: {sizes.REPORTS:,} reports, {KILLS} kills, seed {sizes.SEED}")
        cls.file = cls.folder / "carrier.csv"
        cls.write_file(cls.post_pieces())

    @classmethod
    def control(cls, *words):
        done = cls.server.control("--clerk", "soak", *words)
        if done.returncode != 0:
            raise AssertionError(f"{words[:4]}: {done.stdout}{done.stderr}")
        return done.stdout

    @classmethod
    def post_pieces(cls):
        """Registers, draws and posts; the tracking numbers."""
        sample, results = cls.folder / "residents.csv", cls.folder / "results.jsonl"
        make_sample(PIECES, sample)
        cls.control("resident", "register", "--file", sample, "--results", results)
        with open(sample, encoding="utf-8", newline="") as rows:
            municipality_of = {row["request_id"]: row["municipality_code"] for row in csv.DictReader(rows)}
        for line in results.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            cls.draw(row["name"] + "/notices/1", municipality_of[row["request_id"]])
        cls.control("post", "register-range", tracking_number(FIRST_SERIAL), tracking_number(FIRST_SERIAL + 999))
        manifest = cls.folder / "manifest.csv"
        cls.control("post", "manifest", "--file", manifest)
        with open(manifest, encoding="utf-8-sig", newline="") as pieces:
            numbers = [row["お問い合わせ番号"] for row in csv.DictReader(pieces)]
        if len(numbers) != PIECES:
            raise AssertionError(f"{len(numbers)} pieces were posted instead of {PIECES}")
        return numbers

    @classmethod
    def draw(cls, notice, municipality):
        """The notice is prepared some milliseconds after its number was issued."""
        words = ("--clerk", "soak", "--authority", f"municipality/{municipality}", "notice", "render", notice, "--file",
                 cls.folder / "notice.pdf", "--mayor-title", "架空市長", "--mayor-name", "見本 市長")
        until = time.monotonic() + 60
        while (done := cls.server.control(*words)).returncode != 0:
            if time.monotonic() > until:
                raise AssertionError(done.stdout + done.stderr)
            time.sleep(0.05)
        (cls.folder / "notice.pdf").unlink()

    @classmethod
    def write_file(cls, posted):
        today = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Tokyo")).date()
        lines = [(number, f"{today:%Y/%m/%d} {9 + i}:{10 + i}", word)
                 for number in posted for i, word in enumerate(WORDS)]
        for i in range(sizes.REPORTS - len(lines)):
            number = tracking_number(FIRST_UNKNOWN_SERIAL + i // len(WORDS))
            lines.append((number, f"{today:%Y/%m/%d} {9 + i % len(WORDS)}:00", WORDS[i % len(WORDS)]))
        cls.random.shuffle(lines)
        with open(cls.file, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows((number, when, word, "", "架空郵便局", "東京都", "1008799") for number, when, word in lines)

    def begin_import(self, acknowledgements):
        words = [binaries.path("mynumberctl"), "--server", self.server.address, "--output", "json", "post", "import",
                 self.file, "--acknowledgements", acknowledgements]
        return binaries.start(words, self.folder / "import.err")

    def outcomes(self, acknowledgements):
        with open(acknowledgements, encoding="utf-8-sig", newline="") as lines:
            return collections.Counter(row["結果"] for row in csv.DictReader(lines))

    def test_1_killed_and_imported_again(self):
        for kill in range(1, KILLS + 1):
            acknowledgements = self.folder / f"acknowledged-{kill}.csv"
            client = self.begin_import(acknowledgements)
            answered = GrowingLines(acknowledgements)
            moment = int(self.random.uniform(0.05, 0.6) * sizes.REPORTS)
            while answered.update() < moment and client.poll() is None:
                time.sleep(0.01)
            self.assertIsNone(client.poll(), f"the import was over before {moment:,} answers")
            self.server.kill()
            self.assertIn(client.wait(), (UNAVAILABLE, UNKNOWN))
            seconds = self.server.start_and_serve()
            note(f"  kill {kill} after {answered.update():,} answers: serves again in {seconds:.2f} s")
        begin = time.monotonic()
        acknowledgements = self.folder / "acknowledged.csv"
        self.assertEqual(self.begin_import(acknowledgements).wait(), 0)
        outcomes = self.outcomes(acknowledgements)
        self.assertEqual(sum(outcomes.values()), sizes.REPORTS, outcomes)
        self.assertEqual(set(outcomes), {"ACCEPTED", "DUPLICATE"}, outcomes)
        note(f"  whole in {time.monotonic() - begin:.1f} s: {dict(outcomes)}")

    def test_2_nothing_is_lost_and_nothing_is_there_twice(self):
        types = collections.Counter()
        exported = self.control("--output", "json", "log", "export", "--service", "notice")
        for line in exported.splitlines():
            types.update(event["type"] for event in json.loads(line).get("events", []))
        self.assertEqual(types["tracking_reported"], PIECES * len(WORDS), types)
        self.assertEqual(types["unmatched_report_kept"], sizes.REPORTS - PIECES * len(WORDS), types)
        self.assertEqual(self.server.control("verify").returncode, 0)

    def test_3_imported_once_more_all_is_known(self):
        begin = time.monotonic()
        acknowledgements = self.folder / "again.csv"
        self.assertEqual(self.begin_import(acknowledgements).wait(), 0)
        self.assertEqual(self.outcomes(acknowledgements), {"DUPLICATE": sizes.REPORTS})
        note(f"  once more in {time.monotonic() - begin:.1f} s: all are duplicates")


if __name__ == "__main__":
    unittest.main()
