"""The one piece of work at the radio; it is the app's, so that leaving a screen stops nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from hht.clock import Clock
from hht.errors import HhtError
from hht.texts import text

if TYPE_CHECKING:
    from hht.journeys.view import VisitView

Make = Callable[[], Coroutine[Any, Any, object]]


class WorkKind(StrEnum):
    """What the radio is at."""

    SCAN = "scan"
    CONNECT = "connect"
    DELIVER = "deliver"
    SETTLE = "settle"
    LEAVE = "leave"
    SWITCH_HUB = "switch_hub"
    COLLECT = "collect"
    WATCH_HUB = "watch_hub"
    SURVEY = "survey"


LONG_SECONDS = 10.0
"""After which an engineer has looked away: what ends later, well or not, calls them."""
CAN_BE_CANCELLED = (WorkKind.SCAN, WorkKind.CONNECT, WorkKind.WATCH_HUB, WorkKind.SURVEY)
"""Kinds that end at once; a Local Command under way is waited for, so that none is in doubt."""


@dataclass(frozen=True, slots=True)
class Work:
    """What is under way since `started`, by the clock's elapsed seconds."""

    kind: WorkKind
    started: float
    stop_asked: bool = False


def work_words(work: Work, elapsed: float) -> str:
    """Say what is under way and for how long, at `elapsed` seconds of the clock."""
    from hht.session.discovery import SCAN_SECONDS

    seconds = int(elapsed - work.started)
    return text(f"work.{work.kind}", seconds=seconds, most=round(SCAN_SECONDS))


class Host(Protocol):
    """What runs the work: the app."""

    work: Work | None

    @property
    def view(self) -> VisitView | None:
        """The state of the visit."""

    def run_worker(self, work: Coroutine[Any, Any, None], *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def call_next(self, callback: Callable[[], object]) -> Any:
        """Call in the app's own turn, once what it does now is done."""


class RadioWork:
    """One piece of work at a time; a second one is refused. `call` calls the engineer."""

    def __init__(self, host: Host, clock: Clock, call: Callable[[], object]) -> None:
        self._host = host
        self._clock = clock
        self._call = call
        self._worker: Any = None
        self._then: Callable[[], object] | None = None

    def begin(
        self,
        kind: WorkKind,
        make: Make,
        *,
        then: Callable[[], object],
        failed: Callable[[HhtError], object],
    ) -> bool:
        """Begin, unless something is under way already; whether it was begun.

        `then` is called when it ended well, `failed` with what went wrong.
        """
        if self._host.work:
            return False
        self._host.work = Work(kind, self._clock.elapsed())
        self._worker = self._host.run_worker(self._run(make, then, failed), group="radio")
        return True

    def stop(self, then: Callable[[], object] | None = None) -> None:
        """Stop: a scan or a connection at once, a delivery after the Local Command under way.

        `then` is called once what can be stopped at once has ended by that.
        """
        work = self._host.work
        if work is None:
            return
        if work.kind in CAN_BE_CANCELLED:
            self._then = then
            self._worker.cancel()
        elif not work.stop_asked:
            self._host.work = replace(work, stop_asked=True)

    def is_on_the_han(self) -> bool:
        """Return whether something may arrive: also while the HHT connects, or leaves.

        A survey hears nothing that would be kept: behind a lock screen it may go on for hours.
        """
        view, work = self._host.view, self._host.work
        is_on_the_way = work is not None and work.kind is not WorkKind.SURVEY
        return is_on_the_way or bool(view and view.connected)

    @property
    def is_stopping(self) -> bool:
        """Whether the next Local Command is not to go."""
        return bool(self._host.work and self._host.work.stop_asked)

    async def _run(
        self, make: Make, then: Callable[[], object], failed: Callable[[HhtError], object]
    ) -> None:
        try:
            await make()
        except HhtError as error:
            self._end()
            failed(error)
        except asyncio.CancelledError:
            self._host.work = None
            follows, self._then = self._then, None
            if follows is not None:
                self._host.call_next(follows)
            raise
        else:
            self._end()
            then()

    def _end(self) -> None:
        work, self._host.work = self._host.work, None
        if work and self._clock.elapsed() - work.started >= LONG_SECONDS:
            self._call()
