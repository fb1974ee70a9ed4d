"""The project's files, as the tests of this folder see them."""

import builtins
import fnmatch
import functools
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)


@functools.lru_cache
def files():
    """Every file that is or will be committed, as a path relative to ROOT."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8").stdout.split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())


@functools.lru_cache(maxsize=None)
def text_of(name):
    """Its text; empty for a file that is none."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def cpp_files(*folders):
    return [name for name in files() if name.endswith((".h", ".cc")) and (not folders or name.startswith(folders))]


def includes(name):
    return INCLUDE.findall(text_of(name))


class BuildFile(dict):
    """A BUILD.bazel is Python too: runs it, and remembers what each rule was given."""

    def __init__(self, folder):
        super().__init__(glob=lambda patterns, **_: [
            name.removeprefix(folder + "/") for name in files() if name.startswith(folder + "/") and any(
                fnmatch.fnmatch(name.removeprefix(folder + "/"), p) for p in patterns)
        ])
        self.rules = []

    def __missing__(self, rule):
        if hasattr(builtins, rule):
            return getattr(builtins, rule)
        return lambda *_, **attributes: self.rules.append((rule, attributes))


@functools.lru_cache
def test_files():
    """C++ sources of tests, and of what only tests may link (`testonly`)."""
    found = set()
    for build in (name for name in files() if name.endswith("BUILD.bazel")):
        folder = build.rpartition("/")[0]
        seen = BuildFile(folder)
        exec(compile(text_of(build), build, "exec"), seen)  # pylint: disable=exec-used
        default = any(rule == "package" and attributes.get("default_testonly") for rule, attributes in seen.rules)
        for rule, attributes in seen.rules:
            if rule == "cc_test" or attributes.get("testonly", default):
                found |= {f"{folder}/{name}" for name in [*attributes.get("srcs", []), *attributes.get("hdrs", [])]}
    return found


def is_test(name):
    return name.startswith("tests/") or name in test_files()


def room_of(name):
    """"libs/rpc" of "libs/rpc/server.h"."""
    return "/".join(name.split("/")[:2])
