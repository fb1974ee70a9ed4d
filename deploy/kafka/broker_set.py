"""One set of brokers: a folder with its description, and for each broker data, settings, process id and log."""

import base64
import concurrent.futures
import fcntl
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
START_SECONDS_MAX = 120
# For each broker, used or not.
PORTS = 8
STARTED = "Kafka Server started"
# The quick compiler alone: the thorough one takes a third of two cores for the first minutes, and brokers here live no
# longer.
JVM = ["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:TieredStopAtLevel=1",
       # What happened when, beside the instances' lines.
       "-Dorg.slf4j.simpleLogger.showDateTime=true",
       "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS"]


class BrokerError(Exception):
    """A sentence for whoever called."""


class BrokerSet:
    def __init__(self, data, cache):
        self.data = data
        self.cache = cache
        self.description = data / "set.json"

    def exists(self):
        return self.description.exists()

    def nodes(self):
        if not self.exists():
            raise BrokerError(f"no brokers in {self.data}: start some with `broker up --data {self.data}`")
        return json.loads(self.description.read_text())["nodes"]

    def addresses(self):
        return ",".join(node["address"] for node in self.nodes())

    def up(self, count, proxied=False, separable=False, host="127.0.0.1", certificates=None):
        """`host`: where clients reach the brokers of a new set. `certificates`: a folder of deploy/certs with kafka/1
        and so on, and service/standalone, which alone may call then: mutual TLS on that listener."""
        jars = fetch_jars(self.cache)
        if not self.exists():
            if certificates and (proxied or separable):
                raise BrokerError("brokers with certificates take no proxies or wires: those speak plain text")
            self.create(count or 1, proxied, separable, host, jars, certificates)
        nodes = self.nodes()
        if count and count != len(nodes):
            raise BrokerError(
                f"the set in {self.data} has {len(nodes)} brokers: `broker down` it first, or name another --data")
        self.start_wires(nodes)
        starting = [node for node in nodes if not self.pid(node)]
        for node in starting:
            self.start(node, jars)
        try:
            for node in starting:
                self.await_started(node)
        except BrokerError:
            for node in starting:
                self.stop(node, signal.SIGKILL)
            raise

    def create(self, count, proxied, separable, host, jars, certificates=None):
        partial = self.data.with_name(self.data.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        ports = free_ports(count * PORTS)
        nodes = [describe(number, ports[PORTS * (number - 1):PORTS * number], proxied, separable, host)
                 for number in range(1, count + 1)]
        # Kafka's own way of writing a UUID; one that begins with a hyphen would be taken for an option.
        chance = uuid.uuid4().bytes
        cluster = base64.urlsafe_b64encode(bytes([chance[0] & 0x7F]) + chance[1:]).decode().rstrip("=")
        for node in nodes:
            folder = partial / f"broker-{node['number']}"
            folder.mkdir()
            text = settings(node, nodes, self.folder(node) / "data")
            if certificates:
                text += tls_settings(pathlib.Path(certificates), node["number"], folder, self.folder(node))
            (folder / "server.properties").write_text(text)
        # Formatting writes into the final place, so the folder must have its name by then.
        if self.data.exists():
            shutil.rmtree(partial)
            raise BrokerError(f"{self.data} is there but holds no set of brokers: name another --data")
        partial.rename(self.data)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: self.format(node, cluster, jars), nodes))
        write_whole(self.description, json.dumps({"cluster": cluster, "nodes": nodes}))

    def format(self, node, cluster, jars):
        done = subprocess.run(["java", *JVM, "-cp", f"{jars}/*", "kafka.tools.StorageTool",
                               "format", "-t", cluster, "-c", str(self.folder(node) / "server.properties")],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise BrokerError(
                f"the storage of broker {node['number']} cannot be made:\n{done.stdout.decode(errors='replace')}")

    def folder(self, node):
        return self.data / f"broker-{node['number']}"

    def start(self, node, jars):
        folder = self.folder(node)
        with open(folder / "broker.log", "wb") as log:
            command = ["java", *JVM, "-cp", f"{jars}/*", "kafka.Kafka", str(folder / "server.properties")]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                       cwd=folder, start_new_session=True)
        note_process(folder / "pid", process.pid)

    def start_wires(self, nodes):
        """Of a separable set: the process that its brokers talk to each other through."""
        if "wires_control_port" not in nodes[0] or process_in(self.data / "wires.pid"):
            return
        write_whole(self.data / "wires.json", json.dumps(nodes))
        with open(self.data / "wires.log", "wb") as log:
            command = [sys.executable, "-B", HERE / "peer_wires.py", self.data, str(nodes[0]["wires_control_port"])]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                       start_new_session=True)
        note_process(self.data / "wires.pid", process.pid)

    def separate(self, numbers):
        """Isolates these brokers from their peers, and no others; clients still reach them."""
        nodes = self.nodes()
        if "wires_control_port" not in nodes[0]:
            raise BrokerError("the wires between these brokers cannot be cut: make a set by `broker up --separable`")
        with socket.create_connection(("127.0.0.1", nodes[0]["wires_control_port"]), timeout=60) as control:
            control.sendall(" ".join(str(self.node(number)["number"]) for number in numbers).encode() + b"\n")
            control.recv(16)

    def await_started(self, node):
        log = self.folder(node) / "broker.log"
        until = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < until:
            text = log.read_text(errors="replace")
            if STARTED in text:
                return
            if not self.pid(node):
                break
            time.sleep(0.05)
        end = "\n".join(text.splitlines()[-15:])
        raise BrokerError(f"broker {node['number']} did not start; the end of {log}:\n{end}")

    def pid(self, node):
        """Of the broker's process; 0 if it does not run."""
        return process_in(self.folder(node) / "pid")

    def node(self, number):
        node = next((node for node in self.nodes() if node["number"] == number), None)
        if node is None:
            raise BrokerError(f"there is no broker {number} in {self.data}")
        return node

    def kill(self, number):
        if not self.stop(self.node(number), signal.SIGKILL):
            raise BrokerError(f"broker {number} does not run")

    def signal(self, number, how):
        pid = self.pid(self.node(number))
        if not pid:
            raise BrokerError(f"broker {number} does not run")
        os.kill(pid, how)

    def stop(self, node, how):
        return end_process(self.folder(node) / "pid", how)

    def down(self, keep):
        nodes = self.nodes() if self.exists() else []
        how = signal.SIGTERM if keep else signal.SIGKILL
        with concurrent.futures.ThreadPoolExecutor() as pool:
            list(pool.map(lambda node: self.stop(node, how), nodes))
        end_process(self.data / "wires.pid", signal.SIGKILL)
        if not keep and nodes:
            self.description.unlink(missing_ok=True)
            shutil.rmtree(self.data, ignore_errors=True)

    def status(self):
        brokers = []
        for node in self.nodes():
            brokers.append({**node, "pid": self.pid(node), "data": str(self.folder(node) / "data")})
        return {"addresses": self.addresses(), "brokers": brokers}


