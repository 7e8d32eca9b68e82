"""The network between two parts of the house, in the hands of a test: it passes, stalls, cuts, or swallows the answers."""

from __future__ import annotations

import asyncio
import threading
from typing import Literal

Manner = Literal["open", "stalled", "cut", "deaf"]


class Wire:
    """A TCP proxy on loopback in a thread of its own. `port` is where it listens, `target_port` where it leads.

    `manner`: open passes everything; stalled holds every byte back until it changes; cut ends every connection, new ones too; deaf passes
    what is asked and ends the connection when the answer comes, so that the work is done and nobody hears of it.
    `caught` counts what met the present manner: messages held back, connections ended, answers swallowed. `given_up` counts, from the
    beginning, connections whose caller hung up while what it had asked was held back.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.manner: Manner = "open"
        self.port = 0
        self.caught = 0
        self.given_up = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()
        assert self._ready.wait(10)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def set(self, manner: Manner) -> None:
        self.caught = 0
        self.manner = manner
        if manner == "cut":
            self._loop.call_soon_threadsafe(self._cut_all)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._carry, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._cut_all()
        self._loop.run_until_complete(asyncio.sleep(0.05))
        self._loop.close()

    def _cut_all(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        there = None
        try:
            if self.manner == "cut":
                self.caught += 1
                return
            from_there, there = await asyncio.open_connection("127.0.0.1", self.target_port)
            self._open.add(there)
            pumps = [
                asyncio.create_task(self._pump(reader, there, back=False)),
                asyncio.create_task(self._pump(from_there, writer, back=True)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
        except OSError:
            pass  # the part behind it is away: the caller finds its connection closed
        finally:
            for end in (writer, there):
                if end is not None:
                    self._open.discard(end)
                    end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, back: bool) -> None:
        while True:
            try:
                data = await reader.read(65536)
                if not data:
                    return
                self.caught += self.manner == "stalled"
                while self.manner == "stalled":
                    if reader.at_eof():
                        self.given_up += not back
                        return
                    await asyncio.sleep(0.05)
                if self.manner == "cut" or (self.manner == "deaf" and back):
                    self.caught += 1
                    return
                writer.write(data)
                await writer.drain()
            except OSError:
                return
