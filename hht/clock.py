"""The clock of the program: time of day, elapsed seconds and waiting; nothing else asks for them.

`SystemClock` is the machine's. `ScaledClock` runs faster or slower than it and can be paused, for
simulated premises. `ManualClock` moves only by its own methods, for tests.

asyncio is imported by the first wait: commands that only ask for the time start without it.
"""

import heapq
import itertools
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

if TYPE_CHECKING:
    import asyncio

_T = TypeVar("_T")

_TURNS = 50
"""Turns of the event loop between two moments of a ManualClock: tasks that wake each other run."""


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
        return BootMoment(_boot(), _since_boot())

    def now(self) -> datetime:
        """Return the time of day, aware, in UTC."""
        return datetime.fromtimestamp(self.time(), UTC)

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`."""
        await self.wait(_loop().create_future(), seconds)

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
        return _seconds()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return _loop().call_later(seconds, callback)


SYSTEM_CLOCK = SystemClock()


class _Call:
    """A pending call of a clock that keeps its own."""

    __slots__ = ("_callback", "due", "loop")

    def __init__(self, due: float, callback: Callable[[], None]) -> None:
        self.due = due
        self.loop = _loop()
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


class ScaledClock(Clock):
    """A clock of `speed` seconds to one of the machine's, on one event loop; 0 is paused.

    `start` is its time now (default: the machine's). What waits for 60 minutes or 18 hours waits
    on this clock, so that a class can live through them.
    """

    def __init__(self, speed: float = 1.0, start: datetime | None = None) -> None:
        self._speed = _checked(speed)
        self._start = start.timestamp() if start else time.time()
        self._elapsed = 0.0
        self._read_at = self._machine()
        self._calls: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()
        self._handle: Timer | None = None
        self.worst_delay = 0.0
        """Seconds of the machine by which the latest of all calls so far came late."""

    @classmethod
    def since(cls, started: datetime, speed: float) -> Self:
        """Make the clock that showed the machine's time at `started` and has run at `speed` since.

        All that are made so show the same time, in whichever process and however late.
        """
        passed = max(0.0, time.time() - started.timestamp())
        return cls(speed, started + timedelta(seconds=passed * speed))

    def time(self) -> float:
        return self._start + self.elapsed()

    def elapsed(self) -> float:
        return self._elapsed + (self._machine() - self._read_at) * self._speed

    @property
    def speed(self) -> float:
        """Seconds of this clock to one of the machine's."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        checked = _checked(speed)
        self._elapsed, self._read_at = self.elapsed(), self._machine()
        self._speed = checked
        self._arm()

    def boot_moment(self) -> BootMoment:
        """Return now on a clock that nobody sets: all that show the same premises agree on it."""
        return BootMoment(_boot(), self.time())

    def _machine(self) -> float:
        """Return the machine's seconds that count."""
        return _seconds()

    def advance(self, seconds: float) -> None:
        """Jump ahead; what falls due on the way is called at once, in its order."""
        self._elapsed += seconds
        self._arm()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        call = _Call(self.elapsed() + seconds, callback)
        heapq.heappush(self._calls, (call.due, next(self._order), call))
        if self._calls[0][2] is call:
            self._arm()
        return call

    def _arm(self) -> None:
        """Set the loop's one timer for the earliest call."""
        if self._handle:
            self._handle.cancel()
            self._handle = None
        if not self._calls:
            return
        left = max(0.0, self._calls[0][0] - self.elapsed())
        if self._speed or not left:
            delay = left / self._speed if left else 0.0
            self._handle = _loop().call_later(delay, self._call_due)

    def _call_due(self) -> None:
        try:
            while self._calls and self._calls[0][0] <= self.elapsed():
                due, _, call = heapq.heappop(self._calls)
                if self._speed:
                    late = (self.elapsed() - due) / self._speed
                    self.worst_delay = max(self.worst_delay, late)
                call.make()
        finally:
            self._arm()


class ManualClock(Clock):
    """A clock that moves only by `advance` or `run`; may serve several event loops at once."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)) -> None:
        self._offset = start.timestamp()
        self._elapsed = 0.0
        self._calls: list[tuple[float, int, _Call]] = []
        self._order = itertools.count()
        self._boots = itertools.count(1)
        self._boot = (next(self._boots), 0.0)

    def boot_moment(self) -> BootMoment:
        number, began = self._boot
        return BootMoment(f"boot {number}", self._elapsed - began)

    def reboot(self) -> None:
        """Start the machine again: what is counted since its start begins again."""
        self._boot = (next(self._boots), self._elapsed)

    def time(self) -> float:
        return self._offset + self._elapsed

    def elapsed(self) -> float:
        return self._elapsed

    def set(self, moment: datetime) -> None:
        """Set the time of day, back too; nothing that waits is moved by it."""
        self._offset = moment.timestamp() - self._elapsed

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        call = _Call(self._elapsed + max(0.0, seconds), callback)
        if seconds > 0:
            heapq.heappush(self._calls, (call.due, next(self._order), call))
        else:
            call.loop.call_soon(call.make)
        return call

    @property
    def waiting(self) -> list[float]:
        """In how many seconds each pending call is due, the earliest first."""
        calls = sorted(self._calls)
        return [due - self._elapsed for due, _, call in calls if call.is_pending]

    def advance(self, seconds: float) -> None:
        """Move on; what falls due is called, in its order, as soon as its event loop runs."""
        self._advance_to(self._elapsed + seconds)

    async def run(self, seconds: float) -> None:
        """Move on from one pending call to the next and let the tasks that they wake run."""
        end = self._elapsed + seconds
        await _let_tasks_run()
        while self._calls and self._calls[0][0] <= end:
            self._advance_to(self._calls[0][0])
            await _let_tasks_run()
        self._advance_to(end)

    def _advance_to(self, moment: float) -> None:
        self._elapsed = max(self._elapsed, moment)
        while self._calls and self._calls[0][0] <= self._elapsed:
            _, _, call = heapq.heappop(self._calls)
            if call.is_pending:
                call.loop.call_soon_threadsafe(call.make)


def _seconds() -> float:
    """Read the clock by which the running event loop times its calls; the machine's if none runs.

    What is measured and what is waited for are then of one clock, whatever loop it is.
    """
    if "asyncio" not in sys.modules:
        return time.monotonic()
    try:
        return _loop().time()
    except RuntimeError:
        return time.monotonic()


def _since_boot() -> float:
    """Return the seconds since the start; time asleep counts where the system counts it."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


def _boot() -> str:
    """Return the name of this run of the machine; empty where the system gives it none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _loop() -> "asyncio.AbstractEventLoop":
    import asyncio

    return asyncio.get_running_loop()


async def _let_tasks_run() -> None:
    import asyncio

    for _ in range(_TURNS):
        await asyncio.sleep(0)


def _checked(speed: float) -> float:
    if speed < 0:
        raise ValueError("a clock never runs backward: its speed is 0 or more")
    return speed
