"""Pauses of an exercise: kept in its run's folder, followed by every clock of hub and handheld.

No process is informed: a clock looks into the file whenever it is read, and what waits on it waits
on. So a pause costs no second of any window, whichever process counts it.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from hht.clock import SYSTEM_CLOCK, BootMoment, Clock, ScaledClock, SystemClock, Timer
from hht.files import write_whole

PAUSE_FILE = "pause.json"
LOOK_SECONDS = 0.25
"""Between two looks of what waits in a pause: as soon as anybody notices that it is over."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the file holds: seconds of the pauses that are over, and since when there is one.

    `since` are seconds of the machine's `boot`, `at` the time of day; None where none is on.
    """

    total: float = 0.0
    since: float | None = None
    at: float = 0.0
    boot: str = ""

    def until(self, clock: Clock) -> float:
        """Return all seconds until now.

        Over a restart of the machine only the time of day counts.
        """
        if self.since is None:
            return self.total
        same = self.boot == clock.boot_moment().boot
        passed = clock.elapsed() - self.since if same else clock.time() - self.at
        return self.total + max(0.0, passed)


_NONE = _Kept()


class Pauses:
    """The pauses of the run in a folder; `clock` is the machine's."""

    def __init__(self, run_dir: Path, clock: Clock = SYSTEM_CLOCK) -> None:
        self._path = run_dir / PAUSE_FILE
        self._clock = clock
        self._known: tuple[int, int] | None = None
        self._kept = _NONE

    @property
    def is_on(self) -> bool:
        """Whether the exercise is paused now."""
        return self._read().since is not None

    @property
    def total(self) -> float:
        """The machine's seconds of all pauses until now, the one that is on included."""
        return self._read().until(self._clock)

    def begin(self) -> bool:
        """Pause; False where it is paused already."""
        kept = self._read()
        if kept.since is not None:
            return False
        clock = self._clock
        self._write(_Kept(kept.total, clock.elapsed(), clock.time(), clock.boot_moment().boot))
        return True

    def end(self) -> bool:
        """Go on; False where it is not paused."""
        kept = self._read()
        if kept.since is None:
            return False
        self._write(_Kept(kept.until(self._clock)))
        return True

    def _write(self, kept: _Kept) -> None:
        write_whole(self._path, json.dumps(asdict(kept)).encode())

    def _read(self) -> _Kept:
        """Read the file where it is another than before."""
        try:
            found = os.stat(self._path)
        except OSError:
            self._known, self._kept = None, _NONE
            return _NONE
        mark = (found.st_mtime_ns, found.st_ino)
        if mark != self._known:
            self._known, self._kept = mark, _read(self._path)
        return self._kept


def _read(path: Path) -> _Kept:
    try:
        row = json.loads(path.read_bytes())
        since = None if row["since"] is None else float(row["since"])
        kept = _Kept(float(row["total"]), since, float(row["at"]), str(row["boot"]))
    except (OSError, ValueError, TypeError, KeyError):  # this module alone writes it
        return _NONE
    return kept if kept.total >= 0 else _NONE


def pause(run_dir: Path) -> bool:
    """Pause the exercise in this folder for all who play it; False where it is paused already."""
    return Pauses(run_dir).begin()


def resume(run_dir: Path) -> bool:
    """Let the exercise in this folder go on; False where it is not paused."""
    return Pauses(run_dir).end()


def is_paused(run_dir: Path) -> bool:
    """Return whether the exercise in this folder is paused."""
    return Pauses(run_dir).is_on


class PremisesClock(ScaledClock):
    """The premises' clock of a run, which stops while the exercise is paused."""

    _pauses: Pauses | None = None

    @classmethod
    def of_run(cls, run_dir: Path, started: datetime, speed: float) -> Self:
        """Make the clock that has run at `speed` since `started`, but not in pauses."""
        pauses = Pauses(run_dir)
        passed = max(0.0, SYSTEM_CLOCK.time() - started.timestamp() - pauses.total)
        clock = cls(speed, started + timedelta(seconds=passed * speed))
        clock._pauses = pauses
        clock._read_at = clock._machine()
        return clock

    def _machine(self) -> float:
        return super()._machine() - (self._pauses.total if self._pauses else 0.0)

    def _arm(self) -> None:
        super()._arm()
        if self._handle and self._pauses and self._pauses.is_on:
            self._handle.cancel()
            self._handle = SYSTEM_CLOCK.call_later(LOOK_SECONDS, self._call_due)


class HandheldClock(SystemClock):
    """The handheld's clock in an exercise: the machine's, but that it stops in pauses.

    `wall` is the time of day at the premises. It may serve several event loops at once.
    """

    def __init__(
        self, wall: Callable[[], float] = SYSTEM_CLOCK.time, pauses: Pauses | None = None
    ) -> None:
        super().__init__(wall)
        self._is_premises = wall != SYSTEM_CLOCK.time
        self._pauses = pauses
        self._before = pauses.total if pauses else 0.0

    def follow(self, run_dir: Path) -> None:
        """Stop from now on while the exercise of this folder is paused."""
        self._pauses = Pauses(run_dir)
        self._before = self._pauses.total

    @property
    def is_paused(self) -> bool:
        return self._pauses is not None and self._pauses.is_on

    def boot_moment(self) -> BootMoment:
        """Return now as the premises count it, where theirs is the time of day.

        That clock cannot be set, and it may run ten times as fast as the machine's.
        """
        moment = super().boot_moment()
        return BootMoment(moment.boot, self.time()) if self._is_premises else moment

    def elapsed(self) -> float:
        paused = self._pauses.total - self._before if self._pauses else 0.0
        return super().elapsed() - paused

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return _Waiting(self, seconds, callback)


class _Waiting:
    """A call that is made when so many seconds have passed, pauses not counted."""

    __slots__ = ("_callback", "_clock", "_due", "_handle")

    def __init__(self, clock: HandheldClock, seconds: float, callback: Callable[[], None]) -> None:
        self._clock = clock
        self._callback = callback
        self._due = clock.elapsed() + seconds
        self._handle = self._arm(seconds)

    def cancel(self) -> None:
        self._handle.cancel()

    def _arm(self, seconds: float) -> Timer:
        wait = LOOK_SECONDS if self._clock.is_paused else seconds
        return SYSTEM_CLOCK.call_later(max(0.0, wait), self._wake)

    def _wake(self) -> None:
        left = self._due - self._clock.elapsed()
        if left > _EARLY or self._clock.is_paused:
            self._handle = self._arm(left)
        else:
            self._callback()


_EARLY = 0.001
"""An event loop wakes up to a tick of its clock early; that is no pause."""
