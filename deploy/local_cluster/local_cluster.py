"""One cluster on this machine: a folder with its description, brokers, instances, and a Prometheus if wanted."""

import concurrent.futures
import json
import pathlib
import shutil
import signal
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "kafka"), str(HERE.parent / "certs")]
import authority  # noqa: E402  (of the rooms beside this one)
import broker_set  # noqa: E402
from instance import BINARY, Instance, InstanceError  # noqa: E402
from prometheus import Prometheus, PrometheusError  # noqa: E402

JARS = pathlib.Path("~/.cache/mynumber-kafka").expanduser()
DEFAULTS = {"brokers": 3, "instances": 2, "partitions": 8, "prometheus": False, "proxied": False, "separable": False,
            "tls": False, "kafka_tls": False, "policy": "", "follow": "all"}
# Whoever may call, one of each; and the instances.
CERTIFIED = ("municipality/131016", "municipality/271004", "post-office", "hotline", "factory", "operator", "auditor",
             "application-site", "photo-booth", "terminal")
INSTANCES = "service/standalone"
CERTIFIED_DAYS = 30
# None that the brokers, started meanwhile, may take.
PORTS = range(12000, 20000)
MAY_GROW = ("instances", "prometheus")
READY_SECONDS_MAX = 180
ERRORS = (authority.Refused, broker_set.BrokerError, InstanceError, PrometheusError)


class ClusterError(Exception):
    """A sentence for whoever called."""


