"""One instance of a local cluster: all four services in one process, on its own rows and the cluster's topics."""

import os
import pathlib
import signal
import subprocess
import time
import urllib.error
import urllib.request

import broker_set
from metrics_page import MetricsPage

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = ROOT / "bazel-bin" / "services" / "standalone" / "mynumber-standalone"
STOP_SECONDS_MAX = 60
PAGE_SECONDS_MAX = 5


class InstanceError(Exception):
    """A sentence for whoever called."""


class Instance:
    """`made` is its part of the cluster's description. Started, signalled and asked from any number of processes."""

    def __init__(self, data, made, settings):
        self.cluster_data, self.settings = data, settings
        self.number, self._before = made["number"], made["before"]
        self.name = f"instance-{self.number}"
        self.address = f"{made['host']}:{made['port']}"
        self.admin = f"{made['host']}:{made['admin_port']}"
        self.data = data / self.name
        self.log = data / "logs" / f"{self.name}.log"
        self._pid = data / "logs" / f"{self.name}.pid"

    def flags(self, brokers):
        data, settings = self.cluster_data, self.settings
        certificates = [f"--certificates={data / 'certs/service/standalone'}"] if settings.get("tls") else []
        if settings.get("kafka_tls"):
            certificates.append("--kafka_tls")
        policy = [f"--policy={settings['policy']}"] if settings.get("policy") else []
        return [*certificates, *policy, "--log=kafka", f"--brokers={brokers}", f"--replication={settings['brokers']}",
                f"--partitions={settings['partitions']}", f"--topics={ROOT / 'deploy/kafka/topics.yaml'}",
                f"--instance={self.name}", f"--listen={self.address}", f"--admin={self.admin}", f"--data={self.data}",
                f"--peers_listen={self.address.rsplit(':', 1)[0]}:0", f"--keyring={data / 'keyring'}",
                f"--photos={data / 'photos'}", f"--snapshots={data / 'snapshots'}",
                f"--follow={settings.get('follow', 'all')}",
                f"--mail_folder={data / 'mail'}"]

    def pid(self):
        """Of its process; 0 if it does not run."""
        return broker_set.process_in(self._pid)

    def start(self, brokers, options=(), environment=None):
        """The log is gone on with."""
        if self.pid():
            raise InstanceError(f"{self.name} runs already")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.data.mkdir(exist_ok=True)
        self.log_start = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as log:
            process = subprocess.Popen([*self._before, BINARY, *self.flags(brokers), *options],
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                       env={**os.environ, **(environment or {})})
        broker_set.note_process(self._pid, process.pid)

    def signal(self, number):
        pid = self.pid()
        if not pid:
            raise InstanceError(f"{self.name} does not run: deploy/cluster start {self.number}")
        os.kill(pid, number)

    def end(self, how):
        """SIGKILL or SIGTERM; false if it did not run. It has gone when this returns."""
        if how == signal.SIGKILL:
            return broker_set.end_process(self._pid, how)
        pid = self.pid()
        if not pid:
            return False
        os.kill(pid, signal.SIGCONT)  # a paused process hears nothing else
        os.kill(pid, how)
        until = time.monotonic() + STOP_SECONDS_MAX
        while self.pid() == pid:
            broker_set.reap(pid)
            if time.monotonic() > until:
                raise InstanceError(f"{self.name} did not stop within {STOP_SECONDS_MAX} s; {self.log} tells more")
            time.sleep(0.01)
        return True

    def page(self, path, seconds_max=PAGE_SECONDS_MAX):
        """(HTTP code, text); code 0 if nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{self.admin}/{path}", timeout=seconds_max) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace").strip()
        except OSError:
            return 0, ""

    def readiness(self, seconds_max=PAGE_SECONDS_MAX):
        """(is ready, why not)."""
        code, text = self.page("readyz", seconds_max)
        return code == 200, "" if code == 200 else text or "does not answer"

    def metrics(self, seconds_max=PAGE_SECONDS_MAX):
        return MetricsPage(self.page("metrics", seconds_max)[1])

    def last_words(self):
        """Why it ended: its own sentence, if it said one since its last start; else the end of its log."""
        with open(self.log, "rb") as log:
            log.seek(getattr(self, "log_start", 0))
            lines = log.read().decode(errors="replace").splitlines()
        told = [line for line in lines if line.startswith("mynumber-standalone: ")]
        return told[-1].removeprefix("mynumber-standalone: ") if told else "\n".join(lines[-10:])
