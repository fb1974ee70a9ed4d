"""Names, sizes, and a README in every room."""

import re
import unittest

import sources

EMPTY_NAMES = re.compile(r"(^|[/_.-])(utils?|common|misc|helpers?|managers?|base|stuff)(?=[/_.-]|$)", re.IGNORECASE)
FOLDERS_OF_ROOMS = ("libs", "services", "tests", "deploy", "docs")
LINES_MAX = 400
COLUMNS_MAX = 120
CODE = re.compile(r"\.(h|cc|proto|py|bzl|bazel|yaml|sh)$|^(tests/run|tests/bench/run|deploy/(run|install|tools|kafka/broker))$")
# Lines that cannot be broken: @system's list of a library's parts, and a link.
LONG_LINES = {"bazel/system_libraries.bzl"}


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


def long_files():
    lines = sources.text_of("tests/architecture/long_files.txt").splitlines()
    return {line.split()[1]: int(line.split()[0]) for line in lines if line and not line.startswith("#")}


class ShapeTest(unittest.TestCase):
    def test_every_room_says_what_lives_there(self):
        self.assertGreater(len(rooms()), 20)
        for room in rooms():
            with self.subTest(room):
                self.assertTrue(f"{room}/README.md" in sources.files(),
                                f"{room} has no README.md: say what lives there, what may not enter, and what is surprising")

    def test_names_say_something(self):
        for name in sources.files():
            found = EMPTY_NAMES.search(name)
            self.assertIsNone(found, f"{name}: '{found and found[2]}' is a name for anything; name it after what it does")

    def test_files_fit_a_head(self):
        excused = long_files()
        for name in sources.cpp_files():
            lines = sources.text_of(name).count("\n")
            with self.subTest(name):
                self.assertLessEqual(lines, excused.get(name, LINES_MAX),
                                     f"{name} has {lines} lines: split it by subject; tests/architecture/long_files.txt may only shrink")

    def test_excuses_are_needed(self):
        for name, allowed in long_files().items():
            lines = sources.text_of(name).count("\n") if name in sources.files() else 0
            self.assertGreater(lines, LINES_MAX, f"{name} has {lines} lines now: remove it from tests/architecture/long_files.txt")

    def test_lines_fit_a_window(self):
        for name in sources.files():
            if not CODE.search(name) or name in LONG_LINES:
                continue
            for number, line in enumerate(sources.text_of(name).splitlines(), 1):
                with self.subTest(f"{name}:{number}"):
                    self.assertTrue(len(line) <= COLUMNS_MAX or "http" in line,
                                    f"{name}:{number} has {len(line)} columns: break it at {COLUMNS_MAX}")


if __name__ == "__main__":
    unittest.main()
