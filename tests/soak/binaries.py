"""The programs under test, built when a test asks for them."""

import functools
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGETS = {
    "mynumber-standalone": "//services/standalone:mynumber-standalone",
    "mynumberctl": "//services/mynumberctl:mynumberctl",
    "change_residents": "//tests/soak:change_residents",
    "draw_notices": "//tests/soak:draw_notices",
    "suspend_cards": "//tests/soak:suspend_cards",
    "full_disk_shim.so": "//tests/soak:full_disk_shim.so",
    "plain_sealing_shim.so": "//tests/soak:plain_sealing_shim.so",
}


@functools.cache
def folder():
    """A folder of copies, so that a build meanwhile does not change what is tested; it goes with the process."""
    subprocess.run([*shlex.split(os.environ.get("BAZEL", "bazel")), "build", *TARGETS.values()], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    copies = tempfile.TemporaryDirectory(prefix="mynumber-soak-")
    for target in TARGETS.values():
        shutil.copy(ROOT / "bazel-bin" / target.removeprefix("//").replace(":", "/"), copies.name)
    return copies


def path(name):
    return pathlib.Path(folder().name, name)


def start(words, errors):
    """A client that prints nothing that is wanted."""
    with open(errors, "ab") as file:
        return subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=file)
