"""A queue that neither a timeout nor a lost dongle can take an item out of unseen."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from hht.radio.cancel_scope import CancelScope

T = TypeVar("T")
Wait = Callable[[Awaitable[object]], Awaitable[object]]


MOST_ITEMS = 512
"""A hub's messages have 1500 bytes, and are read as they come: no honest hub gets so far ahead."""


class Inbox(Generic[T]):
    """Items in order of arrival; what has arrived stays readable whatever happens later.

    Where `most` wait already, what comes is dropped and counted in `dropped`.
    """

    def __init__(self, most: int = MOST_ITEMS) -> None:
        self._items: deque[T] = deque()
        self._arrived = asyncio.Event()
        self._most = most
        self.dropped = 0

    def put(self, item: T) -> None:
        """Add an item; never blocks."""
        if len(self._items) >= self._most:
            self.dropped += 1
            return
        self._items.append(item)
        self._arrived.set()

    def clear(self) -> None:
        """Forget what has arrived so far."""
        self._items.clear()
        self._arrived.clear()

    def take_now(self) -> list[T]:
        """Return everything that has arrived, without waiting."""
        items = list(self._items)
        self.clear()
        return items

    async def take(self, wait: Wait) -> T:
        """Return the oldest item; waits through `wait`, which may raise and so end it."""
        while not self._items:
            self._arrived.clear()
            await wait(self._arrived.wait())
        return self._items.popleft()

    async def take_within(self, timeout: float | None, scope: CancelScope) -> T:
        """Return the oldest item; TimeoutError when none comes, or what ended the scope."""
        async with scope.clock.timeout(timeout):
            return await self.take(scope.hold)
