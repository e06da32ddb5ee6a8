"""By how much somebody set the handheld's time of day while a visit's clocks ran."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from hht.clock import Clock
from hht.spans import counted

_STEP = timedelta(seconds=1)
"""Clocks show whole seconds, and one that is kept right by a network drifts by less in between."""
NOT_SET = timedelta()  # it was not set, or that cannot be known
WORTH_SAYING = timedelta(minutes=1)
"""Less is a network that keeps the clock right: an answer is not wrong by it."""
_MINUTE = ("minute", timedelta(minutes=1))
_UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)))


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """The time of day less what was counted since the machine's start: setting it changes this."""

    boot: str
    seconds: float

    @classmethod
    def of(cls, clock: Clock) -> Self:
        """Return its state now."""
        moment = clock.boot_moment()
        return cls(moment.boot, clock.time() - moment.seconds)

    def snapshot(self) -> list[str]:
        """Give it as texts, for the store."""
        return [self.boot, repr(self.seconds)]

    @classmethod
    def restore(cls, kept: Sequence[str]) -> Self:
        """Return what `snapshot` wrote."""
        return cls(kept[0], float(kept[1]))

    def set_by(self, later: Self) -> timedelta:
        """Return by how much it was set until `later`; nothing over a restart, which hides it."""
        by = timedelta(seconds=later.seconds - self.seconds)
        is_known = bool(self.boot) and self.boot == later.boot
        return by if is_known and abs(by) >= _STEP else NOT_SET


def length(time: timedelta) -> str:
    """Write how long, in the largest unit of which there are two: `12 minutes`, `3 hours`."""
    name, unit = next((each for each in _UNITS if abs(time) >= 2 * each[1]), _MINUTE)
    return counted(round(abs(time) / unit), name)
