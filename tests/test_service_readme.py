"""Each service's README says what to do for every reason, call, event, table and metric that there is."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent


def code_of(path):
    """The file without its comments."""
    return re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))


def block(code, opening):
    return re.search(rf"{opening} \{{(.*?)\}}", code, re.DOTALL).group(1)


def metrics_in(sources):
    return {name for source in sources for name in re.findall(r'"(mynumber_\w+)"', code_of(source))}


class Readme:
    """What is asked of every service's; run by the classes below."""

    name = ""
    calls = ()
    # Fewer are found only if this test reads nothing.
    reasons_min, calls_min, events_min = 50, 15, 10

    @property
    def folder(self):
        return ROOT / "services" / self.name

    @property
    def protos(self):
        return ROOT / "protos" / "mynumber" / self.name

    def section(self, title):
        readme = (self.folder / "README.md").read_text(encoding="utf-8")
        return re.search(rf"^## {title}$(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL).group(1)

    def table(self, title):
        """The rows of the first table of a section: lists of cells."""
        lines = [line for line in self.section(title).splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]

    def test_every_reason_has_one_row_with_its_code_and_what_to_do(self):
        enum = code_of(self.protos / "v1" / "error_reason.proto")
        numbers = dict(re.findall(r"^  ([A-Z0-9_]+) = (\d+);", enum, re.MULTILINE))
        reasons = sorted(reason for reason, number in numbers.items() if number != "0")
        self.assertGreater(len(reasons), self.reasons_min)
        rows = self.table("Refusals")
        self.assertEqual(sorted(row[0].strip("`") for row in rows), reasons)
        for reason, code, what_to_do in rows:
            self.assertEqual(code, self.code_in_refusals(reason.strip("`")), reason)
            self.assertTrue(what_to_do, reason)

    def code_in_refusals(self, reason):
        """As refusals.cc makes it, the service's or that of all services: a call of Invalid or Unmet, or a StatusCode
        beside the reason."""
        code = code_of(self.folder / "domain" / "refusals.cc")
        code += code_of(ROOT / "libs" / "serving" / "refusals.cc")
        maker = re.search(rf"(\w+)\((?:StatusCode::k(\w+), )?(?:v1::|\"){reason}\b", code)
        helpers = {"Invalid": "InvalidArgument", "Unmet": "FailedPrecondition", "Existing": "AlreadyExists"}
        if maker is None and f"v1::{reason};" in code:
            return "INVALID_ARGUMENT"  # chosen by a verdict, for an Invalid
        name = maker.group(2) or helpers[maker.group(1)]
        return re.sub(r"(?<!^)(?=[A-Z])", "_", name).upper()

    def test_every_call_is_named(self):
        calls = [call for proto in self.calls
                 for call in re.findall(r"\brpc (\w+)\(", code_of(ROOT / "protos" / "mynumber" / proto))]
        self.assertGreater(len(calls), self.calls_min)
        for call in calls:
            self.assertIn(f"`{call}`", self.section("Commands"))

    def test_every_event_has_one_row(self):
        oneof = block(code_of(self.protos / "events" / "v1" / "events.proto"), "oneof event")
        fields = re.findall(r"\w+ (\w+) = \d+;", oneof)
        self.assertGreater(len(fields), self.events_min)
        self.assertEqual(sorted(row[0].strip("`") for row in self.table("Events")), sorted(fields))

    def test_every_command_is_named(self):
        header = code_of(self.folder / "domain" / "commands.h")
        commands = re.search(r"using Command =\s+std::variant<(.*?)>;", header, re.DOTALL).group(1)
        named = {name for row in self.table("Commands") for name in re.findall(r"\w+", row[1])}
        for command in re.findall(r"\w+", commands):
            self.assertIn(command, named)

    def test_every_table_has_one_row(self):
        letters = re.findall(r"k\w+Table = '(.)'", code_of(self.folder / "projections" / "tables.h"))
        self.assertEqual(sorted(row[0].strip("`") for row in self.table("Rows")), sorted(letters))


class IssuanceReadmeTest(Readme, unittest.TestCase):
    name = "issuance"
    calls = ("issuance/v1/issuance_service.proto",)

    def test_every_metric_is_named_and_no_other(self):
        sources = [*(ROOT / "libs" / "runtime").glob("engine_metrics.cc"), ROOT / "libs" / "rpc" / "call_metrics.cc",
                   ROOT / "libs" / "kafka_log" / "kafka_metrics.cc",
                   ROOT / "libs" / "projection" / "rocks_metrics.cc",
                   *(ROOT / "libs" / "serving").glob("*.cc"), *(ROOT / "libs" / "serving").glob("*.h"),
                   *(ROOT / "services" / "issuance").glob("*.cc")]
        declared = metrics_in(sources)
        self.assertGreater(len(declared), 15)
        self.assertEqual(set(re.findall(r"`(mynumber_[a-z0-9_]+)", self.section("Metrics"))), declared)
        known = declared | metrics_in(ROOT.glob("libs/runtime/*.cc"))
        self.assertLessEqual(set(re.findall(r"mynumber_[a-z0-9_]+", self.section("When it pages"))), known)


class NoticeReadmeTest(Readme, unittest.TestCase):
    name = "notice"
    calls = ("notice/v1/notice_service.proto", "postoffice/v1/postoffice_service.proto")

    def test_every_metric_of_its_own_is_named(self):
        declared = metrics_in(self.folder.glob("*.cc"))
        named = re.findall(r"^\| `(mynumber_[a-z0-9_]+)", self.section("Metrics"), re.MULTILINE)
        self.assertEqual(set(named), declared)


class CardReadmeTest(Readme, unittest.TestCase):
    name = "card"
    calls = ("card/v1/card_service.proto",)

    def code_in_refusals(self, reason):
        """Most of them stand in a table of their sentences, and one is made by its name."""
        domain = self.folder / "domain"
        code = code_of(domain / "refusals_sentences.cc") + code_of(domain / "refusals.cc")
        found = re.search(rf"v1::{reason}, StatusCode::k(\w+)", code)
        found = found or re.search(rf"StatusCode::k(\w+), v1::ErrorReason_Name\(v1::{reason}\)", code)
        if found is None:
            return super().code_in_refusals(reason)
        return re.sub(r"(?<!^)(?=[A-Z])", "_", found.group(1)).upper()

    def test_every_metric_of_its_own_is_named(self):
        declared = metrics_in(self.folder.glob("*.cc"))
        self.assertEqual(set(re.findall(r"`(mynumber_[a-z0-9_]+)", self.section("Metrics"))), declared)


class HotlineReadmeTest(Readme, unittest.TestCase):
    name = "hotline"
    calls = ("hotline/v1/hotline_service.proto",)
    calls_min, events_min = 9, 9

    def test_every_metric_of_its_own_is_named(self):
        declared = metrics_in([self.folder / "metrics.h"])
        self.assertEqual(set(re.findall(r"`(mynumber_[a-z0-9_]+)", self.section("Metrics"))), declared)


if __name__ == "__main__":
    unittest.main()
