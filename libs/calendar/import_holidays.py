#!/usr/bin/env python3
"""Writes holidays.csv (day,name,name_en) anew from the PyPI package holidays.

The Act on National Holidays took effect on 20 July 1948; the package begins with 1949, so the three days of 1948 stand
here. Equinoxes beyond the next year are forecasts: run this again when deploy/requirements.txt takes a newer package,
then look at the difference:

    /opt/mynumber/python/bin/python libs/calendar/import_holidays.py
"""

import csv
import datetime
import io
import pathlib

FIRST_YEAR, LAST_YEAR = 1949, 2099
TARGET = pathlib.Path(__file__).parent / "holidays.csv"
OF_1948 = [("1948-09-23", "秋分の日", "Autumnal Equinox Day"),
           ("1948-11-03", "文化の日", "Culture Day"),
           ("1948-11-23", "勤労感謝の日", "Labor Thanksgiving Day")]


def rows():
    import holidays  # pylint: disable=import-outside-toplevel

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    japanese, english = (holidays.country_holidays("JP", years=years, language=name) for name in ("ja", "en_US"))
    return OF_1948 + [(day.isoformat(), japanese[day], english[day]) for day in sorted(japanese)]


def as_text():
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("day", "name", "name_en"), *rows()])
    return out.getvalue()


def committed():
    """day -> its name, of the file as it lies there."""
    with open(TARGET, encoding="utf-8", newline="") as source:
        return {datetime.date.fromisoformat(row["day"]): row["name"] for row in csv.DictReader(source)}


if __name__ == "__main__":
    TARGET.write_text(as_text(), encoding="utf-8")
