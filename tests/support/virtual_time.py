"""An event loop whose time passes only while nothing is left to do, so that no test waits for it.

Everything of a test in one loop - hub, air, virtual NCP, dongle, the sockets between them - goes on
until all of it waits; then the loop's time jumps to the next timer. Nothing is late on a slow
machine, and an hour of waiting costs what happens in it.
"""

import asyncio
import os
import select
import selectors
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

# What a socket of this machine is given is mostly on its other side at once.
_SOCKET_SECONDS = 0.0005
# A busy kernel hands it over later: so often it is looked for, two seconds in all.
_MOST_LOOKS = 4000
# Where Linux' tcp_info counts a connection's bytes: received, to be sent, sent, sent again.
_RECEIVED, _WAITING = slice(128, 136), slice(144, 148)
_SENT, _SENT_AGAIN = slice(200, 208), slice(208, 216)
_CAN_COUNT = sys.platform == "linux"
# Each turn of the loop takes this much of its time: what is due after a rounding error gets due.
_TURN_SECONDS = 1e-6
# Of the hour, at which every loop's time of day starts: what is done on the full hour or half hour,
# such as a GSME's waking, is as far from a test's beginning whenever that is run.
_MINUTE = 2


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop with a time of its own; while a thread works for it, it waits as any other does."""

    def __init__(self) -> None:
        self._now = 0.0
        self._made = datetime.now(UTC).replace(minute=_MINUTE, second=0, microsecond=0)
        self._threads_at_work = 0
        super().__init__(_Jumping(self._pass))

    def time(self) -> float:
        return self._now

    def spend(self, seconds: float) -> None:
        """Let time pass as a call does that lasts so long: nothing else gets its turn."""
        self._now += seconds

    @property
    def today(self) -> datetime:
        """The time of day by this loop's time, for the clocks of one test after the other."""
        return self._made + timedelta(seconds=self._now)

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._threads_at_work += 1
        future.add_done_callback(self._thread_is_done)
        return future

    def _thread_is_done(self, _: object) -> None:
        self._threads_at_work -= 1

    def _pass(self, seconds: float) -> bool:
        """Let `seconds` pass at once; False while a thread is at work, which needs real time."""
        if seconds > _TURN_SECONDS and self._threads_at_work:
            return False
        self._now += max(seconds, _TURN_SECONDS)
        return True


def virtual_loop() -> VirtualTimeLoop:
    """Give the loop of the running test, which must be one of virtual time."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    return loop


class _Jumping(selectors.DefaultSelector):
    """Waits for files as ever, but not for the next timer."""

    def __init__(self, let_pass: Callable[[float], bool]) -> None:
        super().__init__()
        self._let_pass = let_pass
        self._terminals: set[int] = set()
        self._ends: dict[int, tuple[Any, Any]] = {}
        """Own and other address of each connection, by its file descriptor."""

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = super().register(fileobj, events, data)
        if os.isatty(key.fd):
            self._terminals.add(key.fd)
        if ends := _ends_of(key.fd):
            self._ends[key.fd] = ends
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        key = super().unregister(fileobj)
        self._ends.pop(key.fd, None)
        self._terminals.discard(key.fd)
        return key

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None or timeout <= 0:
            self._let_pass(0)
            return super().select(timeout)
        ready = super().select(min(timeout, _SOCKET_SECONDS)) or self._from_terminals()
        for _ in range(_MOST_LOOKS):
            if ready:
                break
            under_way = self._is_under_way()
            ready = super().select(_SOCKET_SECONDS if under_way else 0)
            if not under_way:  # what had arrived before it was asked is ready now
                break
        if ready or self._let_pass(timeout):
            return ready
        return super().select(timeout)

    def _from_terminals(self) -> Any:
        """Return what pseudo-terminals have; the kernel hands it over late, and at once to a poll.

        A thread of the kernel does it otherwise, which a busy machine runs later (n_tty_poll).
        """
        if not self._terminals:
            return []
        poll = select.poll()
        for descriptor in self._terminals:
            poll.register(descriptor, select.POLLIN)
        return super().select(0) if poll.poll(0) else []

    def _is_under_way(self) -> bool:
        """Return whether the kernel still has bytes from one of these connections to another."""
        by_ends = {ends: fd for fd, ends in self._ends.items()}
        pairs = ((fd, by_ends.get((there, here))) for fd, (here, there) in self._ends.items())
        return any(other is not None and _given(fd) > _received(other) for fd, other in pairs)


def _ends_of(fd: int) -> tuple[Any, Any] | None:
    """Return both addresses of a TCP connection; None for anything else."""
    try:
        connection = socket.socket(fileno=fd)
    except OSError:
        return None
    try:
        is_tcp = connection.family in (socket.AF_INET, socket.AF_INET6) and _CAN_COUNT
        return (connection.getsockname(), connection.getpeername()) if is_tcp else None
    except OSError:  # it listens, or is not yet connected
        return None
    finally:
        connection.detach()


def _given(fd: int) -> int:
    """Return how many bytes the kernel was given to send."""
    return _counted(fd, _WAITING) + _counted(fd, _SENT) - _counted(fd, _SENT_AGAIN)


def _received(fd: int) -> int:
    return _counted(fd, _RECEIVED)


def _counted(fd: int, where: slice) -> int:
    connection = socket.socket(fileno=fd)
    try:
        facts = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _SENT_AGAIN.stop)
    finally:
        connection.detach()
    return int.from_bytes(facts[where], sys.byteorder)
