"""Maps without ghosts, and no real number in the text."""

import re
import unittest

import sources

TOPS = ("services", "libs", "docs", "deploy", "tests", "protos", "bazel", "k8s")
PATH = re.compile(rf"(?:{'|'.join(TOPS)})(?:/[\w.-]+)+/?")
LINK = re.compile(r"\]\(([^)#]+)(?:#[^)]*)?\)")
QUOTED = re.compile(r"`([^`\n]+)`")
CITED_PAGE = re.compile(r"docs/[\w/-]+\.md")
CITED_DECISION = re.compile(r"docs/decisions/(\d{4})")
CITED_FACT = re.compile(r"docs/domain\.md`? ((?:[A-Z]\.?\d+(?:\.\d+)?)(?:, [A-Z]\d+)*)")
# Made by commands, so not in the tree.
MADE = {"tests/bench/results.jsonl"}
# Dated records: they name what there was.
HISTORY = "docs/decisions/0"

NUMBER = re.compile(r"(?<![0-9A-Za-z.,-])(\d{12}|\d{4} \d{4} \d{4})(?![0-9A-Za-z-])")
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Published vectors, each with its source; and made-up residents whose numbers count up from 0 or 500000000000.
VECTORS = "libs/identifiers/individual_number_test.cc"
MADE_UP = re.compile(r"^tests/golden/")


def pages():
    return [name for name in sources.files() if name.endswith(".md") and not name.startswith(HISTORY)]


def exists(path, beside=""):
    path = path.rstrip("/")
    if CITED_DECISION.fullmatch(path):
        return True  # by its number: see below
    return path in MADE or (sources.ROOT / beside / path).exists()


def is_well_formed(digits):
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS)) % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def numbers_in(name):
    return {found.replace(" ", "") for found in NUMBER.findall(sources.text_of(name))}


class MapsTest(unittest.TestCase):
    def test_paths_that_pages_name_exist(self):
        named = 0
        for page in pages():
            for quoted in QUOTED.findall(sources.text_of(page)):
                for path in PATH.findall(quoted):
                    # "services/*/domain", "service_*": a family, not a file.
                    if quoted[quoted.index(path) + len(path):][:1] in ("*", "<", "…") or path.endswith("..."):
                        continue
                    named += 1
                    with self.subTest(page):
                        self.assertTrue(exists(path), f"{page} names {path}, which does not exist: correct the page")
        self.assertGreater(named, 50)

    def test_links_lead_somewhere(self):
        for page in pages() + [name for name in sources.files() if name.startswith(HISTORY)]:
            for target in LINK.findall(sources.text_of(page)):
                if "://" in target:
                    continue
                with self.subTest(page):
                    self.assertTrue(exists(target, beside=page.rpartition("/")[0]),
                                    f"{page} links to {target}, which does not exist")

    def test_each_defence_says_where_it_lies(self):
        section = sources.text_of("SECURITY.md").split("## Where each defence lies")[1].split("\n## ")[0]
        rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section, re.MULTILINE)[2:]
        self.assertGreater(len(rows), 10)
        for defence, places in rows:
            self.assertTrue(any(PATH.search(place) for place in QUOTED.findall(places)),
                            f"SECURITY.md names no path for \"{defence}\": say which files hold it, or move it to "
                            "what is not protected yet")

    def test_pages_and_decisions_that_sources_cite_exist(self):
        for name in sources.files():
            for page in CITED_PAGE.findall(sources.text_of(name)):
                self.assertTrue(exists(page), f"{name} cites {page}, which does not exist")
            for number in CITED_DECISION.findall(sources.text_of(name)):
                self.assertTrue(list((sources.ROOT / "docs/decisions").glob(f"{number}-*.md")),
                                f"{name} cites decision {number}, which does not exist")

    def test_facts_that_sources_cite_stand_in_the_page(self):
        facts = sources.text_of("docs/domain.md")
        labels = set(re.findall(r"\*\*([A-Z]\.?\d+)\.\*\*", facts)) | set(
            re.findall(r"^### ([A-Z]\.\d+) ", facts, re.MULTILINE))
        for section in re.findall(r"^### (A\.1) .*?(?=^#)", facts, re.MULTILINE | re.DOTALL):
            body = facts.split(f"### {section} ")[1].split("\n#")[0]
            labels |= {f"{section}.{item}" for item in re.findall(r"^(\d+)\. ", body, re.MULTILINE)}
        cited = 0
        for name in sources.files():
            for labels_cited in CITED_FACT.findall(sources.text_of(name)):
                for label in labels_cited.split(", "):
                    cited += 1
                    self.assertIn(label, labels,
                                  f"{name} cites docs/domain.md {label}, which is no paragraph of that page")
        self.assertGreater(cited, 5)

    def test_the_index_of_decisions_is_whole(self):
        records = sorted(name.rpartition("/")[2] for name in sources.files() if name.startswith(HISTORY))
        linked = LINK.findall(sources.text_of("docs/decisions/README.md"))
        self.assertEqual(linked, records, "docs/decisions/README.md must have one line for each record, in order")

    def test_the_index_of_howtos_is_whole(self):
        there = sorted(
            name.rpartition("/")[2] for name in pages() if name.startswith("docs/howto/") and "README" not in name)
        linked = LINK.findall(sources.text_of("docs/howto/README.md"))
        self.assertEqual(sorted(linked), there, "docs/howto/README.md must have one line for each page")


class NumbersTest(unittest.TestCase):
    def test_no_number_that_may_be_somebody_s(self):
        published = numbers_in(VECTORS)
        reserved = sources.text_of("libs/identifiers/individual_number.cc").split("kReserved[] = {")[1].split("}")[0]
        harmless = published | set(re.findall(r"\d{12}", reserved))
        self.assertGreater(len(harmless), 10)
        for name in sources.files():
            if MADE_UP.match(name):
                continue
            for digits in numbers_in(name) - harmless:
                self.assertFalse(
                    is_well_formed(digits),
                    f"{name} holds a well-formed Individual Number that is none of the published "
                    f"samples: take one of {VECTORS}, or break its check digit")


if __name__ == "__main__":
    unittest.main()
