"""Notices of made-up residents with hard names: the PDF's text and its QR code, read back by other programs, are what
was put in; as single files, and as pages of a print run."""

import csv
import datetime
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

import binaries
from sizes import NOTICES, SEED, note

sys.path.append(str(binaries.ROOT / "deploy" / "sample"))
import generate  # noqa: E402  pylint: disable=wrong-import-position,wrong-import-order

import zxingcpp  # noqa: E402  pylint: disable=wrong-import-position,wrong-import-order

APPLICATION_URL = "https://apply.mynumber.invalid/form?id="
COLUMNS = ("issue_date", "mayor_title", "mayor_name", "number", "name", "alias", "birth_date", "application_id",
           "factory_code", "control_codes")
NUMBER_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Where things stand, in millimetres from the upper left corner: x, y, width, height (libs/notice_document/geometry.h).
PLACES = {"issue": (80, 15, 112, 17), "number": (55, 52.5, 134, 16), "name": (55, 69.5, 134, 26),
          "birth_date": (55, 96.5, 134, 10), "application_id": (55, 224.5, 134, 10), "factory_code": (121, 264, 44, 8),
          "control_codes": (20, 280, 170, 12)}
QR_PLACE = (150, 161, 41, 41)
TEXT_DOTS_PER_INCH, QR_DOTS_PER_INCH = 720, 200
# The facts that every notice states.
STATED = ("身分証明書ではありません", "再発行しません", "保管してください")
SPACE = re.compile(r"\s+")
ERAS = ((2019, "令和"), (1989, "平成"), (1926, "昭和"), (1912, "大正"), (1868, "明治"))


def made_up_notices(count):
    """As many residents as asked for, each as a dict of COLUMNS."""
    dice = random.Random(SEED)
    generator = generate.Generator(SEED, datetime.date(2026, 11, 20),
                                   generate.read_municipalities(generate.SAMPLE_MUNICIPALITIES))
    for i in range(count):
        resident = dict(zip(generate.COLUMNS, generator.row(i)))
        body = "".join(dice.choices("0123456789", k=11))
        remainder = sum(int(digit) * weight for digit, weight in zip(body, NUMBER_WEIGHTS)) % 11
        yield dict(zip(COLUMNS, (
            "令和8年11月20日", "架空市長", "例示 一郎", body + ("0" if remainder <= 1 else str(11 - remainder)),
            resident["full_name"], resident["alias"], era_date(resident["birth_date"]),
            "".join(dice.choices("0123456789", k=23)), f"{i:09}", f"202611201 120000 0000002 {i:08} {i % 9 + 1}/9")))


def era_date(iso):
    """By whole years, which is near enough for a text that is only printed."""
    year, month, day = map(int, iso.split("-"))
    first, era = next((first, era) for first, era in ERAS if year >= first)
    return f"{era}{year - first + 1}年{month}月{day}日"


def in_fours(digits):
    return " ".join(digits[at:at + 4] for at in range(0, len(digits), 4))


def without_space(text):
    """pdftotext takes a gap or a broken line for a space, and some spaces for none: names are compared without."""
    return SPACE.sub("", text)


def expected(notice):
    """What stands at each place."""
    alias = f"通称{notice['alias']}" if notice["alias"] else ""
    return {"issue": f"{notice['issue_date']}発行{notice['mayor_title']}{notice['mayor_name']}",
            "number": in_fours(notice["number"]), "name": notice["name"] + alias,
            "birth_date": notice["birth_date"], "application_id": in_fours(notice["application_id"]),
            "factory_code": notice["factory_code"], "control_codes": notice["control_codes"]}


def crop(place, dots_per_inch):
    """Options of poppler's tools."""
    x, y, width, height = (str(round(length * dots_per_inch / 25.4)) for length in place)
    return ["-r", str(dots_per_inch), "-x", x, "-y", y, "-W", width, "-H", height]


