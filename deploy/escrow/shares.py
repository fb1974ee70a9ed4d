"""Shares of a keyring: how they are made, written down, read back and put together.

The arithmetic is libgfshare's (Shamir's sharing in GF(2^8)): fewer shares than are needed say nothing but the length.
"""

import base64
import collections
import hashlib
import os
import pathlib
import re
import subprocess
import tempfile
import textwrap

HEADER = "mynumber-keyring-share 1"
COLUMNS = 64
FORM = re.compile(
    rf"{HEADER}\n"
    r"keyring (?P<keyring>[0-9a-f]{64})\n"
    r"share (?P<number>[1-9][0-9]{0,2}) of (?P<count>[0-9]{1,3}), (?P<needed>[0-9]{1,3}) needed\n"
    r"(?P<body>[A-Za-z0-9+/=\n]+)\n"
    r"checksum (?P<checksum>[0-9a-f]{64})\n", re.ASCII)

Share = collections.namedtuple("Share", "keyring number count needed bytes")


class Refused(Exception):
    """A sentence for whoever holds the shares; says nothing of what is in them."""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def split(keyring, count, needed):
    """The shares of this keyring's file. Refused if fewer than two would be enough, or more needed than there are."""
    if not 2 <= needed <= count <= 255:
        raise Refused(f"{needed} of {count} shares cannot be: at least 2 must be needed, and at most 255 can be made.")
    data = read(keyring)
    # Each raw share is worth as much as the written one; the whole keyring is in no file but its own.
    with tempfile.TemporaryDirectory(prefix="mynumber-escrow-") as folder:
        run("gfsplit", "-n", needed, "-m", count, keyring.absolute(), pathlib.Path(folder, "share"))
        return [Share(digest(data), int(raw.suffix[1:]), count, needed, raw.read_bytes())
                for raw in sorted(pathlib.Path(folder).iterdir())]


def combine(shares):
    """The keyring's bytes. Refused if the shares are too few, of several keyrings, or do not come to their keyring."""
    if len({(share.keyring, share.count, share.needed) for share in shares}) != 1:
        raise Refused("these shares are of different keyrings, or of different splits: take those of one.")
    numbers, first = {share.number for share in shares}, shares[0]
    if len(numbers) < first.needed:
        raise Refused(f"{first.needed} different shares are needed, and {len(numbers)} are here: fetch others.")
    with tempfile.TemporaryDirectory(prefix="mynumber-escrow-") as folder:
        raw = [pathlib.Path(folder, f"share.{share.number:03}") for share in shares]
        for path, share in zip(raw, shares):
            path.write_bytes(share.bytes)
        # Through a pipe: what it comes to stands in no file.
        data = run("gfcombine", "-o", "/dev/stdout", *raw)
    if digest(data) != first.keyring:
        raise Refused("together these shares do not come to the keyring that they name: one of them was changed, or "
                      "is of another split. Try others.")
    return data


def run(*words):
    done = subprocess.run(list(map(str, words)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise Refused(f"{words[0]} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def read(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from error


def written(share):
    """A share as a page of text, to be stored or printed."""
    body = "\n".join(textwrap.wrap(base64.b64encode(share.bytes).decode(), COLUMNS))
    text = (f"{HEADER}\nkeyring {share.keyring}\nshare {share.number} of {share.count}, {share.needed} needed\n"
            f"{body}\n")
    return f"{text}checksum {digest(text.encode())}\n"


def parsed(path):
    """The share in this file. Refused if it is none, or was damaged."""
    text = read(path).decode(errors="replace")
    found = FORM.fullmatch(text)
    if not found:
        raise Refused(f"{path} is no share of a keyring, or its form was changed.")
    if digest(text[:found.start("checksum") - len("checksum ")].encode()) != found["checksum"]:
        raise Refused(f"{path} is damaged: its checksum is another. Fetch that share's other copy, or another share.")
    try:
        data = base64.b64decode(found["body"].replace("\n", ""), validate=True)
    except ValueError as error:
        raise Refused(f"{path} is damaged: its lines are not base64.") from error
    return Share(found["keyring"], int(found["number"]), int(found["count"]), int(found["needed"]), data)


def create(path, data):
    """A new file for its owner alone, whole on disk or not there. Refused rather than overwrite anything."""
    partial = path.with_name(path.name + ".partial")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(partial, path)
        finally:
            partial.unlink()
    except FileExistsError as error:
        raise Refused(f"{error.filename2 or error.filename} is already there, and nothing is overwritten: "
                      "move it away first.") from error
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}.") from error
