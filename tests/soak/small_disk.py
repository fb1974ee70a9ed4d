"""A small disk on a folder, and the ballast that fills it: a file system of its own, or where nobody may mount one, a
library preloaded into the server that lets its writes fail."""

import contextlib
import os
import pathlib
import subprocess
import sys

import binaries

# In the environment: whether this process has mounts of its own.
OWN_MOUNTS = "SOAK_OWN_MOUNTS"


def enter_own_mounts():
    """Begins the process anew where it may mount and nobody else sees it; what it mounts goes when it goes.

    Root needs a name space of mounts, anybody else one of users with it, in which they are root.
    """
    if OWN_MOUNTS in os.environ:
        return
    words = ["unshare", "--mount", "--propagation", "private"]
    if os.geteuid() != 0:
        words += ["--user", "--map-root-user"]
    trial = [*words, "mount", "-t", "tmpfs", "mynumber-soak", "/mnt"]
    tried = subprocess.run(trial, stderr=subprocess.DEVNULL, check=False)
    os.environ[OWN_MOUNTS] = "no" if tried.returncode else "yes"
    if tried.returncode == 0:
        sys.stdout.flush()
        os.execvp(words[0], [*words, sys.executable, *sys.orig_argv[1:]])


def make(server, folder, mebibytes):
    """A small disk on a folder of a server that has not been started yet."""
    return MountedDisk(folder, mebibytes) if os.environ[OWN_MOUNTS] == "yes" else PretendedDisk(server, folder)


class MountedDisk:
    def __init__(self, folder, mebibytes):
        self.folder = pathlib.Path(folder)
        self.ballast = self.folder / "ballast"
        self.folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "mynumber-soak", self.folder], check=True)

    def free_bytes(self):
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill_up_to(self, free_bytes):
        """Somebody else's file takes all the room but so much."""
        with open(self.ballast, "ab") as file:
            while (takes := self.free_bytes() - free_bytes) > 0:
                # Others write meanwhile: what was free a moment ago may not be any more.
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, takes)

    def make_room(self):
        self.ballast.unlink()

    def remove(self):
        # Lazily: it must go even if somebody still has a file of it open.
        subprocess.run(["umount", "--lazy", self.folder], check=True)


class PretendedDisk:
    """Of any size, until it is full."""

    def __init__(self, server, folder):
        self.switch = server.folder / "the-disk-is-full"
        server.environment |= {"LD_PRELOAD": str(binaries.path("full_disk_shim.so")), "FULL_DISK_FOLDER": str(folder),
                               "FULL_DISK_SWITCH": str(self.switch)}

    def fill_up_to(self, free_bytes):
        if free_bytes == 0:
            self.switch.touch()

    def make_room(self):
        self.switch.unlink()

    def remove(self):
        pass
