"""A seat: an app that outlives the browser's socket, and is painted again when the browser is back.

An app that hangs is ended by a ladder: asked to quit, then SIGTERM, then SIGKILL of its group.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from hht.clock import SYSTEM_CLOCK, Clock
from hht.serve.packets import DATA, GREETING, META, meta, meta_type, packet, read_packet
from hht.serve.requests import Focus, Keys, Size

STAY_SECONDS = 600.0
"""How long an exercise goes on without a browser: a laptop that slept through a coffee break."""
QUIT_SECONDS = 5.0
"""An app that is asked to quit stops its hub, which may take that long itself."""
TERM_SECONDS = 2.0
"""The same with a signal, whose handler also works while the app's loop hangs."""
PAINT_SECONDS = 10.0
"""A repaint takes a tenth of a second; on a machine with twenty seats that all start, some."""
MOST_WAITING_BYTES = 262_144
"""Keys that an app has not read: one that reads none for so long hangs, and they are dropped."""


class Closing:
    """Why the server closes a socket: codes that the page has words for."""

    ENDED = 4000  # codes 4000 to 4999 are an application's own (RFC 6455)
    TAKEN_OVER = 4001  # another window of the same seat
    FAILED = 4002  # the app ended with an error
    STOPPED = 4003  # the server ends


class Keyboard(Protocol):
    """Where an app's keys go: as much of asyncio.WriteTransport as a seat needs."""

    def write(self, data: bytes) -> None: ...
    def get_write_buffer_size(self) -> int: ...
    def is_closing(self) -> bool: ...


class RunningApp(Protocol):
    """An app that was started: hht.serve.warm_parent has the one with a process."""

    @property
    def keys(self) -> Keyboard: ...
    @property
    def painted(self) -> asyncio.StreamReader: ...
    @property
    def ended(self) -> asyncio.Event: ...
    def signal(self, number: signal.Signals) -> None: ...
    def close(self) -> None: ...


class Window(Protocol):
    """A browser's socket."""

    async def paint(self, data: bytes) -> None:
        """Send what is to be painted; OSError where the browser is gone."""

    def close(self, code: int) -> None:
        """Close it, without waiting."""


class Seat:
    """A place for one app, started when a window comes and kept while windows come and go."""

    def __init__(
        self,
        start: Callable[[Size], Awaitable[RunningApp]],
        noted: Callable[[bool], None] = lambda _: None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Keep `start`, which starts the app, and `noted`, called when a window came or went."""
        self._start = start
        self._noted = noted
        self._clock = clock
        self._app: RunningApp | None = None
        self._window: Window | None = None
        self._reading: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._proving: asyncio.Task[None] | None = None
        self._painted = asyncio.Event()
        self._changing = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        """Whether its app lives."""
        return self._app is not None and not self._app.ended.is_set()

    async def attach(self, window: Window, size: Size) -> None:
        """Show the app in this window, and in no other any more; start it where there is none."""
        before, self._window = self._window, window
        if before:
            before.close(Closing.TAKEN_OVER)
        self._stop(self._leaving)
        self._noted(True)
        async with self._changing:
            if not self.is_running:
                await self._begin(size)
            else:
                self._painted.clear()
                self._write(meta(type="repaint", width=size.columns, height=size.rows))
                self._proving = asyncio.create_task(self._prove_alive())

    async def _begin(self, size: Size) -> None:
        self._app = await self._start(size)
        self._reading = asyncio.create_task(self._read(self._app))

    async def _prove_alive(self) -> None:
        """End an app that paints nothing when it is asked to: the window can then open another."""
        with suppress(TimeoutError):
            async with self._clock.timeout(PAINT_SECONDS):
                await self._painted.wait()
            return
        await self.end(Closing.FAILED)

    def detach(self, window: Window) -> None:
        """Note that the window is gone.

        Unless another one has come, the app has ten minutes left.
        """
        if self._window is window:
            self._window = None
            self._noted(False)
            self._stop(self._leaving)
            self._leaving = asyncio.create_task(self._leave())

    async def _leave(self) -> None:
        await self._clock.sleep(STAY_SECONDS)
        self._leaving = None  # from here on it cannot be broken off
        await self.end(Closing.ENDED)

    def take(self, request: Keys | Size | Focus) -> None:
        """Pass on what the browser sent."""
        match request:
            case Keys(data):
                self._write(packet(DATA, data))
            case Size(columns, rows):
                self._write(meta(type="resize", width=columns, height=rows))
            case Focus(is_here):
                self._write(meta(type="focus" if is_here else "blur"))

    def _write(self, data: bytes) -> None:
        keys = self._app.keys if self._app else None
        if keys and not keys.is_closing() and keys.get_write_buffer_size() < MOST_WAITING_BYTES:
            keys.write(data)

    async def _read(self, app: RunningApp) -> None:
        """Paint what the app paints, or drop it where no browser is connected, until it ends."""
        with suppress(ValueError, OSError):
            greeting = await app.painted.readline()
            while greeting == GREETING and (found := await read_packet(app.painted)):
                kind, payload = found
                if kind == DATA:
                    self._painted.set()
                    await self._paint(payload)
                elif kind == META and meta_type(payload) == "exit":
                    break
        await self._end(app)
        if self._app is app:
            self._app = None
            self._close_window(Closing.ENDED)

    async def _paint(self, data: bytes) -> None:
        if window := self._window:
            with suppress(OSError):
                await window.paint(data)

    def _close_window(self, code: int) -> None:
        if window := self._window:
            self._window = None
            self._noted(False)
            window.close(code)

    async def end(self, code: int = Closing.STOPPED) -> None:
        """End the app, whatever state it is in, and close its window."""
        async with self._changing:
            self._close_window(code)
            app, self._app = self._app, None
            if app:
                await _cancelled(self._reading)
                await self._end(app)

    async def _end(self, app: RunningApp) -> None:
        """Ask to quit, then SIGTERM, then SIGKILL; each of the whole group."""
        draining = asyncio.create_task(_drain(app.painted))  # an app waits for what it paints
        if not app.keys.is_closing():
            app.keys.write(meta(type="quit"))
        if not await self._ends_within(app, QUIT_SECONDS):
            app.signal(signal.SIGTERM)
            if not await self._ends_within(app, TERM_SECONDS):
                app.signal(signal.SIGKILL)
                await app.ended.wait()
        app.close()
        await _cancelled(draining)

    async def _ends_within(self, app: RunningApp, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await app.ended.wait()
            return True
        return False

    def _stop(self, task: "asyncio.Task[None] | None") -> None:
        if task and task is not asyncio.current_task():
            task.cancel()


async def _cancelled(task: "asyncio.Task[None] | None") -> None:
    """Cancel a task and wait until it has ended."""
    if task and task is not asyncio.current_task():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _drain(stream: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await stream.read(65_536):
            pass
