"""Wires between one instance and the brokers of a proxied set, which keep back what the instance sends and let it
through later, even when the instance has given the connection up meanwhile."""

import asyncio
import threading

PIECE = 64 << 10


class HeldWires:
    """Serves as long as the `with` lasts, on a thread of its own. `nodes` are of a set that was made --proxied."""

    def __init__(self, nodes):
        self.nodes = nodes
        self.held_bytes = 0

    def addresses(self):
        """What the instance is told instead of the brokers' own."""
        return ",".join(f"127.0.0.1:{node['proxy_port']}" for node in self.nodes)

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self.thread.start()
        if not self._ready.wait(30):
            raise RuntimeError("the wires do not come up")
        return self

    def __exit__(self, *_):
        self.release()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def hold(self):
        self.held_bytes = 0
        self.loop.call_soon_threadsafe(self._open.clear)

    def release(self):
        self.loop.call_soon_threadsafe(self._open.set)

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())
        self._ready.set()
        self.loop.run_forever()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))

    async def _listen(self):
        self._open = asyncio.Event()
        self._open.set()
        for node in self.nodes:
            await asyncio.start_server(self._accept(node["proxied_port"]), "127.0.0.1", node["proxy_port"])

    def _accept(self, target):
        async def accept(reader, writer):
            try:
                there_reader, there_writer = await asyncio.open_connection("127.0.0.1", target)
            except OSError:
                writer.close()
                return
            sending = asyncio.create_task(self._send(reader, there_writer))
            await self._answer(there_reader, writer)
            # The instance has gone, or the broker: what was sent before still gets there.
            await sending

        return accept

    async def _send(self, reader, there_writer):
        """From the instance to the broker. What is kept back is read all the same: a connection that is given up
        forgets what nobody has read."""
        kept = asyncio.Queue()
        passing = asyncio.create_task(self._pass_on(kept, there_writer))
        try:
            while piece := await reader.read(PIECE):
                self.held_bytes += 0 if self._open.is_set() else len(piece)
                kept.put_nowait(piece)
        except OSError:
            pass
        kept.put_nowait(b"")
        await passing

    async def _pass_on(self, kept, there_writer):
        try:
            while piece := await kept.get():
                await self._open.wait()
                there_writer.write(piece)
                await there_writer.drain()
        except OSError:
            pass
        there_writer.close()

    async def _answer(self, there_reader, writer):
        try:
            while piece := await there_reader.read(PIECE):
                writer.write(piece)
                await writer.drain()
        except OSError:
            pass
        writer.close()
