"""Networks cut between instances and brokers, and between instances, both ways.

Every instance stands in a network namespace of its own with two wires: one to the brokers, one to the other instances
and the clients. All of it is in a namespace of this process, and goes with it.
"""

import os
import subprocess
import time

import book as books
from faults_brokers import GOES_ON_SECONDS_MAX
from faults_instances import await_going_on, await_taken_over

# Of the process that has a network of its own.
OWN_NETWORK = "FAULT_OWN_NETWORK"
BROKERS, PEERS = "10.213.1", "10.213.2"
CUT_SECONDS, SHORT_CUT_SECONDS = 20, 8


def ip(*words):
    subprocess.run(["ip", *map(str, words)], check=True)


class Network:
    """Made before the cluster."""

    broker_host = f"{BROKERS}.1"

    def __init__(self, instances):
        self.places = {}
        ip("link", "set", "lo", "up")
        for name, net in (("brokers", BROKERS), ("peers", PEERS)):
            ip("link", "add", name, "type", "bridge")
            ip("addr", "add", f"{net}.1/24", "dev", name)
            ip("link", "set", name, "up")
        for number in range(1, instances + 1):
            space = f"instance-{number}"
            ip("netns", "add", space)
            ip("-n", space, "link", "set", "lo", "up")
            for name, net in (("brokers", BROKERS), ("peers", PEERS)):
                wire = self.wire(name, number)
                ip("link", "add", wire, "type", "veth", "peer", "name", name, "netns", space)
                ip("link", "set", wire, "master", name, "up")
                ip("-n", space, "addr", "add", f"{net}.{10 + number}/24", "dev", name)
                ip("-n", space, "link", "set", name, "up")
            self.places[number] = (f"{PEERS}.{10 + number}", ["ip", "netns", "exec", space])

    @staticmethod
    def wire(name, number):
        return f"{name}-{number}"

    def cut(self, name, number):
        """Nothing passes either way, and nobody is told."""
        ip("link", "set", self.wire(name, number), "down")

    def mend(self, name, number):
        ip("link", "set", self.wire(name, number), "up")


def enter_own_network():
    """Begins the process anew where it has a network and mounts of its own; false if that is not to be had."""
    import sys
    if OWN_NETWORK in os.environ:
        return True
    words = ["unshare", "--net", "--mount", "--propagation", "private"]
    trial = "mkdir -p /run/netns && mount -t tmpfs none /run/netns && ip link add trial type veth peer name trial-peer"
    if subprocess.run([*words, "sh", "-c", trial], stderr=subprocess.DEVNULL).returncode != 0:
        return False
    os.environ[OWN_NETWORK] = "yes"
    begin = 'mount -t tmpfs none /run/netns && exec "$@"'
    sys.stdout.flush()
    os.execvp(words[0], [*words, "sh", "-c", begin, "sh", sys.executable, *sys.orig_argv[1:]])


def network_cut(stage):
    """The owner of most loses the brokers, then the other instances, then both."""
    seconds = SHORT_CUT_SECONDS if stage.options.short else CUT_SECONDS
    for names in (("brokers",), ("peers",), ("brokers", "peers")):
        stage.await_owned()
        number, owned = stage.greatest_owner()
        begin = books.now()
        for name in names:
            stage.network.cut(name, number)
        if stage.has_standbys and "brokers" in names:
            await_taken_over(stage, number, owned)
        time.sleep(seconds)
        for name in names:
            stage.network.mend(name, number)
        await_going_on(stage, books.now(), GOES_ON_SECONDS_MAX)
        stage.await_owned()
        stage.note(f"instance {number} without {' and '.join(names)}: longest wait for a write "
                   f"{max(stage.waits(begin, books.now()).values()):.2f} s, for a stale read "
                   f"{stage.stale_wait(begin, books.now()):.2f} s")
