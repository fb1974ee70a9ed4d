"""The wires between the brokers of a separable set: relays them, and lets no byte through to or from an isolated one.

A process of the set, started by broker_set.py. Each line that comes by the control port, the numbers of all brokers
that are isolated from now on, is answered by "done" once it holds.
"""

import asyncio
import json
import os
import pathlib
import sys

PIECE = 64 << 10


class PeerWires:
    def __init__(self, folder):
        self.folder = folder
        self.nodes = json.loads((folder / "wires.json").read_text())
        self.isolated = set()
        self.wires = {}  # task of a wire -> the two brokers at its ends

    async def serve(self, control_port):
        for node in self.nodes:
            for listen, target in ((node["peer_wire_port"], node["peer_port"]),
                                   (node["controller_wire_port"], node["controller_port"])):
                await self.listen(listen, node["number"], target)
        await asyncio.start_server(self.obey, "127.0.0.1", control_port)
        await asyncio.Event().wait()

    async def listen(self, port, number, target):
        async def accept(reader, writer):
            ends = {number, self.number_of(writer.get_extra_info("peername")[1], port)}
            task = asyncio.current_task()
            self.wires[task] = ends
            try:
                await self.relay(ends, reader, writer, target)
            except (OSError, asyncio.CancelledError):
                pass
            finally:
                del self.wires[task]
                writer.close()

        await asyncio.start_server(accept, "127.0.0.1", port)

    async def relay(self, ends, reader, writer, target):
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target)
        pumps = [asyncio.create_task(self.pump(ends, reader, there_writer)),
                 asyncio.create_task(self.pump(ends, there_reader, writer))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            there_writer.close()

    async def pump(self, ends, reader, writer):
        while piece := await reader.read(PIECE):
            # A broker that talks to itself is never cut off.
            if len(ends) == 1 or not ends & self.isolated:
                writer.write(piece)
                await writer.drain()

    async def obey(self, reader, writer):
        while line := await reader.readline():
            before, self.isolated = self.isolated, {int(word) for word in line.split()}
            # Bytes are missing from these: they cannot be used any more.
            for task, ends in list(self.wires.items()):
                if len(ends) > 1 and ends & (before - self.isolated):
                    task.cancel()
            writer.write(b"done\n")
            await writer.drain()
        writer.close()

    def number_of(self, port, remote_port):
        """Of the broker that connected from `port`; 0 if it was none."""
        inode = socket_inode(port, remote_port)
        for node in self.nodes:
            try:
                pid = (self.folder / f"broker-{node['number']}" / "pid").read_text().split()[0]
                links = pathlib.Path("/proc", pid, "fd")
                if inode and any(link_text(link) == f"socket:[{inode}]" for link in links.iterdir()):
                    return node["number"]
            except OSError:
                continue
        return 0


def socket_inode(port, remote_port):
    """Of the end at `port` of a connection on this machine, as the kernel tells it; None if it has gone."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in pathlib.Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if (int(fields[1].rpartition(":")[2], 16), int(fields[2].rpartition(":")[2], 16)) == (port, remote_port):
                return fields[9]
    return None


def link_text(link):
    try:
        return os.readlink(link)
    except OSError:
        return ""


if __name__ == "__main__":
    asyncio.run(PeerWires(pathlib.Path(sys.argv[1])).serve(int(sys.argv[2])))
