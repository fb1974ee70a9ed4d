"""Names, sizes, and a README in every room."""

import re
import unittest

import sources

EMPTY_NAMES = re.compile(r"(^|[/_.-])(utils?|common|misc|helpers?|managers?|base|stuff)(?=[/_.-]|$)", re.IGNORECASE)
FOLDERS_OF_ROOMS = ("libs", "services", "tests", "deploy", "docs")
LINES_MAX = 400
COLUMNS_MAX = 120
CODE = (".h", ".cc", ".proto", ".py", ".bzl")


def rooms():
    """Every top folder, and every folder of FOLDERS_OF_ROOMS that holds files."""
    found = set()
    for name in sources.files():
        parts = name.split("/")
        if len(parts) > 1 and not parts[0].startswith("."):
            found.add(parts[0])
        if len(parts) > 2 and parts[0] in FOLDERS_OF_ROOMS:
            found.add("/".join(parts[:2]))
    return sorted(found)


def excused(what):
    """path -> how much of it is excused: "lines" of a file, or lines that have too many "columns"."""
    entries = [line.split() for line in sources.text_of("tests/architecture/excused.txt").splitlines()
               if line and not line.startswith("#")]
    return {path: int(number) for kind, number, path in entries if kind == what}


def line_count(name):
    return sources.text_of(name).count("\n")


def long_lines(name):
    return [number for number, line in enumerate(sources.text_of(name).splitlines(), 1)
            if len(line) > COLUMNS_MAX and "http" not in line]


class ShapeTest(unittest.TestCase):
    def test_every_room_says_what_lives_there(self):
        self.assertGreater(len(rooms()), 20)
        for room in rooms():
            with self.subTest(room):
                self.assertTrue(
                    f"{room}/README.md" in sources.files(),
                    f"{room} has no README.md: say what lives there, what may not enter, and what is surprising")

    def test_names_say_something(self):
        for name in sources.files():
            # Kustomize's own word for what overlays stand on.
            found = EMPTY_NAMES.search(name.removeprefix("k8s/base/"))
            self.assertIsNone(found,
                              f"{name}: '{found and found[2]}' is a name for anything; name it after what it does")

    def test_files_fit_a_head(self):
        for name in sources.cpp_files():
            lines = line_count(name)
            with self.subTest(name):
                self.assertLessEqual(
                    lines, excused("lines").get(name, LINES_MAX),
                    f"{name} has {lines} lines: split it by subject; tests/architecture/excused.txt may only shrink")

    def test_lines_fit_a_window(self):
        for name in sources.files():
            if not name.endswith(CODE):
                continue
            with self.subTest(name):
                self.assertLessEqual(len(long_lines(name)), excused("columns").get(name, 0),
                                     f"{name}: break the lines {long_lines(name)} at {COLUMNS_MAX} columns")

    def test_excuses_are_needed(self):
        idle = [f"lines of {name}" for name in excused("lines") if line_count(name) <= LINES_MAX]
        idle += [f"columns of {name}" for name in excused("columns") if not long_lines(name)]
        self.assertEqual(idle, [], "these need no excuse any more: remove them from tests/architecture/excused.txt")


if __name__ == "__main__":
    unittest.main()
