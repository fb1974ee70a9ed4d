#!/usr/bin/env python3
"""Makes up residents: as many as asked for, the same ones for the same seed.

  deploy/sample/generate.py --count 200 > deploy/sample/residents.csv      (the file in this folder)
  deploy/sample/generate.py --count 1000000 --seed 7 --format jsonl --output residents.jsonl

Nobody here exists: family names mean "specimen", "fictitious", "example" and the like, and every address lies in a
"fictitious town". The first rows of every file are the cases that programs get wrong (HARD_CASES). Row i depends on
the seed and i alone, so files may be made in pieces (--first), and files of different seeds share no record code.
"""

import argparse
import csv
import datetime
import hashlib
import json
import operator
import pathlib
import sys
import uuid

COLUMNS = ("request_id", "resident_record_code", "full_name", "alias", "name_kana", "birth_date", "address",
           "postal_code", "municipality_code", "residence_status", "period_of_stay_end")
MUNICIPALITIES_FILE = pathlib.Path(__file__).resolve().parents[2] / "libs" / "identifiers" / "municipalities.csv"
SAMPLE_MUNICIPALITIES = ("131016", "131041", "131130", "011002", "012050", "141003", "271004", "131211", "401307",
                         "472018", "041009", "343692")

# Seeds and rows that never share a record code.
SEEDS = 100
ROWS_PER_SEED = 10**8
# Of a thousand residents, those who are foreign nationals: 30 in the nation (docs/domain.md X4), more here, to be seen.
FOREIGN_OF_THOUSAND = 120
NEW_BORN_OF_THOUSAND = 20

# Weights of the record code's check digit, from the highest digit: those of the Individual Number over ten digits, as
# in libs/identifiers/resident_record_code.h. UNVERIFIED (docs/domain.md A.1.8).
CHECK_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Odd and no multiple of five, so a permutation of the ten-digit codes; scatters neighbours.
CODE_STEP = 6180339887
CODE_START = 3141592653

REQUEST_ID_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "sample.residents.mynumber.invalid")

FAMILY_NAMES = (("見本", "ミホン"), ("架空", "カクウ"), ("例示", "レイジ"), ("仮名", "カメイ"), ("雛形", "ヒナガタ"),
                ("標本", "ヒョウホン"), ("模擬", "モギ"), ("想定", "ソウテイ"), ("試験", "シケン"), ("無実在", "ムジツザイ"),
                ("創作", "ソウサク"), ("記入例", "キニュウレイ"), ("様式", "ヨウシキ"), ("何某", "ナニガシ"),
                ("某", "ボウ"), ("佐見本", "サミホン"), ("東架空", "ヒガシカクウ"), ("大例示", "オオレイジ"))
GIVEN_NAMES = (("太郎", "タロウ"), ("花子", "ハナコ"), ("一郎", "イチロウ"), ("二郎", "ジロウ"), ("三郎", "サブロウ"),
               ("良子", "ヨシコ"), ("一美", "カズミ"), ("二葉", "フタバ"), ("三奈", "ミナ"), ("四季", "シキ"),
               ("五月", "サツキ"), ("六花", "リッカ"), ("七海", "ナナミ"), ("八重", "ヤエ"), ("九十九", "ツクモ"),
               ("十和子", "トワコ"), ("百合", "ユリ"), ("千尋", "チヒロ"), ("万里", "マリ"), ("さくら", "サクラ"),
               ("ひなた", "ヒナタ"), ("アキラ", "アキラ"), ("のゝ", "ノノ"), ("子", "ネ"))
FOREIGN_FAMILY_NAMES = (("SAMPLE", "サンプル"), ("EXAMPLE", "エグザンプル"), ("SPECIMEN", "スペシメン"),
                        ("FICTIONAL", "フィクショナル"), ("MUSTERMANN", "ムスターマン"), ("EJEMPLO", "エヘンプロ"),
                        ("MODELO", "モデロ"), ("YANGBEN", "ヤンベン"), ("GAMYEONG", "カミョン"), ("CONTOH", "チョント"))
FOREIGN_GIVEN_NAMES = (("JOHN", "ジョン"), ("JANE", "ジェーン"), ("ERIKA", "エリカ"), ("MARIA JOSE", "マリア ホセ"),
                       ("XIAOMING", "シャオミン"), ("GILDONG", "ギルドン"), ("BUDI", "ブディ"), ("VAN A", "ヴァン アー"))
