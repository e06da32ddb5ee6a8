"""A cancellation scope: when it is cut, every pending `hold` fails at once, with one error."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from hht.clock import SYSTEM_CLOCK, Clock
from hht.radio.errors import DongleError

T = TypeVar("T")


class CancelScope:
    """What is awaited through `hold` fails as soon as the scope is cut, and afterwards at once.

    `ended` is set by the cut and stays so: a dongle or a membership that has ended is not
    mended but replaced.
    """

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self.clock = clock
        self.ended = asyncio.Event()
        self._error: Callable[[], DongleError] | None = None
        self._pending: set[asyncio.Future[Any]] = set()
        self._branches: list[CancelScope] = []

    def branch(self) -> "CancelScope":
        """Make a scope that can be cut by itself, and is cut with the same error as this one."""
        branch = CancelScope(self.clock)
        self._branches = [other for other in self._branches if not other.ended.is_set()]
        self._branches.append(branch)
        return branch

    def cut(self, error: Callable[[], DongleError]) -> None:
        """End everything that waits with a fresh `error()`; only the first cut counts."""
        if self._error is not None:
            return
        self._error = error
        self.ended.set()
        for future in tuple(self._pending):
            future.cancel()
        for branch in self._branches:
            branch.cut(error)

    def check(self) -> None:
        """Raise the error of the cut, if there was one."""
        if self._error is not None:
            raise self._error()

    async def hold(self, awaitable: Awaitable[T], seconds: float | None = None) -> T:
        """Await for at most `seconds`; TimeoutError after them, the cut's error when cut."""
        future = asyncio.ensure_future(awaitable)
        if self._error is not None:
            future.cancel()
            raise self._error()
        self._pending.add(future)
        try:
            async with self.clock.timeout(seconds):
                return await future
        except asyncio.CancelledError:
            self._check_cut(future)
            raise
        finally:
            self._pending.discard(future)

    def _check_cut(self, future: asyncio.Future[T]) -> None:
        """Raise the cut's error if it cancelled `future`, and not somebody the whole caller."""
        task = asyncio.current_task()
        if future.cancelled() and task is not None and not task.cancelling():
            self.check()