class LocalCluster:
    """`tell` takes lines of progress."""

    def __init__(self, data, tell=lambda line: None):
        self.data, self.tell = pathlib.Path(data).resolve(), tell
        self.description = self.data / "cluster.json"
        self.brokers = broker_set.BrokerSet(self.data / "kafka", JARS)

    # ---- What it is

    def exists(self):
        return self.description.exists()

    def made(self):
        """Its description."""
        if not self.exists():
            raise ClusterError(f"no cluster in {self.data}: start one with `deploy/cluster up --data {self.data}`")
        return json.loads(self.description.read_text())

    def instances(self):
        made = self.made()
        return [Instance(self.data, each, made["settings"]) for each in made["instances"]]

    def instance(self, number):
        found = next((each for each in self.instances() if each.number == number), None)
        if found is None:
            raise ClusterError(f"there is no instance {number} in {self.data}")
        return found

    def addresses(self):
        """HOST:PORT,HOST:PORT of all instances, running or not: what a client needs."""
        return ",".join(each.address for each in self.instances())

    def certificates(self):
        """A folder with one of each who may call, by its name; None: it speaks plain text."""
        return self.data / "certs" if self.made()["settings"]["tls"] else None

    def prometheus(self):
        """None if it was not asked for."""
        port = self.made().get("prometheus_port")
        return Prometheus(self.data, port) if port else None

    # ---- Started

    def up(self, places=None, broker_host="127.0.0.1", **wanted):
        """Makes it, or starts what of it does not run; `wanted` are of DEFAULTS, None for what it has already.

        `places`: by an instance's number, the host that it listens on and the words before its command, where that is
        not this host and none.
        """
        if not BINARY.exists():
            raise ClusterError(
                f"{BINARY.relative_to(HERE.parents[1])} is not built: bazel build //services/standalone:{BINARY.name}")
        self.describe(wanted, places or {})
        settings = self.made()["settings"]
        self.certify(broker_host)
        self.tell(f"starting {settings['brokers']} Kafka broker(s)")
        self.brokers.up(settings["brokers"], settings["proxied"], settings["separable"], broker_host,
                        self.certificates() if settings["kafka_tls"] else None)
        self.start_instances([each for each in self.instances() if not each.pid()])
        if (prometheus := self.prometheus()) is not None:
            self.tell("starting Prometheus")
            prometheus.start(self.instances())

    def describe(self, wanted, places):
        """Writes down what it is to be; refuses what differs from what it was made as."""
        wanted = {name: value for name, value in wanted.items() if value is not None}
        if self.exists():
            made = self.made()
            self.refuse_other(made["settings"], wanted)
        else:
            made = {"settings": dict(DEFAULTS), "instances": []}
        settings = made["settings"]
        settings.update(wanted)
        lacking = range(len(made["instances"]) + 1, settings["instances"] + 1)
        ports = broker_set.free_ports(2 * len(lacking) + 1, PORTS)
        for number in lacking:
            host, before = places.get(number, ("127.0.0.1", []))
            made["instances"].append({"number": number, "host": host, "before": before, "port": ports.pop(),
                                      "admin_port": ports.pop()})
        if settings["prometheus"]:
            made.setdefault("prometheus_port", ports.pop())
        for folder in ("logs", "photos", "mail"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        broker_set.write_whole(self.description, json.dumps(made, indent=1) + "\n")

    def certify(self, broker_host):
        """A certificate for everybody who has none, by an authority of this cluster's own."""
        if self.certificates() is None:
            return
        brokers = [f"kafka/{number + 1}" for number in range(self.made()["settings"]["brokers"])]
        lacking = [name for name in (INSTANCES, *CERTIFIED, *brokers) if not (self.certificates() / name).exists()]
        if lacking:
            self.tell(f"making {len(lacking)} certificates")
        hosts = [broker_host, *(each.address.rpartition(":")[0] for each in self.instances())]
        with authority.Authority(self.certificates()) as issuer:
            for name in lacking:
                issuer.issue(name, CERTIFIED_DAYS, hosts)
            issuer.publish_revoked()

    def refuse_other(self, settings, wanted):
        for name, value in wanted.items():
            if value == settings[name] or (name in MAY_GROW and value > settings[name]):
                continue
            raise ClusterError(f"the cluster in {self.data} was made with {name} {settings[name]}, not {value}: "
                               "`deploy/cluster down` it first, or name another --data")

    def start_instances(self, lacking):
        """The first one makes the keyring that all of them share."""
        if lacking and not (self.data / "keyring").exists():
            self.start(lacking[0].number)
            lacking = lacking[1:]
        for each in lacking:
            self.tell(f"starting {each.name}")
            each.start(self.brokers.addresses())
        for each in lacking:
            self.await_ready(each)

    def start(self, number, brokers=None, **how):
        """Starts an instance again on its old data, and waits until it is ready; `how` as for Instance.start."""
        each = self.instance(number)
        self.tell(f"starting {each.name}")
        each.start(brokers or self.brokers.addresses(), **how)
        self.await_ready(each)

    def await_ready(self, each, seconds_max=READY_SECONDS_MAX):
        told, until = "", time.monotonic() + seconds_max
        while True:
            ready, why_not = each.readiness()
            if ready:
                self.tell(f"{each.name} is ready on {each.address}")
                return
            if not each.pid():
                raise ClusterError(f"{each.name} ended: {each.last_words()}")
            if time.monotonic() > until:
                raise ClusterError(
                    f"{each.name} was not ready within {seconds_max} s ({why_not}); {each.log} tells more")
            if why_not != told:
                told = why_not
                self.tell(f"{each.name}: {why_not}")
            time.sleep(0.05)

    # ---- Ended and disturbed

    def kill(self, number):
        if not self.instance(number).end(signal.SIGKILL):
            raise ClusterError(f"instance {number} does not run")

    def stop(self, number):
        """In order: it finishes what it accepted. It has gone when this returns."""
        if not self.instance(number).end(signal.SIGTERM):
            raise ClusterError(f"instance {number} does not run")

    def pause(self, number):
        self.instance(number).signal(signal.SIGSTOP)

    def resume(self, number):
        self.instance(number).signal(signal.SIGCONT)

    def down(self, keep=False):
        """Ends all of it and removes it; kept, it stops in order, and `up` goes on from its data."""
        if self.exists():
            instances = self.instances()
            with concurrent.futures.ThreadPoolExecutor() as pool:
                list(pool.map(lambda each: each.end(signal.SIGTERM if keep else signal.SIGKILL), instances))
            if (prometheus := self.prometheus()) is not None:
                prometheus.end()
        self.brokers.down(keep)
        if self.exists() and not keep:
            self.description.unlink(missing_ok=True)
            shutil.rmtree(self.data, ignore_errors=True)
