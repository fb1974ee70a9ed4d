"""For tests: a real standalone process on free ports, and the real client beside it."""

import contextlib
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
STANDALONE = ROOT / "bazel-bin" / "services" / "standalone" / "mynumber-standalone"
CLIENT = ROOT / "bazel-bin" / "services" / "mynumberctl" / "mynumberctl"
READY_SECONDS_MAX = 120


def build():
    """Both binaries; a second when nothing has changed."""
    command = [*shlex.split(os.environ.get("BAZEL", "bazel")), "build", "//services/standalone:mynumber-standalone",
               "//services/mynumberctl:mynumberctl"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the build failed:\n{done.stdout}")


def standalone_flags():
    """Names of all flags that a standalone process takes."""
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "services" / "standalone").glob("*.cc"))
    return set(re.findall(r"ABSL_FLAG\([^,]+, (\w+),", code))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningCluster:
    """Serves while in the `with`, on the same ports and data after a restart; its folder goes with it."""

    def __init__(self, starts=True):
        self.starts = starts  # or whoever uses it does

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="mynumber-cluster-")
        self.folder = pathlib.Path(self._folder.name)
        self.data = self.folder / ".data"
        self.address, self.admin = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.process = None
        try:
            if self.starts:
                self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)
        self._folder.cleanup()

    def start(self, *options):
        self.data.mkdir(exist_ok=True)
        with open(self.data / "standalone.log", "ab") as log:
            self.process = subprocess.Popen(
                [STANDALONE, f"--data={self.data}", f"--listen={self.address}", f"--admin={self.admin}", *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS_MAX
        # At rest it serves nobody, and is up when it is alive.
        page = "healthz" if "--operations_only" in options else "readyz"
        while not self.answers(page):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the cluster does not start:\n" + self.log_text())
            time.sleep(0.02)

    def answers(self, page):
        with contextlib.suppress(OSError, urllib.error.HTTPError):
            with urllib.request.urlopen(f"http://{self.admin}/{page}", timeout=5):
                return True
        return False

    def stop(self, number=signal.SIGTERM):
        """Its exit code; negative if the signal ended it."""
        if self.process is None:
            return None
        self.process.send_signal(number)
        return self.process.wait(60)

    def log_text(self):
        return (self.data / "standalone.log").read_text(errors="replace")

    def environment(self, **more):
        """For a client: this cluster, a clerk and a municipality; nothing of the machine's own user."""
        mine = {
            "MYNUMBER_SERVER": self.address,
            "MYNUMBER_CLERK": "clerk-7",
            "MYNUMBER_AUTHORITY": "municipality/131016",
            "XDG_STATE_HOME": str(self.folder / "state")
        }
        return {**os.environ, **mine, **more}

    def client(self, *words, stdin="", **environment):
        """The finished process of `mynumberctl words`, its output as text."""
        return subprocess.run([CLIENT, *words],
                              input=stdin,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE,
                              encoding="utf-8",
                              env=self.environment(**environment),
                              timeout=300)