def texts_of(pdf, *options):
    """The text of each page, white space as one space."""
    done = subprocess.run(["pdftotext", *options, pdf, "-"], check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return [SPACE.sub(" ", page).strip() for page in done.stdout.split("\f")[:-1]]


def qr_codes_of(pdf, folder):
    """What a reader of bar codes sees on each page."""
    prefix = pathlib.Path(folder, f"qr-{pdf.stem}")
    subprocess.run(["pdftoppm", "-gray", *crop(QR_PLACE, QR_DOTS_PER_INCH), pdf, prefix], check=True)
    for picture in sorted(prefix.parent.glob(f"{prefix.name}-*.pgm")):
        kind, size, _, pixels = picture.read_bytes().split(b"\n", 3)
        assert kind == b"P5", kind
        width, height = map(int, size.split())
        found = zxingcpp.read_barcodes(memoryview(pixels).cast("B", (height, width)))
        yield [code.text for code in found]
        picture.unlink()


class NoticesTest(unittest.TestCase):
    """One drawing of everybody; each test looks at it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="mynumber-notices-")))
        cls.notices = list(made_up_notices(NOTICES))
        note(f"{NOTICES} notices, seed {SEED}")
        lines = "".join("\t".join(notice.values()) + "\n" for notice in cls.notices)
        subprocess.run([binaries.path("draw_notices"), cls.folder, APPLICATION_URL], input=lines, encoding="utf-8",
                       check=True)

    def single(self, i):
        return self.folder / f"{i}.pdf"

    def check_texts(self, pages, notices):
        for place, texts in pages.items():
            self.assertEqual(len(texts), len(notices), place)
            for i, (text, notice) in enumerate(zip(texts, notices)):
                want = expected(notice)[place]
                if place in ("issue", "name"):
                    text, want = without_space(text), without_space(want)
                self.assertEqual(text, want, f"{place} of notice {i}")

    def test_the_text_of_a_print_run_reads_back(self):
        run = self.folder / "run.pdf"
        self.check_texts({place: texts_of(run, *crop(where, TEXT_DOTS_PER_INCH)) for place, where in PLACES.items()},
                         self.notices)

    def test_the_text_of_single_files_reads_back(self):
        for i, notice in enumerate(self.notices):
            # The form comes first, then what is the resident's, in the order of the page.
            texts = texts_of(self.single(i), "-raw")
            self.assertEqual(len(texts), 1)
            want = expected(notice)
            text, own = (without_space(text) for text in (texts[0], "".join(want[place] for place in PLACES)))
            self.assertEqual(text[-len(own):], own, f"notice {i}")
            for stated in STATED:
                self.assertIn(stated, text)

    def test_the_qr_codes_open_the_application_with_the_id(self):
        want = [[APPLICATION_URL + notice["application_id"]] for notice in self.notices]
        self.assertEqual(list(qr_codes_of(self.folder / "run.pdf", self.folder)), want)
        for i in range(NOTICES):
            self.assertEqual(list(qr_codes_of(self.single(i), self.folder)), want[i:i + 1], f"notice {i}")

    def test_nothing_of_a_resident_stands_in_the_metadata(self):
        for i in (0, NOTICES - 1):
            about = subprocess.run(["pdfinfo", self.single(i)], check=True, stdout=subprocess.PIPE,
                                   encoding="utf-8").stdout
            fields = dict(re.findall(r"^([\w ]+?): +(.*)$", about, re.MULTILINE))
            self.assertEqual(fields["Title"], "個人番号通知書")
            self.assertFalse({"Author", "Subject", "Keywords"} & set(fields), about)
            for value in (self.notices[i]["number"], self.notices[i]["name"], self.notices[i]["application_id"]):
                self.assertNotIn(value, about)

    def test_all_fonts_are_embedded(self):
        fonts = subprocess.run(["pdffonts", self.folder / "run.pdf"], check=True, stdout=subprocess.PIPE,
                               encoding="utf-8").stdout.splitlines()[2:]
        self.assertGreaterEqual(len(fonts), 3)
        for font in fonts:
            # The last columns: embedded, subset, with a map to Unicode, object number and generation.
            self.assertEqual(font.split()[-5:-2], ["yes", "yes", "yes"], font)


if __name__ == "__main__":
    unittest.main()