LIMITED_STATUSES = ("MID_TO_LONG_TERM", "MID_TO_LONG_TERM", "MID_TO_LONG_TERM", "MID_TO_LONG_TERM", "TEMPORARY_REFUGE",
                    "PROVISIONAL_STAY", "TRANSITIONAL")
UNLIMITED_STATUSES = ("PERMANENT_RESIDENT", "PERMANENT_RESIDENT", "SPECIAL_PERMANENT_RESIDENT",
                      "HIGHLY_SKILLED_PROFESSIONAL_II")

LONG_LATIN_NAME = " ".join(["JOHN"] + ["SAMPLE"] * 28)  # 200 characters: the longest that is taken
# What differs from an ordinary row; "@name" stands for a day relative to --today (see Days).
HARD_CASES = (
    {"full_name": "見本 太郎", "name_kana": "ミホン タロウ"},
    {"full_name": "架空 花子", "name_kana": "カクウ ハナコ"},
    {"full_name": "𠮷見本 太郎", "name_kana": "ヨシミホン タロウ"},  # U+20BB7: beyond the basic plane
    {"full_name": "例示 𩸽", "name_kana": "レイジ ホッケ"},  # U+29E3D
    {"full_name": "𣘺見本 𡈽代", "name_kana": "ハシミホン ツチヨ"},  # U+2363A, U+2123D
    {"full_name": "葛\U000E0100見本 一郎", "name_kana": "カツミホン イチロウ"},  # ideographic variation selector
    {"full_name": "邉\U000E0107例示 辻\U000E0101子", "name_kana": "ナベレイジ ツジコ"},
    {"full_name": "髙見本 﨑子", "name_kana": "タカミホン サキコ"},  # U+9AD9, and U+FA11 of the compatibility block
    {"full_name": "神\uFE00見本 福\uFE00子", "name_kana": "カミミホン フクコ"},  # standardised variation selector
    {"full_name": "高見本 崎子", "name_kana": "タカミホン サキコ"},  # another person than 髙見本 﨑子
    {"full_name": "見本　全角", "name_kana": "ミホン　ゼンカク"},  # the full-width space
    {"full_name": "半角 例子", "name_kana": "ﾊﾝｶｸ ﾚｲｺ"},  # half-width kana
    {"full_name": "見本 がか", "name_kana": "みほん がか"},  # hiragana, composed
    {"full_name": "見本 か\u3099か", "name_kana": "ミホン カ\u3099カ"},  # the same with a combining mark
    {"full_name": "某 一", "name_kana": "ボウ イ"},  # as short as names get
    {"full_name": "寿限無寿限無五劫の擦り切れ海砂利水魚の水行末雲来末風来末食う寝る処に住む処 見本之助",
     "name_kana": "ジュゲムジュゲムゴコウノスリキレカイジャリスイギョノスイギョウマツウンライマツフウライマツクウネルトコロニスムトコロ ミホンノスケ"},
    {"full_name": "架空 新生", "name_kana": "カクウ シンセイ", "birth_date": "@today"},  # born on the very day
    {"full_name": "架空 昨日", "name_kana": "カクウ キノウ", "birth_date": "@yesterday"},
    {"full_name": "例示 双葉", "name_kana": "レイジ フタバ", "birth_date": "@week_ago", "address": "@twins"},
    {"full_name": "例示 双樹", "name_kana": "レイジ フタキ", "birth_date": "@week_ago", "address": "@twins"},
    {"full_name": "標本 無読", "name_kana": "", "birth_date": "@week_ago"},  # no reading recorded yet
    {"full_name": "想定 閏", "name_kana": "ソウテイ ウルウ", "birth_date": "2000-02-29"},
    {"full_name": "想定 閏二", "name_kana": "ソウテイ ウルウジ", "birth_date": "2024-02-29"},
    {"full_name": "雛形 長寿", "name_kana": "ヒナガタ チョウジュ", "birth_date": "1908-01-01"},
    {"full_name": "模擬 同名", "name_kana": "モギ ドウメイ", "birth_date": "1980-05-05"},  # two people, one name and day
    {"full_name": "模擬 同名", "name_kana": "モギ ドウメイ", "birth_date": "1980-05-05"},
    {"full_name": "見本, 読点", "name_kana": "ミホン ドクテン"},  # a comma: quotes in CSV
    {"full_name": '見本 "引用"', "name_kana": "ミホン インヨウ"},  # quotes within quotes
    {"full_name": "JOHN SAMPLE", "alias": "見本 ジョン", "name_kana": "ジョン サンプル",
     "residence_status": "MID_TO_LONG_TERM", "period_of_stay_end": "@stay_shortest"},
    {"full_name": "JANE EXAMPLE", "alias": "", "name_kana": "ジェーン エグザンプル",
     "residence_status": "PERMANENT_RESIDENT"},
    {"full_name": "GAMYEONG GILDONG", "alias": "架空 吉童", "name_kana": "カミョン ギルドン",
     "residence_status": "SPECIAL_PERMANENT_RESIDENT"},
    {"full_name": "ERIKA MUSTERMANN", "alias": "", "name_kana": "エリカ ムスターマン",
     "residence_status": "HIGHLY_SKILLED_PROFESSIONAL_II"},
    {"full_name": "O'SAMPLE ANNE-MARIE", "alias": "", "name_kana": "オサンプル・アンマリー",
     "residence_status": "TEMPORARY_REFUGE", "period_of_stay_end": "@stay_shortest"},
    {"full_name": "EJEMPLO MODELO MARIA JOSE", "alias": "例示 マリア", "name_kana": "エヘンプロ モデロ マリア ホセ",
     "residence_status": "PROVISIONAL_STAY", "period_of_stay_end": "@stay_longest"},
    {"full_name": "CONTOH BUDI", "alias": "", "name_kana": "チョント ブディ", "birth_date": "@week_ago",
     "residence_status": "TRANSITIONAL", "period_of_stay_end": "@stay_shortest"},
    {"full_name": LONG_LATIN_NAME, "alias": "見本 長名", "name_kana": "サンプル ジョン",
     "residence_status": "MID_TO_LONG_TERM", "period_of_stay_end": "@stay_longest"},
)


