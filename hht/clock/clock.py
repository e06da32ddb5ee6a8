"""The clock that whatever waits, measures or dates receives, and the one of this machine."""

import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeVar

from hht.clock.machine import boot_name, machine_seconds, running_loop, since_boot

if TYPE_CHECKING:
    import asyncio

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class BootMoment:
    """A moment that setting the time of day does not move: seconds since the start of `boot`."""

    boot: str
    seconds: float


class Timer(Protocol):
    """A call that is still to be made; `cancel` prevents it."""

    def cancel(self) -> None: ...


class Clock(ABC):
    """What everything that waits, measures or dates is given. Waits need a running event loop."""

    @abstractmethod
    def time(self) -> float:
        """Return the seconds since 1970-01-01 UTC; goes back when somebody sets the clock back."""

    @abstractmethod
    def elapsed(self) -> float:
        """Return the seconds since some moment in the past, for measuring; never goes back."""

    @abstractmethod
    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back in `seconds`, on the running event loop."""

    def boot_moment(self) -> BootMoment:
        """Return now, as counted since the machine was started, asleep or not."""
        return BootMoment(boot_name(), since_boot())

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`."""
        await self.wait(running_loop().create_future(), seconds)

    async def wait(self, future: "asyncio.Future[_T | None]", seconds: float) -> _T | None:
        """Return the result of `future`, or settle it with None when `seconds` have passed."""
        timer = self.call_later(seconds, lambda: None if future.done() else future.set_result(None))
        try:
            return await future
        finally:
            timer.cancel()

    @asynccontextmanager
    async def timeout(self, seconds: float | None) -> AsyncIterator[None]:
        """Cancel what runs inside after `seconds` and raise TimeoutError; None never does."""
        import asyncio

        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as scope:
            if seconds is None:
                yield
                return
            timer = self.call_later(seconds, lambda: scope.reschedule(loop.time()))
            try:
                yield
            finally:
                timer.cancel()


class SystemClock(Clock):
    """The machine's clock. `wall` is its time of day, where that is not to be the machine's."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall

    def time(self) -> float:
        return self._wall()

    def elapsed(self) -> float:
        return machine_seconds()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return running_loop().call_later(seconds, callback)


SYSTEM_CLOCK = SystemClock()


class Call:
    """A pending call of a clock that keeps its own."""

    __slots__ = ("_callback", "due", "loop")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.loop = running_loop()
        self._callback: Callable[[], None] | None = callback

    @property
    def is_pending(self) -> bool:
        return self._callback is not None

    def cancel(self) -> None:
        self._callback = None

    def make(self) -> None:
        callback, self._callback = self._callback, None
        if callback:
            callback()
