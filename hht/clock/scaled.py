"""A clock that runs faster or slower than the machine's and can be paused: simulated premises'."""

import heapq
import itertools
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Self

from hht.clock.clock import BootMoment, Call, Clock, Timer
from hht.clock.machine import boot_name, machine_seconds, running_loop


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
        self._calls: list[tuple[float, int, Call]] = []
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
        """Return now on a clock that cannot be set: all that show the same premises agree on it."""
        return BootMoment(boot_name(), self.time())

    def _machine(self) -> float:
        """Return the machine's seconds that count."""
        return machine_seconds()

    def advance(self, seconds: float) -> None:
        """Jump ahead; what falls due on the way is called at once, in its order."""
        self._elapsed += seconds
        self._arm()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        call = Call(self.elapsed() + seconds, callback)
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
            self._handle = running_loop().call_later(delay, self._call_due)

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


def _checked(speed: float) -> float:
    if speed < 0:
        raise ValueError("a clock never runs backward: its speed is 0 or more")
    return speed