def describe(number, ports, proxied, separable, host):
    node = {"number": number, "port": ports[0], "controller_port": ports[1], "address": f"{host}:{ports[0]}"}
    if proxied:
        # Clients that come by `proxy_port` are told that port again; the caller forwards it to `proxied_port`.
        node.update(proxied_port=ports[2], proxy_port=ports[3])
    if separable:
        # Its peers are told the wires' ports, and the wires end at its own.
        node.update(peer_port=ports[4], peer_wire_port=ports[5], controller_wire_port=ports[6],
                    wires_control_port=ports[7])
    return node


def settings(node, nodes, data):
    controller_port = "controller_wire_port" if "peer_port" in node else "controller_port"
    voters = ",".join(f"{other['number']}@127.0.0.1:{other[controller_port]}" for other in nodes)
    listeners = f"PLAIN://{node['address']},CONTROLLER://127.0.0.1:{node['controller_port']}"
    advertised = f"PLAIN://{node['address']}"
    if "proxy_port" in node:
        listeners += f",PROXIED://127.0.0.1:{node['proxied_port']}"
        advertised += f",PROXIED://127.0.0.1:{node['proxy_port']}"
    if "peer_port" in node:
        listeners += f",PEERS://127.0.0.1:{node['peer_port']}"
        advertised += f",PEERS://127.0.0.1:{node['peer_wire_port']},CONTROLLER://127.0.0.1:{node[controller_port]}"
    own = {
        "inter.broker.listener.name": "PEERS" if "peer_port" in node else "PLAIN",
        "node.id": node["number"],
        "controller.quorum.voters": voters,
        "listeners": listeners,
        "advertised.listeners": advertised,
        "log.dirs": data,
        "offsets.topic.replication.factor": len(nodes),
        "transaction.state.log.replication.factor": len(nodes),
        "transaction.state.log.min.isr": min(2, len(nodes)),
    }
    if "peer_port" in node:
        # Sooner than other sets, whose machine may be so loaded that a broker misses as much: the session counts anew
        # at a controller that takes over from one that was cut off.
        own["broker.session.timeout.ms"] = 750
        own["broker.heartbeat.interval.ms"] = 150
        own["controller.quorum.fetch.timeout.ms"] = 750
        # Two who want to be the controller at once try again sooner.
        own["controller.quorum.election.timeout.ms"] = 200
    text = (HERE / "server.properties").read_text()
    return text + "".join(f"{name}={value}\n" for name, value in own.items())


