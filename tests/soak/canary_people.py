"""People whom nobody could take for anybody, or find anywhere by chance. All that is said of one follows from a number.

No letter has the end of a line within its two bytes of UTF-16."""

import datetime

MUNICIPALITY, ANOTHER = "131016", "271004"
# In every name and address, so that a part of one is found, too.
MARKS = ("金糸雀架空鳥", "カナリアカクウドリ", "kanaria-kakuudori")
DIGITS = "〇一二三四五六七八九"
KANA = "アイウエオカキクケコ"
FIRST_BIRTH = datetime.date(1950, 1, 1)


def spelled(number, letters=DIGITS):
    return "".join(letters[int(digit)] for digit in f"{number:04d}")


def text(number, what):
    """Some words of a clerk, an operator or a resident about the person."""
    return f"金糸雀架空鳥 {what} {spelled(number)}"


def code_of(number):
    """A resident record code of its own for each. Without the zeros of a count: keys have many behind any two bytes."""
    return f"{(4_183_729_651 + 27_182_819 * number) % 10**10:010d}7"


class Person:
    def __init__(self, number):
        self.number = number
        self.is_foreign = number % 5 == 4
        self.full_name = f"KANARIA-KAKUUDORI {spelled(number, 'ABCDEFGHIJ')}" if self.is_foreign else \
            f"金糸雀架空鳥 {spelled(number)}子"
        self.alias = f"金糸雀架空鳥 通称{spelled(number)}" if self.is_foreign else ""
        self.name_kana = f"カナリアカクウドリ {spelled(number, KANA)}"
        self.born = FIRST_BIRTH + datetime.timedelta(days=7 * number)
        self.address = f"金糸雀架空鳥町{spelled(number)}番{number}号"
        self.code = code_of(number)
        self.later_code = code_of(50_000 + number)
        self.email = f"kanaria-kakuudori-{number:04d}@example.invalid"

    @property
    def birth_date(self):
        return date(self.born)

    def details(self, **changes):
        said = {"full_name": self.full_name, "name_kana": self.name_kana, "birth_date": self.birth_date,
                "address": self.address, "postal_code": "1000001", "municipality_code": MUNICIPALITY}
        if self.is_foreign:
            said |= {"alias": self.alias, "residence_status": "RESIDENCE_STATUS_MID_TO_LONG_TERM",
                     "period_of_stay_end": {"year": datetime.date.today().year + 3, "month": 5, "day": 1}}
        return said | changes


def date(day):
    """As the protos' Date."""
    return {"year": day.year, "month": day.month, "day": day.day}
