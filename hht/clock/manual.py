"""A clock that moves only by its own methods: tests live hours with it in no time."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime

from hht.clock.clock import BootMoment, Call, Clock, Timer

_TURNS = 50
"""Turns of the event loop between two moments of a ManualClock: tasks that wake each other run."""


class ManualClock(Clock):
    """A clock that moves only by `advance` or `run`; may serve several event loops at once."""

    def __init__(self, start: datetime = datetime(2026, 11, 20, 9, tzinfo=UTC)) -> None:
        self._offset = start.timestamp()
        self._elapsed = 0.0
        self._calls: list[tuple[float, int, Call]] = []
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
        call = Call(self._elapsed + max(0.0, seconds), callback)
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


async def _let_tasks_run() -> None:
    import asyncio

    for _ in range(_TURNS):
        await asyncio.sleep(0)
