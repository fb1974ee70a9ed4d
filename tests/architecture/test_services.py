"""All services look alike."""

import re
import unittest

import sources

# Processes without a domain of their own.
WIRING = {"standalone"}
CLIENTS = {"mynumberctl"}
# File names of a service. `domain/` has one further header: the aggregate's own, named after it.
ALLOWED = {
    "": re.compile(r"README\.md|BUILD\.bazel|main\.cc|(reactions|service|metrics)(_\w+)?\.(h|cc)|\w+_test\.cc"),
    "domain": re.compile(r"README\.md|BUILD\.bazel|\w+_test\.cc"
                         r"|(commands|state|decide|evolve|explain|refusals|validate|made_up)(_\w+)?\.(h|cc)"),
    "projections": re.compile(r"README\.md|BUILD\.bazel|(tables|project|made_up)(_\w+)?\.(h|cc)|\w+_test\.cc"),
}


def services():
    names = {name.split("/")[1] for name in sources.files() if name.startswith("services/") and name.count("/") > 1}
    return sorted(names - WIRING - CLIENTS)


class ServicesTest(unittest.TestCase):
    def test_file_names_are_the_same_in_every_service(self):
        self.assertIn("issuance", services())
        for service in services():
            unknown = {}
            for name in sources.files():
                if not name.startswith(f"services/{service}/"):
                    continue
                folder, _, file = name.removeprefix(f"services/{service}/").rpartition("/")
                self.assertIn(folder, ALLOWED,
                              f"{name}: a service has the folders domain/ and projections/ only (services/README.md)")
                if not ALLOWED[folder].fullmatch(file):
                    unknown.setdefault(folder, []).append(file)
            aggregate = unknown.pop("domain", [])
            self.assertLessEqual(
                len({file.split(".")[0] for file in aggregate}), 1,
                f"services/{service}/domain: one header is named after the aggregate, the others as in "
                f"services/README.md; these are none of them: {aggregate}")
            self.assertEqual(unknown, {},
                             f"services/{service}: files are named as services/README.md has it; rename these")

    def test_services_know_one_another_by_protos_alone(self):
        for name in sources.cpp_files("services/"):
            own = name.split("/")[1]
            for header in sources.includes(name):
                parts = header.split("/")
                if parts[0] == "services" and parts[1] != own:
                    self.assertIn(
                        own, WIRING,
                        f"{name} includes {header}: a service sees another one's protos only; react to its "
                        "events, or call it")

    def test_only_tests_use_tests(self):
        for name in sources.cpp_files("services/", "libs/"):
            for header in sources.includes(name):
                self.assertTrue(
                    not header.startswith("tests/") or sources.is_test(name),
                    f"{name} includes {header}, which is there for tests alone: move what it needs beside the code")


if __name__ == "__main__":
    unittest.main()