def tls_settings(certificates, number, partial, folder):
    """Who has no certificate gets no connection, and of those who have one only the instances may do anything."""
    own = certificates / f"kafka/{number}"
    keystore = partial / "keystore.pem"
    keystore.touch(mode=0o600)
    keystore.write_text((own / "key.pem").read_text() + (own / "certificate.pem").read_text())
    # By the last word of a certificate's name. Controllers talk on loopback, without certificates.
    users = ["User:ANONYMOUS", *(f"User:CN={name},O=mynumber development" for name in ("standalone", number))]
    return "".join(f"{name}={value}\n" for name, value in {
        "listener.security.protocol.map": "PLAIN:SSL,CONTROLLER:PLAINTEXT",
        "ssl.enabled.protocols": "TLSv1.3",
        "ssl.client.auth": "required",
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": folder / "keystore.pem",
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": own.resolve() / "authority.pem",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": ";".join(users),
    }.items())


def fetch_jars(cache):
    """The folder of the broker's jars, by Maven if they are not there yet."""
    pom = HERE / "pom.xml"
    jars = cache / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]
    if jars.exists():
        return jars
    if not shutil.which("java") or not shutil.which("mvn"):
        raise BrokerError("Java and Maven are missing: run deploy/install --kafka")
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if jars.exists():
            return jars
        partial = jars.with_name(jars.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        done = subprocess.run(["mvn", "--quiet", "--batch-mode", "--file", str(pom), "dependency:copy-dependencies",
                               "-DincludeScope=runtime", f"-DoutputDirectory={partial}"],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=cache)
        if done.returncode != 0:
            raise BrokerError(f"Maven cannot fetch the jars:\n{done.stdout.decode(errors='replace')}")
        partial.rename(jars)
    return jars


# Of brokers; whoever starts something else beside them takes others.
BROKER_PORTS = range(20000, 32000)


def free_ports(count, among=BROKER_PORTS):
    """Below those that the kernel gives to outgoing connections, so that a killed broker finds its own again."""
    sockets = []
    try:
        for port in random.sample(among, 1000):
            each = socket.socket()
            try:
                each.bind(("127.0.0.1", port))
            except OSError:
                each.close()
                continue
            sockets.append(each)
            if len(sockets) == count:
                return [each.getsockname()[1] for each in sockets]
        raise BrokerError(f"no free ports between {among.start} and {among.stop}")
    finally:
        for each in sockets:
            each.close()


def note_process(path, pid):
    write_whole(path, f"{pid} {birth(pid)}")


def process_in(path):
    """The process noted there; 0 if it does not run. A number that another process has by now is not taken."""
    try:
        number, born = path.read_text().split()
    except (FileNotFoundError, ValueError):
        return 0
    return int(number) if birth(int(number)) == born else 0


def end_process(path, how):
    """Ends the process noted there, kindly or not, and waits until it has gone; false if it did not run."""
    pid = process_in(path)
    if not pid:
        return False
    try:
        os.kill(pid, how)
        # A paused process hears nothing else.
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        pass
    until = time.monotonic() + 20
    while process_in(path) == pid:
        reap(pid)
        if time.monotonic() > until:
            how, until = signal.SIGKILL, time.monotonic() + 20
            os.kill(pid, how)
        time.sleep(0.01)
    return True


def birth(pid):
    """When the process began, in the kernel's ticks; none if it is not there or only waits to be buried."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else fields[19]


def reap(pid):
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def write_whole(path, text):
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text)
    partial.rename(path)
