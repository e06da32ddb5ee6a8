"""The server's side of the warm parent: apps are started, signalled, and their end awaited."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import HhtError
from hht.serve.nursery import LENGTH, Order

END_SECONDS = 3.0
"""Until a warm parent that does not end is killed; it has nothing left to do but to reap."""


@dataclass
class App:
    """A program in a process of its own, with pipes for keys and for what it paints."""

    number: int
    parent: "WarmParent"
    keys: asyncio.WriteTransport
    painted: asyncio.StreamReader
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    pid: int | None = None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to its whole group, unless it has ended."""
        if not self.ended.is_set():
            self.parent.send({"what": "signal", "number": self.number, "signal": number.name})

    def close(self) -> None:
        """Let go of the pipes."""
        self.keys.close()


class WarmParent:
    """Started with `start`; `app` starts an app in it, `close` ends everything."""

    def __init__(self, process: "subprocess.Popen[bytes]", orders: socket.socket) -> None:
        self._process = process
        self._orders = orders
        self._apps: dict[int, App] = {}
        self._numbers = 0
        self._listening: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()
        self.gone = asyncio.Event()

    @classmethod
    def start(cls, module: str, environment: Mapping[str, str], log: Path) -> "WarmParent":
        """Start the module as a warm parent; it imports while the server begins to listen.

        What it says when it fails goes to the file `log`.
        """
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        command = [sys.executable, "-m", module, str(theirs.fileno()), str(writing)]
        complaints = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            pass_fds=(theirs.fileno(), writing),
            env=dict(environment),
            start_new_session=True,
        )
        theirs.close()
        for each in (writing, complaints):
            os.close(each)
        parent = cls(process, ours)
        parent._listening = asyncio.create_task(parent._listen(reading))
        return parent

    @property
    def pid(self) -> int:
        return self._process.pid

    async def app(
        self, program: str, environment: Mapping[str, str], folder: Path, **order: Any
    ) -> App:
        """Start a program of the warm parent; HhtError where the warm parent has died."""
        await self.ready.wait()
        if self.gone.is_set():
            raise HhtError("No app can be started any more", remedy="Start 'hht serve' again.")
        self._numbers += 1
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        log = os.open(folder / "app.log", os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        app = App(self._numbers, self, await _writer(ours_in), await _reader(ours_out))
        self._apps[app.number] = app
        order |= {"what": "start", "program": program, "number": app.number}
        order |= {"environment": dict(environment), "folder": str(folder)}
        self.send(order, [theirs_in, theirs_out, log])
        for each in (theirs_in, theirs_out, log):
            os.close(each)
        return app

    def send(self, order: Order, streams: list[int] | None = None) -> None:
        """Send an order; one that does not arrive shows in the end of the news."""
        wish = json.dumps(order).encode()
        with suppress(OSError):
            if streams:
                socket.send_fds(self._orders, [LENGTH.pack(len(wish))], streams)
            else:
                self._orders.sendall(LENGTH.pack(len(wish)))
            self._orders.sendall(wish)

    async def _listen(self, descriptor: int) -> None:
        async for line in await _reader(descriptor):
            news = json.loads(line)
            if news["what"] == "ready":
                self.ready.set()
            elif news["what"] == "started":
                self._apps[news["number"]].pid = news["pid"]
            elif news["what"] == "ended":
                self._apps.pop(news["number"]).ended.set()
        self.gone.set()
        self.ready.set()
        self._end_orphans()

    def _end_orphans(self) -> None:
        """Kill the apps of a warm parent that was itself killed: nothing else will end them."""
        for app in self._apps.values():
            if app.pid is not None:
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(app.pid, signal.SIGKILL)
            app.ended.set()
        self._apps.clear()

    async def close(self, clock: Clock = SYSTEM_CLOCK) -> None:
        """End the warm parent with what still runs in it."""
        self._orders.close()
        with suppress(TimeoutError):
            async with clock.timeout(END_SECONDS):
                await self.gone.wait()
        self._process.kill()
        self._process.wait()
        if self._listening:
            await asyncio.gather(self._listening, return_exceptions=True)  # its pipe has ended


async def _reader(descriptor: int) -> asyncio.StreamReader:
    stream = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(descriptor, "rb", 0)
    )
    return stream


async def _writer(descriptor: int) -> asyncio.WriteTransport:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(descriptor, "wb", 0))
    return transport
