"""The training clock: virtual UTC time that can run faster than the wall, or jump."""

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar

_T = TypeVar("_T")


class Timer:
    """One pending call; `cancel()` makes it never happen."""

    __slots__ = ("_callback", "due")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self._callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self._callback = None

    def fire(self) -> None:
        callback, self._callback = self._callback, None
        if callback:
            callback()


class Clock:
    """Virtual time, `speed` virtual seconds to a wall second, on the running asyncio loop.

    `start` is the virtual time now (default: the wall's). Whatever waits for 60 minutes or
    18 hours waits on this clock, so that a class or a test can live through them.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        if speed <= 0:
            raise ValueError("a clock runs forward: its speed is more than 0")
        self._speed = speed
        self._virtual = start.timestamp() if start else time.time()
        self._wall = time.monotonic()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._handle: asyncio.TimerHandle | None = None
        self.worst_delay = 0.0
        """Wall seconds by which the latest of all calls so far came late."""

    @classmethod
    def since(cls, started: datetime, speed: float) -> Self:
        """The clock that showed the wall's time when it `started`, and has run at `speed` since.

        Whoever makes it, in whichever process and however late, has the same time.
        """
        passed = max(0.0, time.time() - started.timestamp())
        return cls(speed, started + timedelta(seconds=passed * speed))

    def time(self) -> float:
        """Virtual seconds since 1970-01-01 UTC."""
        return self._virtual + (time.monotonic() - self._wall) * self._speed

    def now(self) -> datetime:
        """The virtual time, aware, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    @property
    def speed(self) -> float:
        """Virtual seconds to one second of the wall."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        if speed <= 0:
            raise ValueError("a clock runs forward: its speed is more than 0")
        self._virtual, self._wall = self.time(), time.monotonic()
        self._speed = speed
        self._arm()

    def advance(self, seconds: float) -> None:
        """Jump ahead; what falls due on the way happens at once, in its order."""
        self._virtual += seconds
        self._arm()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back in `seconds` of virtual time."""
        timer = Timer(self.time() + seconds, callback)
        heapq.heappush(self._timers, (timer.due, next(self._order), timer))
        if self._timers[0][2] is timer:
            self._arm()
        return timer

    async def wait(self, future: "asyncio.Future[_T | None]", seconds: float) -> _T | None:
        """What `future` brings; None, and it is settled so, when `seconds` pass without it."""
        timer = self.call_later(seconds, lambda: None if future.done() else future.set_result(None))
        try:
            return await future
        finally:
            timer.cancel()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of virtual time."""
        nothing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self.wait(nothing, seconds)

    def _arm(self) -> None:
        """Set the loop's one timer for the earliest of ours."""
        if self._handle:
            self._handle.cancel()
            self._handle = None
        if self._timers:
            delay = (self._timers[0][0] - self.time()) / self._speed
            loop = asyncio.get_running_loop()
            self._handle = loop.call_later(max(0.0, delay), self._fire)

    def _fire(self) -> None:
        try:
            while self._timers and self._timers[0][0] <= self.time():
                due, _, timer = heapq.heappop(self._timers)
                self.worst_delay = max(self.worst_delay, (self.time() - due) / self._speed)
                timer.fire()
        finally:
            self._arm()