class Generator:
    """Row i of a seed as a tuple of texts in the order of COLUMNS."""

    def __init__(self, seed, today, municipalities):
        self._seed_bytes = seed.to_bytes(8, "little")
        self._first_index = seed * ROWS_PER_SEED
        self._places = [(code, name, (code[:3] + "9901")) for code, name in municipalities]
        self._days = Days(today)

    def row(self, i):
        # One draw of 32 bytes for each row, taken apart below: far cheaper than a generator of random numbers.
        draw = hashlib.blake2b(i.to_bytes(8, "little"), digest_size=32, key=self._seed_bytes).digest()
        person = self._person(i, draw)
        fields = (record_code(self._first_index + i), *person)
        return (request_id(fields), *fields)

    def _person(self, i, draw):
        code, place, postal_code = self._places[int.from_bytes(draw[0:4], "little") % len(self._places)]
        kind = int.from_bytes(draw[4:6], "little") % 1000
        if kind < FOREIGN_OF_THOUSAND:
            name, alias, kana, status, stay_end = self._foreign(draw)
        else:
            (family, family_kana), (given, given_kana) = pick(FAMILY_NAMES, draw[6]), pick(GIVEN_NAMES, draw[7])
            name, kana, alias, status, stay_end = f"{family} {given}", f"{family_kana} {given_kana}", "", "", ""
        birth_date = self._days.birth(int.from_bytes(draw[8:11], "little"), kind >= 1000 - NEW_BORN_OF_THOUSAND)
        address = f"{place}架空町{draw[11] % 9 + 1}丁目{draw[12] % 40 + 1}番{draw[13] % 30 + 1}号"
        if i >= len(HARD_CASES):
            return name, alias, kana, birth_date, address, postal_code, code, status, stay_end
        hard = HARD_CASES[i]
        twins = self._places[0]
        code, postal_code = (twins[0], twins[2]) if hard.get("address") else (code, postal_code)
        address = f"{twins[1]}架空町1丁目1番1号 見本荘𠮷棟101" if hard.get("address") else address
        return (hard["full_name"], hard.get("alias", ""), hard["name_kana"],
                self._days.named(hard.get("birth_date", birth_date)), address, postal_code, code,
                hard.get("residence_status", ""), self._days.named(hard.get("period_of_stay_end", "")))

    def _foreign(self, draw):
        family, family_kana = pick(FOREIGN_FAMILY_NAMES, draw[6])
        given, given_kana = pick(FOREIGN_GIVEN_NAMES, draw[7])
        alias = f"{pick(FAMILY_NAMES, draw[14])[0]} {pick(GIVEN_NAMES, draw[15])[0]}" if draw[16] % 3 == 0 else ""
        name, kana = f"{family} {given}", f"{family_kana} {given_kana}"
        if draw[17] % 2:
            return name, alias, kana, pick(UNLIMITED_STATUSES, draw[18]), ""
        return name, alias, kana, pick(LIMITED_STATUSES, draw[18]), self._days.stay_end(draw[19] * 256 + draw[20])


