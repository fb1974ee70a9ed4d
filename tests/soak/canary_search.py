"""Looks for texts in files, however they are written there: UTF-8, UTF-16 of either order, hexadecimal of either case,
base64 wherever its groups of three begin, and the escapes of JSON and of protobuf's text format."""

import base64
import collections
import pathlib
import re
import subprocess

# A shorter text stands somewhere by chance.
BYTES_MIN = 8

Found = collections.namedtuple("Found", "path kind encoding text")


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def writings(text):
    """(name, bytes) of each way to write it down."""
    plain = as_bytes(text)
    yield "utf-8", plain
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for alignment in range(3):
        letters = within_base64(plain, alignment)
        yield f"base64-{alignment}", letters
        yield f"base64url-{alignment}", letters.translate(bytes.maketrans(b"+/", b"-_"))
    if isinstance(text, str):
        yield "utf-16-le", text.encode("utf-16-le")
        yield "utf-16-be", text.encode("utf-16-be")
    if not plain.isascii():
        yield "octal", "".join(f"\\{byte:03o}" if byte > 126 else chr(byte) for byte in plain).encode("latin-1")
        yield "json", text.encode("ascii", "backslashreplace") if isinstance(text, str) else plain.hex().encode()


def within_base64(plain, alignment):
    """The letters that follow from `plain` alone when so many bytes of a group of three stand before it."""
    whole = base64.b64encode(bytes(alignment) + plain)
    return whole[-(-8 * alignment // 6):8 * (alignment + len(plain)) // 6]


def spellings(text):
    """Long numbers are printed in groups of four, too."""
    yield text
    if isinstance(text, str) and re.fullmatch(r"\d{12,}", text):
        for between in (" ", "-"):
            yield between.join(re.findall(r"\d{1,4}", text))


class Search:
    """`kinds`: text -> what it is, as "full_name". Texts that are too short to be unmistakable are left out."""

    def __init__(self, kinds):
        self.meanings = {}
        for text, kind in kinds.items():
            for line in text.splitlines():
                for spelling in spellings(line) if len(as_bytes(line)) >= BYTES_MIN else ():
                    self.add(spelling, kind, text)

    def add(self, spelling, kind, text):
        for encoding, written in writings(spelling):
            # grep cannot find the end of a line.
            if b"\n" in written:
                raise ValueError(f"{kind} {text!r} in {encoding} has the end of a line in it")
            self.meanings.setdefault(written, (kind, encoding, text))

    def find(self, *folders):
        """What stands in any file below them, each text once for each file and encoding."""
        words = ["grep", "--recursive", "--text", "--fixed-strings", "--only-matching", "--with-filename", "--null",
                 "--no-messages", "--devices=skip", "--file=-", "--", *map(str, folders)]
        done = subprocess.run(words, input=b"\n".join(self.meanings), stdout=subprocess.PIPE, env={"LC_ALL": "C"},
                              check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"grep ended with {done.returncode}: a file could not be read")
        found = set()
        for line in done.stdout.split(b"\n")[:-1]:
            path, _, written = line.partition(b"\0")
            found.add(Found(pathlib.Path(path.decode(errors="replace")), *self.meanings[written]))
        return found
