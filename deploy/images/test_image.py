"""What can be asked of the Dockerfile without building it: its packages are those that the binaries name, it runs as
nobody in particular, and holds no secret."""

import fnmatch
import pathlib
import re
import subprocess
import sys
import unittest

import runtime_libraries
from runtime_libraries import ROOT

sys.path.insert(0, str(ROOT / "tests"))
import running_cluster  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parent
# What no binary names, and is needed all the same.
BESIDE = {"ca-certificates"}


def stages():
    """Instructions of each stage, lines joined, comments left out."""
    text = re.sub(r"^\s*#.*\n", "", (FOLDER / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("FROM ")]
    return [[line.split(None, 1) for line in lines[start:end] if line.strip()]
            for start, end in zip(starts, starts[1:] + [len(lines)])]


def values(stage, instruction):
    return [value for name, value in stage if name == instruction]


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        running_cluster.build()
        cls.build, cls.last = stages()

    def test_the_last_stage_has_the_libraries_that_binaries_name_and_no_others(self):
        installed = re.search(r"apt-get install ((?:\S+\s+)+?)&&", values(self.last, "RUN")[0])[1].split()
        names = [word for word in installed if not word.startswith("--")]
        fonts = {name for name in names if name.startswith("fonts-")}
        self.assertEqual(sorted(set(names) - fonts - BESIDE), runtime_libraries.packages(),
                         "deploy/images/runtime_libraries.py prints the list as it must be")
        wanted = {line for line in (ROOT / "deploy/packages.txt").read_text().splitlines() if line.startswith("fonts-")}
        self.assertEqual(fonts, wanted)

    def test_it_runs_as_nobody_in_particular(self):
        user = values(self.last, "USER")
        self.assertEqual(user, ["10001:10001"])
        self.assertEqual([name for name, _ in self.last][-2:], ["ENTRYPOINT", "CMD"])

    def test_what_it_starts_with_are_flags_of_the_binary(self):
        flags = re.findall(r"--(\w+)=", values(self.last, "CMD")[0])
        self.assertLessEqual(set(flags), running_cluster.standalone_flags())

    def test_no_key_comes_in(self):
        ignored = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
        self.assertLessEqual({".git", ".data", "**/keyring"}, set(ignored))
        # And nothing that a build needs stays out.
        tracked = subprocess.run(["git", "-c", f"safe.directory={ROOT}", "ls-files"], cwd=ROOT, check=True,
                                 stdout=subprocess.PIPE, text=True).stdout.splitlines()
        for pattern in (line.removeprefix("**/") for line in ignored if line and not line.startswith("#")):
            for name in tracked:
                self.assertFalse(fnmatch.filter(name.split("/"), pattern), name)

    def test_the_linter_has_nothing_to_say(self):
        hadolint = pathlib.Path(sys.executable).parent / "hadolint"
        done = subprocess.run([hadolint, FOLDER / "Dockerfile"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
