"""The sample's rows are distinct and valid, and show the cases that programs get wrong."""

import csv
import datetime
import io
import itertools
import json
import pathlib
import re
import unittest
import uuid

import generate

FOLDER = pathlib.Path(generate.__file__).parent
TODAY = datetime.date(2026, 11, 20)
UNLIMITED = {"SPECIAL_PERMANENT_RESIDENT", "PERMANENT_RESIDENT", "HIGHLY_SKILLED_PROFESSIONAL_II"}
LIMITED = {"MID_TO_LONG_TERM", "TEMPORARY_REFUGE", "PROVISIONAL_STAY", "TRANSITIONAL"}


def check_digit_by_the_law(ten_digits):
    """Spelt out as docs/domain.md A.2 has it, so that it does not share the generator's slips."""
    total = 0
    for n, digit in enumerate(reversed(ten_digits), start=1):
        total += int(digit) * (n + 1 if n <= 6 else n - 5)
    return 0 if total % 11 <= 1 else 11 - total % 11


def read_sample():
    with open(FOLDER / "residents.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def generator(seed=0, municipalities=generate.SAMPLE_MUNICIPALITIES):
    return generate.Generator(seed, TODAY, generate.read_municipalities(municipalities))


class SampleFileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rows = read_sample()

    def values(self, column):
        return [row[column] for row in self.rows]

    def test_is_what_the_generator_makes(self):
        text = io.StringIO()
        generate.write_csv(map(generator().row, range(200)), text)
        self.assertEqual((FOLDER / "residents.csv").read_text(encoding="utf-8"), text.getvalue(),
                         "make it anew: deploy/sample/generate.py --output deploy/sample/residents.csv")

    def test_has_200_residents_with_the_agreed_columns(self):
        self.assertEqual(len(self.rows), 200)
        self.assertEqual(tuple(self.rows[0]), generate.COLUMNS)

    def test_codes_and_request_ids_are_distinct(self):
        self.assertEqual(len({code[:10] for code in self.values("resident_record_code")}), 200)
        self.assertEqual(len(set(self.values("request_id"))), 200)

    def test_shows_several_municipalities(self):
        self.assertGreaterEqual(len(set(self.values("municipality_code"))), 8)

    def test_shows_kanji_beyond_the_basic_plane_and_variation_selectors(self):
        names = "".join(self.values("full_name"))
        self.assertIn("\U00020BB7", names)
        self.assertGreaterEqual(sum(ord(c) > 0x20000 and ord(c) < 0xE0000 for c in names), 4)
        self.assertGreaterEqual(sum(0xE0100 <= ord(c) <= 0xE01EF or 0xFE00 <= ord(c) <= 0xFE0F for c in names), 4)

    def test_shows_every_residence_status_and_aliases(self):
        self.assertEqual(set(self.values("residence_status")), UNLIMITED | LIMITED | {""})
        with_alias = [row for row in self.rows if row["alias"]]
        self.assertTrue(with_alias and all(row["full_name"].isascii() for row in with_alias))
        self.assertIn("", [row["alias"] for row in self.rows if row["residence_status"]])

    def test_shows_new_borns_leap_days_and_the_very_old(self):
        births = self.values("birth_date")
        self.assertIn("2026-11-20", births)
        self.assertGreaterEqual(sum(birth >= "2026-11-06" for birth in births), 5)
        self.assertTrue(any(birth.endswith("-02-29") for birth in births))
        self.assertLess(min(births), "1909")

    def test_shows_long_and_short_names_and_a_missing_reading(self):
        self.assertEqual(max(map(len, self.values("full_name"))), 200)
        self.assertEqual(min(map(len, self.values("full_name"))), 3)
        self.assertIn("", self.values("name_kana"))

    def test_shows_two_people_of_one_name_and_day(self):
        people = [(row["full_name"], row["birth_date"]) for row in self.rows]
        self.assertTrue(any(people.count(person) > 1 for person in people))

    def test_shows_commas_and_quotes(self):
        names = "".join(self.values("full_name"))
        self.assertIn(",", names)
        self.assertIn('"', names)


class RowTest(unittest.TestCase):
    """Every row of a larger set is one that the service takes."""

    @classmethod
    def setUpClass(cls):
        cls.rows = [dict(zip(generate.COLUMNS, generator(seed=3, municipalities=None).row(i))) for i in range(2000)]

    def test_record_codes_have_eleven_digits_and_a_fitting_check_digit(self):
        for row in self.rows:
            code = row["resident_record_code"]
            self.assertRegex(code, r"\A[0-9]{11}\Z")
            self.assertEqual(int(code[10]), check_digit_by_the_law(code[:10]))

    def test_request_ids_are_uuids_of_the_row(self):
        for row in self.rows:
            values = "\x1f".join(list(row.values())[1:])
            self.assertEqual(row["request_id"], str(uuid.uuid5(generate.REQUEST_ID_NAMESPACE, values)))

    def test_days_exist_and_lie_where_they_must(self):
        for row in self.rows:
            self.assertLessEqual(datetime.date.fromisoformat(row["birth_date"]), TODAY)
            if row["period_of_stay_end"]:
                end = datetime.date.fromisoformat(row["period_of_stay_end"])
                self.assertGreaterEqual(end, datetime.date(2028, 1, 1))

    def test_a_period_of_stay_goes_with_the_status_that_has_one(self):
        for row in self.rows:
            self.assertIn(row["residence_status"], UNLIMITED | LIMITED | {""})
            self.assertEqual(bool(row["period_of_stay_end"]), row["residence_status"] in LIMITED)

    def test_names_places_and_postal_codes_have_their_form(self):
        for row in self.rows:
            self.assertTrue(3 <= len(row["full_name"]) <= 200)
            self.assertFalse(re.search(r"[\x00-\x1f\x7f]", "".join(row.values())))
            self.assertIn("架空町", row["address"])
            self.assertRegex(row["postal_code"], r"\A[0-9]{7}\Z")
            self.assertRegex(row["municipality_code"], r"\A[0-9]{6}\Z")

    def test_the_bulk_has_foreign_nationals_and_new_borns(self):
        bulk = self.rows[len(generate.HARD_CASES):]
        foreign = sum(bool(row["residence_status"]) for row in bulk)
        self.assertTrue(0.08 < foreign / len(bulk) < 0.16)
        self.assertTrue(any(row["birth_date"] > "2026-11-06" for row in bulk))


class GeneratorTest(unittest.TestCase):
    def test_the_same_seed_gives_the_same_rows_in_pieces_too(self):
        whole = [generator().row(i) for i in range(300)]
        self.assertEqual(whole[250:], [generator().row(i) for i in range(250, 300)])

    def test_seeds_share_no_code(self):
        codes = {seed: {generator(seed).row(i)[1][:10] for i in range(1000)} for seed in (0, 1, 99)}
        for one, other in itertools.combinations(codes.values(), 2):
            self.assertEqual(one & other, set())

    def test_codes_are_a_permutation(self):
        # The step has an inverse modulo 10^10, so two indexes never meet.
        self.assertEqual(generate.CODE_STEP * pow(generate.CODE_STEP, -1, 10**10) % 10**10, 1)
        self.assertLessEqual(generate.SEEDS * generate.ROWS_PER_SEED, 10**10)

    def test_json_lines_say_the_same_as_csv(self):
        rows = [generator().row(i) for i in range(50)]
        as_json, as_csv = io.StringIO(), io.StringIO()
        generate.write_json_lines(rows, as_json)
        generate.write_csv(rows, as_csv)
        as_csv.seek(0)
        self.assertEqual([json.loads(line) for line in as_json.getvalue().splitlines()], list(csv.DictReader(as_csv)))

    def test_another_reference_day_moves_births_and_stays(self):
        late = generate.Generator(0, datetime.date(2030, 1, 1), generate.read_municipalities(["131016"]))
        rows = [dict(zip(generate.COLUMNS, late.row(i))) for i in range(200)]
        self.assertEqual(max(row["birth_date"] for row in rows), "2030-01-01")
        self.assertEqual(min(row["period_of_stay_end"] for row in rows if row["period_of_stay_end"]), "2032-01-01")


if __name__ == "__main__":
    unittest.main()
