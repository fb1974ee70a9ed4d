"""The commands of README.md and docs/howto run, in order, and print what the pages show (docs/howto/README.md)."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest

import running_cluster
from running_cluster import ROOT, RunningCluster

HOWTO = ROOT / "docs" / "howto"
FAST = os.environ.get("TESTS_FAST") == "1"
# What a page may name; in its test's folder these lead to the project's own.
PROJECT_PLACES = ("bazel-bin", "deploy", "docs", "protos", "tests")
BLOCK = re.compile(r"(?P<marks>(?:^<!--[^\n]*-->\n)*)^```(?P<language>\w*)\n(?P<text>.*?)^```$",
                   re.MULTILINE | re.DOTALL)
MARK = re.compile(r"<!-- (stop|start|file \S+|needs \S+) -->")
SECONDS_MAX = 900


def blocks_of(page):
    """(line number, marks, language, text) of each fenced block."""
    content = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(content):
        yield content.count("\n", 0, found.start("language")) + 1, MARK.findall(
            found["marks"]), found["language"], found["text"]


def pattern_of(shown):
    """What a `text` block allows: the text itself, "…" for anything, a line of "…" alone for any lines."""
    lines = [".*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) for line in shown.splitlines()]
    return re.compile("\n".join(lines) + r"\s*", re.DOTALL)


class Page:
    """One page, walked from its first block to its last with a cluster of its own that holds the sample."""

    def __init__(self, test, cluster, page):
        self.test, self.cluster, self.page = test, cluster, page
        self.exports = cluster.folder / "exports.sh"
        self.exports.write_text("")
        self.printed = None  # by the last `sh` block
        for place in PROJECT_PLACES:
            (cluster.folder / place).symlink_to(ROOT / place)

    def walk(self):
        for line, marks, language, text in blocks_of(self.page):
            with self.test.subTest(f"{self.page.relative_to(ROOT)}:{line}"):
                self.take(marks, language, text)

    def take(self, marks, language, text):
        if FAST and any(mark.startswith("needs") for mark in marks):
            self.printed = None
            return
        self.apply(marks, text)
        if language == "sh":
            self.printed = self.run(text)
        elif language == "text" and self.printed is not None:
            self.test.assertTrue(pattern_of(text).fullmatch(self.printed), f"printed:\n{self.printed}\nshown:\n{text}")

    def apply(self, marks, text):
        for mark in marks:
            if mark == "stop":
                self.test.assertEqual(self.cluster.stop(), 0)
            elif mark == "start":
                self.cluster.start()
            elif mark == "needs kafka":
                subprocess.run([ROOT / "deploy" / "install", "--kafka"], check=True)
            elif mark.startswith("file "):
                (self.cluster.folder / mark.removeprefix("file ")).write_text(text, encoding="utf-8")

    def run(self, commands):
        """Their output, errors among it. Fails the test if one of them fails."""
        script = (f"set -euo pipefail\nsource '{self.exports}'\n{self.with_addresses(commands)}\n"
                  f"export -p > '{self.exports}'\n")
        environment = {"MYNUMBER_SERVER": self.cluster.address, "XDG_STATE_HOME": str(self.cluster.folder / "state")}
        block = subprocess.Popen(["bash", "-c", script],
                                 cwd=self.cluster.folder,
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT,
                                 encoding="utf-8",
                                 start_new_session=True,
                                 env={**os.environ, **environment})
        try:
            printed, _ = block.communicate(timeout=SECONDS_MAX)
        finally:
            # A block that fails must not leave a server behind: the group is the block's own.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(block.pid, signal.SIGKILL)
        self.test.assertEqual(block.returncode, 0, f"{commands}\n{printed}")
        return printed

    def with_addresses(self, text):
        return text.replace("127.0.0.1:7400", self.cluster.address).replace("127.0.0.1:7401", self.cluster.admin)


class HowtoTest(unittest.TestCase):
    """Gets a case for each page: see load_pages."""

    def walk(self, page):
        self.assertTrue(any(language == "sh" for _, _, language, _ in blocks_of(page)), "the page has no commands")
        with RunningCluster() as cluster:
            sample = cluster.client("resident", "register", "--file", ROOT / "deploy" / "sample" / "residents.csv",
                                    MYNUMBER_AUTHORITY="")
            self.assertEqual(sample.returncode, 0, sample.stdout + sample.stderr)
            Page(self, cluster, page).walk()


class SyntaxTest(unittest.TestCase):
    """The page walker can fail."""

    def walk(self, text):
        with tempfile.TemporaryDirectory(dir=ROOT / "docs" / "howto") as folder:
            page = pathlib.Path(folder, "page.md")
            page.write_text(text, encoding="utf-8")
            return list(blocks_of(page))

    def test_blocks_have_line_marks_and_text(self):
        self.assertEqual(self.walk("# T\n\n<!-- stop -->\n<!-- needs grpcurl -->\n```sh\na\n```\n\n```text\nb\n```\n"),
                         [(5, ["stop", "needs grpcurl"], "sh", "a\n"), (9, [], "text", "b\n")])

    def test_what_is_shown_must_be_printed(self):
        shown = pattern_of("NAME …\n…\nlast line\n")
        self.assertTrue(shown.fullmatch("NAME x\nany\nlines\nlast line\n"))
        self.assertFalse(shown.fullmatch("NAME x\nany\nlast lines\n"))
        self.assertFalse(shown.fullmatch("before\nNAME x\nany\nlast line\n"))


def load_pages():
    for page in [ROOT / "README.md", *sorted(HOWTO.glob("*.md"))]:
        if page.exists() and any(language == "sh" for _, _, language, _ in blocks_of(page)):
            name = "test_" + re.sub(r"\W+", "_", page.stem.lower())
            setattr(HowtoTest, name, lambda self, page=page: self.walk(page))


def setUpModule():
    running_cluster.build()


load_pages()

if __name__ == "__main__":
    unittest.main()
