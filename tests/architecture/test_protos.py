"""What a proto must explain: protos/README.md has the rule in words."""

import re
import unittest

import sources

DECLARATION = re.compile(r"^(?P<indent> *)(?P<kind>service|rpc|message|enum) (?P<name>\w+)")
FIELD = re.compile(
    r"^ *(?:repeated |optional )?(?P<type>bytes|u?int\d+|s?fixed\d+|sint\d+|double|float) (?P<name>\w+) = ")
UNITS = ("_micros", "_millis", "_seconds", "_days", "_bytes")


def protos():
    # gRPC's own is as it came.
    return [name for name in sources.files() if name.endswith(".proto") and not name.startswith("protos/grpc/")]


def known_names():
    """Fields that mean the same everywhere, from the table of protos/README.md."""
    table = sources.text_of("protos/README.md").split("## Names that mean the same everywhere")[1]
    return {
        name for line in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", line)
    }


class ProtosTest(unittest.TestCase):
    def test_there_are_protos(self):
        self.assertGreater(len(protos()), 5)
        self.assertGreater(len(known_names()), 10)

    def test_services_calls_and_messages_are_explained(self):
        for name in protos():
            lines = sources.text_of(name).splitlines()
            calls = set(re.findall(r"^ *rpc (\w+)", sources.text_of(name), re.MULTILINE))
            for number, line in enumerate(lines, 1):
                found = DECLARATION.match(line)
                if not found or found["indent"] and found["kind"] != "rpc":
                    continue  # a nested type: the comment of the message around it speaks for it
                of_call = found["kind"] == "message" and re.sub("(Request|Response)$", "", found["name"]) in calls
                with self.subTest(f"{name}:{number}"):
                    self.assertTrue(
                        of_call or lines[number - 2].strip().startswith("//"),
                        f"{name}:{number}: {found['kind']} {found['name']} has no comment above it: say what the name "
                        "does not: who may, when, what absence means")

    def test_numbers_and_bytes_are_explained(self):
        known = known_names()
        for name in protos():
            lines = sources.text_of(name).splitlines()
            for number, line in enumerate(lines, 1):
                field = FIELD.match(line)
                if not field:
                    continue
                tells_itself = (field["name"] in known or field["name"].endswith(UNITS) or
                                field["type"] != "bytes" and field["name"].endswith("s"))
                with self.subTest(f"{name}:{number}"):
                    self.assertTrue(
                        tells_itself or lines[number - 2].strip().startswith("//"),
                        f"{name}:{number}: {field['type']} {field['name']} has no comment above it: say unit, range "
                        "and what it is over; or give it a name of the table in protos/README.md")


if __name__ == "__main__":
    unittest.main()
