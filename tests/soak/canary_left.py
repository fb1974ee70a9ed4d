"""What a run leaves behind beside its files, put into a folder so that it can be searched: what tools print of
RocksDB's files and of topics, texts of mails, pages, refusals, and what the processes showed while they ran."""

import json
import os
import pathlib
import shutil
import subprocess
import threading
import urllib.parse

from canary_people import MARKS
from canary_way import mails

WATCH_SECONDS = 0.05
PAGES = ("/metrics", "/readyz", "/healthz", "/" + urllib.parse.quote(MARKS[0]))
# Of no file system that keeps anything.
NO_FILES = ("pipe:", "socket:", "anon_inode:", "/dev/", "/proc/", "/sys/")
# Of the library that draws notices: which fonts there are. It may write there, so what it had open is searched.
FONT_CACHE = "/var/cache/fontconfig/"


class Watch:
    """While it lasts: command lines, environments and open files of all processes that have one of `folders` in their
    command line, and the pages of the server."""

    def __init__(self, server, seen, folders):
        self.server, self.seen = server, seen
        self._folders = [os.fsencode(str(folder)) for folder in folders]
        self._shown, self._pages, self._copies = {}, set(), set()
        self.other_files = set()  # open in the server, and in no folder that is searched
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()
        (self.seen / "processes").write_bytes(b"\n".join(b"%s %s" % pair for pair in self._shown))
        (self.seen / "pages").write_text("\n".join(sorted(self._pages)))

    def _run(self):
        turns = 0
        while not self._end.wait(WATCH_SECONDS):
            self.look_at_processes()
            if turns % 20 == 0:
                self.look_at_pages()
            turns += 1

    def look_at_processes(self):
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes()
                if not any(folder in words for folder in self._folders):
                    continue
                self._shown[words, b""] = None
                self._shown[words, (process / "environ").read_bytes()] = None
                if self.server.process is not None and process.name == str(self.server.process.pid):
                    self.look_at_files(process / "fd")
            except OSError:  # it has ended, or belongs to somebody else
                continue

    def look_at_files(self, opened):
        for file in opened.iterdir():
            try:
                path = os.readlink(file)
                if path.startswith(NO_FILES):
                    continue
                if path.startswith(FONT_CACHE):
                    self.keep(file, path)
                elif not path.startswith(str(self.server.folder)):
                    self.other_files.add(path)
                elif path.startswith(str(self.server.folder / "tmp")) or path.endswith(" (deleted)"):
                    self.keep(file, path)
            except OSError:
                continue

    def keep(self, file, path):
        """A file that may be gone before anybody looks."""
        key = (path, os.stat(file).st_size)
        if key not in self._copies:
            self._copies.add(key)
            shutil.copyfile(file, self.seen / f"temporary-{len(self._copies)}")

    def look_at_pages(self):
        self._pages.update(f"{page}\n{self.server.admin(page)[1]}" for page in PAGES)

    @property
    def count(self):
        return len(self._shown)


def dump_tables(folder, seen):
    """Each table file below it as sst_dump prints it; how many."""
    files = sorted(folder.rglob("*.sst"))
    for number, file in enumerate(files):
        run(seen / f"sst_dump-{number}", "sst_dump", f"--file={file}", "--command=scan", "--output_hex",
            "--show_properties")
    return len(files)


def dump_databases(data, seen):
    """Each RocksDB in it as ldb prints it, what is still in its log included; how many. A snapshot is none by itself:
    its tables lie elsewhere."""
    found = sorted(data.rglob("CURRENT"))
    for current in found:
        # ldb may write into what it opens.
        copy = seen / "copy"
        shutil.copytree(current.parent, copy)
        name = "-".join(current.parent.relative_to(data).parts)
        run(seen / f"ldb-{name}", "ldb", f"--db={copy}", "dump", "--hex")
        run(seen / f"manifest-{name}", "ldb", f"--db={copy}", "manifest_dump", "--verbose")
        shutil.rmtree(copy)
    return len(found)


def run(output, *words):
    with open(output, "wb") as file:
        done = subprocess.run(words, stdout=file, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{words} ended with {done.returncode}: {output.read_bytes()[-500:]}")


def dump_topics(brokers, seen):
    """Keys, values and headers of all records of all topics that are the cluster's, as kcat unpacks them."""
    listed = subprocess.run(["kcat", "-b", brokers, "-L", "-J"], stdout=subprocess.PIPE, check=True).stdout
    topics = [topic["topic"] for topic in json.loads(listed)["topics"] if topic["topic"].startswith("mynumber")]
    for topic in topics:
        run(seen / f"topic-{topic}", "kcat", "-C", "-q", "-e", "-b", brokers, "-t", topic, "-o", "beginning", "-f",
            "%k %h %s\n")
    return len(topics)


def write_mails(folder, seen):
    """Their texts, which stand in the files in base64 and in lines."""
    texts = list(mails(folder))
    (seen / "mail-texts").write_text("\n".join(text for _, text in texts))
    return len(texts)


def write_names(folders, seen):
    """Names of files are read by whoever may list a folder."""
    names = [str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*")]
    (seen / "names-of-files").write_text("\n".join(names))
