"""Is the bill one that others can read, is it the same each time, and is everything that the binaries link in it?"""

import json
import pathlib
import re
import subprocess
import sys
import unittest

import bill_of_materials
import debian_packages
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from debian_packages import ROOT

sys.path.insert(0, str(ROOT / "tests"))
import running_cluster  # noqa: E402

PROGRAM = pathlib.Path(bill_of_materials.__file__)


def printed():
    return subprocess.run([sys.executable, "-B", PROGRAM], check=True, stdout=subprocess.PIPE).stdout


def libraries_of(binary):
    """What the dynamic linker would load, asked in another way than the bill does: all of it at once."""
    shown = subprocess.run(["ldd", binary], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [pathlib.Path(path) for path in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", shown, re.MULTILINE)]


def words_of(component, name):
    return [one["value"] for one in component.get("properties", []) if one["name"] == name]


class BillTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        cls.text = printed()
        cls.bill = json.loads(cls.text)
        cls.components = {one["name"]: one for one in cls.bill["components"]}

    def use(self, name):
        return words_of(self.components[name], "mynumber:use")

    def test_it_is_cyclonedx_1_5(self):
        mistake = JsonStrictValidator(SchemaVersion.V1_5).validate_str(self.text.decode())
        self.assertIsNone(mistake, str(mistake)[:500])
        self.assertEqual((self.bill["bomFormat"], self.bill["specVersion"]), ("CycloneDX", "1.5"))
        self.assertEqual(self.bill["metadata"]["component"]["name"], "mynumber")

    def test_twice_is_the_same(self):
        self.assertEqual(printed(), self.text)
        self.assertNotIn("timestamp", self.bill["metadata"])

    def test_every_library_that_the_binaries_load_stands_in_it(self):
        for binary in bill_of_materials.BINARIES:
            libraries = libraries_of(binary)
            self.assertGreater(len(libraries), 20)
            for library in libraries:
                package = debian_packages.package_of(library)
                self.assertEqual(self.use(package), ["linked"], library)
                self.assertEqual(self.components[package]["scope"], "required")

    def test_every_package_of_every_list_stands_in_it(self):
        lists = sorted(file.name for file in (ROOT / "deploy").glob("packages*.txt"))
        self.assertEqual(sorted(["packages.txt", *bill_of_materials.DEVELOPMENT_LISTS]), lists)
        for name in (name for file in lists for name in debian_packages.listed(file)):
            self.assertIn(name, self.components)
        for requirement in debian_packages.listed("requirements.txt"):
            name, version = requirement.split("==")
            self.assertEqual(self.components[name]["version"], version)
            self.assertTrue(self.components[name]["purl"].startswith("pkg:pypi/"))

    def test_versions_and_urls_are_those_of_dpkg(self):
        version = subprocess.run(["dpkg-query", "--show", "--showformat=${Version} ${Architecture}", "libssl3"],
                                 check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        found = self.components["libssl3"]
        self.assertEqual(found["version"], version[0])
        self.assertEqual(found["purl"], f"pkg:deb/debian/libssl3@{version[0]}?arch={version[1]}&distro=bookworm")
        self.assertEqual(words_of(found, "debian:source"), ["openssl"])

    def test_what_is_compiled_in_is_told_from_what_only_builds_and_tests_need(self):
        self.assertEqual(self.use("librocksdb-dev"), ["compiled in"])
        self.assertEqual(self.use("fonts-ipaexfont-mincho"), ["data"])
        self.assertEqual(self.use("ca-certificates"), ["data"])
        self.assertEqual(self.use("g++"), ["build"])
        for name in bill_of_materials.OF_TESTS:
            self.assertEqual(self.use(name), ["build"])
            self.assertEqual(self.components[name]["scope"], "excluded")

    def test_who_needs_whom_ends_at_components(self):
        known = {one["bom-ref"] for one in self.bill["components"]} | {"mynumber"}
        graph = {one["ref"]: one.get("dependsOn", []) for one in self.bill["dependencies"]}
        self.assertLessEqual(set(graph) | {ref for refs in graph.values() for ref in refs}, known)
        self.assertEqual(sorted(graph["mynumber"]), sorted(binary.name for binary in bill_of_materials.BINARIES))
        reached, waiting = set(), ["mynumber"]
        while waiting:
            ref = waiting.pop()
            waiting += [other for other in graph.get(ref, []) if other not in reached]
            reached.add(ref)
        for component in self.bill["components"]:
            if words_of(component, "mynumber:use") in (["linked"], ["compiled in"]):
                self.assertIn(component["bom-ref"], reached)

    def test_licences_are_spdx_s_where_there_is_one(self):
        self.assertIn({"license": {"id": "Apache-2.0"}}, self.components["libssl3"]["licenses"])
        self.assertIn({"license": {"id": "Zlib"}}, self.components["zlib1g"]["licenses"])
        # Its copyright file is prose: better none than a guess.
        self.assertNotIn("licenses", self.components["libc6"])

    def test_debians_words_for_licences(self):
        for word, identifier in (("Expat", "MIT"), ("GPL-2+", "GPL-2.0-or-later"), ("LGPL-2.1", "LGPL-2.1-only"),
                                 ("BSD-3-clause", "BSD-3-Clause"), ("public-domain", None), ("IPA-1", None)):
            self.assertEqual(bill_of_materials.spdx(word), identifier, word)


if __name__ == "__main__":
    unittest.main()