class Days:
    """Days around the reference day, as YYYY-MM-DD."""

    OLDEST_DAYS = 100 * 365
    NEW_BORN_DAYS = 14

    def __init__(self, today):
        def before(days):
            return (today - datetime.timedelta(days=days)).isoformat()

        # A table, since a date costs more than a row has time for.
        self._before = [before(days) for days in range(self.OLDEST_DAYS)]
        # From the second New Year on: a file stays usable for a year or more.
        stay_first = datetime.date(today.year + 2, 1, 1)
        self._stay_ends = [(stay_first + datetime.timedelta(days=days)).isoformat() for days in range(3 * 365)]
        self._named = {"@today": before(0), "@yesterday": before(1), "@week_ago": before(7),
                       "@stay_shortest": self._stay_ends[0], "@stay_longest": self._stay_ends[-1]}

    def birth(self, draw, new_born):
        return self._before[draw % (self.NEW_BORN_DAYS if new_born else self.OLDEST_DAYS)]

    def stay_end(self, draw):
        return self._stay_ends[draw % len(self._stay_ends)]

    def named(self, text):
        return self._named.get(text, text)


def pick(choices, draw):
    return choices[draw % len(choices)]


def record_code(index):
    """The eleven digits of the index-th resident: another code for each of 10^10 indexes."""
    digits = b"%010d" % ((index * CODE_STEP + CODE_START) % 10**10)
    return digits.decode() + check_digit(digits)


def check_digit(ten_digits):
    """Of ten ASCII digits, as bytes."""
    # A byte is 48 more than its digit.
    remainder = (sum(map(operator.mul, ten_digits, CHECK_WEIGHTS)) - 48 * sum(CHECK_WEIGHTS)) % 11
    return "0" if remainder <= 1 else str(11 - remainder)


def request_id(fields):
    """UUID version 5 of the row, so that the same row sent again is the same request."""
    digest = hashlib.sha1(REQUEST_ID_NAMESPACE.bytes + "\x1f".join(fields).encode()).digest()
    value = int.from_bytes(digest[:16], "big") & ~(0xF000 << 64) & ~(0xC000 << 48) | 0x5000 << 64 | 0x8000 << 48
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def read_municipalities(codes):
    """[(code, prefecture and name)] of these codes; of all, if None."""
    with open(MUNICIPALITIES_FILE, encoding="utf-8", newline="") as file:
        names = {row["code"]: row["prefecture"] + row["name"] for row in csv.DictReader(file)}
    for code in codes or ():
        if code not in names:
            raise SystemExit(f"generate.py: {code} is no municipality of {MUNICIPALITIES_FILE.name}")
    return [(code, names[code]) for code in codes or names]


def write_csv(rows, file):
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)


def write_json_lines(rows, file):
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    file.writelines(encode(dict(zip(COLUMNS, row))) + "\n" for row in rows)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=200, help="rows (default 200)")
    parser.add_argument("--first", type=int, default=0, help="index of the first row (default 0)")
    parser.add_argument("--seed", type=int, default=0, help=f"0 to {SEEDS - 1} (default 0)")
    parser.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date(2026, 11, 20),
                        help="nobody is born later, and every stay ends at least a year later (default 2026-11-20)")
    parser.add_argument("--municipalities", default=",".join(SAMPLE_MUNICIPALITIES),
                        help="codes with commas between, or all (default: the twelve of the sample)")
    parser.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    parser.add_argument("--output", help="file (default: standard output)")
    arguments = parser.parse_args()
    if not 0 <= arguments.seed < SEEDS:
        parser.error(f"--seed is 0 to {SEEDS - 1}")
    if arguments.first < 0 or arguments.count < 0 or arguments.first + arguments.count > ROWS_PER_SEED:
        parser.error(f"a seed has {ROWS_PER_SEED} rows: --first and --count reach beyond them")
    return arguments


def main():
    arguments = parse_arguments()
    codes = None if arguments.municipalities == "all" else arguments.municipalities.split(",")
    generator = Generator(arguments.seed, arguments.today, read_municipalities(codes))
    rows = map(generator.row, range(arguments.first, arguments.first + arguments.count))
    write = write_csv if arguments.format == "csv" else write_json_lines
    if arguments.output:
        with open(arguments.output, "w", encoding="utf-8", newline="") as file:
            write(rows, file)
    else:
        sys.stdout.reconfigure(encoding="utf-8", newline="")
        write(rows, sys.stdout)


if __name__ == "__main__":
    main()
