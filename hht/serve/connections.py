"""The listening sockets: so many connections and no more, each with little time to ask.

An HTTP server by itself lets a stranger open thousands of connections and send nothing on them.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from hht.clock import SYSTEM_CLOCK, Clock, Timer

REQUEST_SECONDS = 10.0
"""For the TLS handshake and the whole of a request's head; on the slowest LAN a second."""
PER_SEAT = 6
"""Browsers open six connections to a host at once."""
BESIDES = 24
"""The trainer's board, and browsers without a seat that ask for one."""
BACKLOG = 128  # a class whose browsers all come back at once
REST_SECONDS = 0.2
"""After an accept that failed for want of descriptors: some are closed meanwhile."""


class Guarded(asyncio.Protocol):
    """A guard before the HTTP server's protocol; aborts a connection that asks for nothing."""

    def __init__(self, inner: asyncio.Protocol, clock: Clock, done: Callable[[], None]) -> None:
        self._inner = inner
        self._done = done
        self._transport: asyncio.Transport | None = None
        self._timer: Timer = clock.call_later(REQUEST_SECONDS, self._abort)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, error: Exception | None) -> None:
        self._timer.cancel()
        self._inner.connection_lost(error)
        self._done()

    def has_asked(self) -> None:
        """Note that the request's head is complete: it may last from now on."""
        self._timer.cancel()

    def _abort(self) -> None:
        if self._transport:
            self._transport.abort()


class Listener:
    """An acceptor of connections for an HTTP server (a factory of protocols), within bounds."""

    def __init__(
        self,
        factory: Callable[[], asyncio.Protocol],
        seats: int,
        tls: ssl.SSLContext | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._factory = factory
        self._most_of_one = PER_SEAT * seats + BESIDES  # a class may sit behind one address
        self._most = 2 * self._most_of_one
        self._tls = tls
        self._clock = clock
        self._open: Counter[str] = Counter()
        self._guards: dict[asyncio.BaseTransport, Guarded] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sockets: list[socket.socket] = []

    def listen(self, address: str, port: int) -> int:
        """Listen at this address; returns the port. OSError where that cannot be."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = socket.create_server((address, port), family=family, backlog=BACKLOG)
        listening.setblocking(False)
        self._sockets.append(listening)
        self._begin(self._accept(listening))
        return int(listening.getsockname()[1])

    def has_asked(self, transport: asyncio.BaseTransport | None) -> None:
        """Pass on a request's head that is complete."""
        if transport in self._guards:
            self._guards[transport].has_asked()

    def close(self) -> None:
        """Accept nothing any more."""
        for task in self._tasks:
            task.cancel()
        for each in self._sockets:
            each.close()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, peer = await loop.sock_accept(listening)
            except OSError:
                await self._clock.sleep(REST_SECONDS)
                continue
            if self._has_room(peer[0]):
                self._open[peer[0]] += 1
                self._begin(self._serve(connection, peer[0]))
            else:
                connection.close()

    def _has_room(self, peer: str) -> bool:
        return self._open[peer] < self._most_of_one and self._open.total() < self._most

    async def _serve(self, connection: socket.socket, peer: str) -> None:
        """Hand a connection to the HTTP server, after its TLS handshake."""
        guards: list[Guarded] = []

        def make() -> Guarded:
            guards.append(Guarded(self._factory(), self._clock, lambda: self._gone(peer, guards)))
            return guards[0]

        try:
            transport, guard = await asyncio.get_running_loop().connect_accepted_socket(
                make,
                connection,
                ssl=self._tls,
                ssl_handshake_timeout=REQUEST_SECONDS if self._tls else None,
            )
            if not transport.is_closing():
                self._guards[transport] = guard
        except (OSError, ssl.SSLError, asyncio.CancelledError) as error:
            for guard in guards:
                guard.has_asked()
            self._forget(peer)
            with suppress(OSError):
                connection.close()
            if isinstance(error, asyncio.CancelledError):
                raise

    def _gone(self, peer: str, guards: list[Guarded]) -> None:
        self._forget(peer)
        for transport in [each for each, guard in self._guards.items() if guard in guards]:
            del self._guards[transport]

    def _forget(self, peer: str) -> None:
        self._open[peer] -= 1
        if self._open[peer] <= 0:
            del self._open[peer]
