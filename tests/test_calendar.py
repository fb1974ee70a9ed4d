"""Is the table of holidays what two unrelated packages say?

libs/calendar/holidays.csv is made from the first of them; what the C++ code makes of it is tested beside that code.
"""

import datetime
import importlib.util
import pathlib
import unittest

import jpholiday

ROOT = pathlib.Path(__file__).resolve().parents[1]
GENERATOR = ROOT / "libs/calendar/import_holidays.py"
LAW_TOOK_EFFECT = datetime.date(1948, 7, 20)
SUBSTITUTES_SINCE = datetime.date(1973, 4, 12)
CITIZENS_HOLIDAYS_SINCE = datetime.date(1985, 12, 27)


def load_generator():
    specification = importlib.util.spec_from_file_location("import_holidays", GENERATOR)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def was_not_law_yet(day, name):
    """jpholiday computes some rules for years before they were made."""
    return (day < LAW_TOOK_EFFECT or
            "振替休日" in name and day < SUBSTITUTES_SINCE or
            name == "国民の休日" and day < CITIZENS_HOLIDAYS_SINCE)


def second_opinion(first_year, last_year):
    found = {}
    for year in range(first_year, last_year + 1):
        found.update((day, name) for day, name in jpholiday.year_holidays(year) if not was_not_law_yet(day, name))
    return found


class HolidaysTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.generator = load_generator()
        cls.table = cls.generator.committed()
        cls.second = second_opinion(1948, cls.generator.LAST_YEAR)

    def test_the_file_is_as_generated(self):
        self.assertEqual(self.generator.TARGET.read_text(encoding="utf-8"), self.generator.as_text(),
                         f"run {GENERATOR.relative_to(ROOT)} and look at the difference")

    def test_both_packages_know_the_same_days(self):
        self.assertGreater(len(self.table), 2000)
        self.assertEqual(sorted(self.table), sorted(self.second))

    def test_both_packages_know_the_same_kinds(self):
        for kind in ("振替休日", "国民の休日"):
            self.assertEqual([day for day, name in sorted(self.table.items()) if name == kind],
                             [day for day, name in sorted(self.second.items()) if name.endswith(kind)])

    def test_numbers_of_days_that_were_published(self):
        for year, days in ((2025, 19), (2026, 18), (2027, 17), (2028, 16)):
            self.assertEqual(sum(day.year == year for day in self.table), days, year)


if __name__ == "__main__":
    unittest.main()
