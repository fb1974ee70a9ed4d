"""What dpkg, the copyright files and the dynamic linker say of packages and of the binaries' libraries."""

import collections
import functools
import logging
import pathlib
import re
import subprocess
import sys

import debian.copyright

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "deploy" / "images"))
import runtime_libraries  # noqa: E402

DOCUMENTS = pathlib.Path("/usr/share/doc")
FIELDS = ("Package", "Version", "Architecture", "source:Package", "source:Version", "db:Status-Status")

Facts = collections.namedtuple("Facts", "name version architecture source source_version")


def listed(file):
    """Names of one list of deploy/, in its order."""
    lines = (re.sub("#.*", "", line).strip() for line in (ROOT / "deploy" / file).read_text("utf-8").splitlines())
    return [line for line in lines if line]


def facts_of(names):
    """name -> Facts of those that are installed."""
    form = "\\t".join("${" + field + "}" for field in FIELDS) + "\\n"
    # It fails when it knows nothing of a package, which is an answer here.
    shown = subprocess.run(["dpkg-query", "--show", f"--showformat={form}", *sorted(names)], stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL, text=True).stdout
    rows = [line.split("\t") for line in shown.splitlines()]
    return {row[0]: Facts(*row[:5]) for row in sorted(rows) if row[5] == "installed"}


def licences_of(name):
    """Every licence that its copyright file names, in Debian's words; none where no machine can read that."""
    logging.getLogger("debian.copyright").setLevel(logging.ERROR)
    try:
        text = (DOCUMENTS / name / "copyright").read_text(encoding="utf-8")
        paragraphs = debian.copyright.Copyright(text.splitlines(keepends=True), strict=False).all_files_paragraphs()
        named = [paragraph.license.synopsis for paragraph in paragraphs if paragraph.license]
    except (OSError, ValueError, debian.copyright.NotMachineReadableError, debian.copyright.MachineReadableFormatError):
        return set()
    words = {word.strip() for synopsis in named for word in re.split(r",?\s+(?:and|or)\s+|,", synopsis)}
    return words - {""}


@functools.lru_cache(maxsize=None)
def needs(file):
    """Libraries that a binary or library itself names: their paths."""
    return frozenset(runtime_libraries.named_libraries(file).values())


@functools.lru_cache(maxsize=None)
def package_of(library):
    return runtime_libraries.package_of(library)


def linked_packages(binary):
    """package -> packages that its libraries name, for all that are loaded with `binary`; under None: its own."""
    graph = collections.defaultdict(set)
    graph[None] = {package_of(library) for library in needs(binary)}
    waiting, seen = list(needs(binary)), set()
    while waiting:
        library = waiting.pop()
        if library in seen:
            continue
        seen.add(library)
        graph[package_of(library)] |= {package_of(other) for other in needs(library)} - {package_of(library)}
        waiting += needs(library)
    return dict(graph)
