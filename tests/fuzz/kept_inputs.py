"""Which inputs of a target are kept in the tree: few, small, and nobody's."""

import pathlib
import re
import shutil

FILES_MAX = 200
BYTES_MAX = 300_000
# What once broke a law stays, whatever else is kept.
BROKE_A_LAW = ("crash-", "leak-", "oom-", "timeout-")
# In any script's digits, as tests/architecture looks for them, and in groups.
TWELVE_DIGITS = re.compile(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)")
WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
# Given to nobody: samples of leaflets (libs/identifiers/individual_number.cc).
SAMPLES = {"123456789018", "000000000000"}


def replace(folder, found):
    """Puts the best of the files of `found` in the place of what `folder` keeps."""
    kept = select(found, room_for=[file for file in files_of(folder) if file.name.startswith(BROKE_A_LAW)])
    contents = {file.name: file.read_bytes() for file in kept}
    for file in files_of(folder):
        if not file.name.startswith(BROKE_A_LAW):
            file.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def keep_what_broke_a_law(folder, artifact):
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.copy(artifact, folder / artifact.name)


def select(found, room_for=()):
    """Those that were written first, since libFuzzer merges what reaches most before the rest, as far as they fit
    beside the files of `room_for`."""
    files = FILES_MAX - len(room_for)
    left = BYTES_MAX - sum(file.stat().st_size for file in room_for)
    chosen = []
    for file in sorted(files_of(found), key=lambda file: (file.stat().st_mtime_ns, file.name)):
        size = file.stat().st_size
        if len(chosen) < files and size <= left and not may_be_somebodys(file.read_bytes()):
            chosen.append(file)
            left -= size
    return chosen


def may_be_somebodys(content):
    """Whether it holds a well-formed Individual Number that is no sample: chance makes one in a dozen."""
    for found in TWELVE_DIGITS.findall(content.decode("utf-8", errors="replace")):
        digits = re.sub(r"[ -]", "", found)
        if digits not in SAMPLES and is_well_formed(digits):
            return True
    return False


def is_well_formed(digits):
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS)) % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def files_of(folder):
    return [file for file in pathlib.Path(folder).glob("*") if file.is_file()]
