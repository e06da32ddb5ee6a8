"""Clocks that count down, each with how sure it is: `window ?`, `~47m`, `47m`, `CLOSED`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from textual.content import Content

from hht.clock import Clock
from hht.texts import text

HOUR = 3600  # seconds
MINUTE = 60  # seconds
WARN_SECONDS = 15 * MINUTE  # below this a clock is amber: time to finish joining, not to start over


class Certainty(StrEnum):
    """How much is known of a clock's beginning."""

    UNKNOWN = "unknown"  # it is not known when the hub was switched on
    ABOUT = "about"  # from the hub's first answer, or from what the engineer said
    KNOWN = "known"  # the hub was seen to come up
    CLOSED = "closed"  # the hub has shown that it is over


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the handheld's own clock, so that a corrected time of day moves nothing.

    `speed` is how many seconds of the premises pass in one of the handheld's; training sets it.
    """

    clock: Clock
    at: float
    speed: float = 1.0

    @classmethod
    def after(cls, clock: Clock, seconds: float | None, speed: float = 1.0) -> Deadline | None:
        """Return the moment `seconds` of the premises from now.

        None stays None: there is no clock.
        """
        return None if seconds is None else cls(clock, clock.elapsed() + seconds / speed, speed)

    @property
    def seconds_left(self) -> int:
        """Whole seconds of the premises until then, never below 0."""
        return max(0, int((self.at - self.clock.elapsed()) * self.speed + 0.5))


@dataclass(frozen=True, slots=True)
class Countdown:
    """A deadline and how sure it is; with neither there is no such clock."""

    deadline: Deadline | None = None
    certainty: Certainty = Certainty.UNKNOWN

    @property
    def seconds_left(self) -> int | None:
        """Whole seconds left; None where they are not known."""
        if self.certainty is Certainty.CLOSED:
            return 0
        return self.deadline.seconds_left if self.deadline else None

    @property
    def is_short(self) -> bool:
        """Whether it runs and has less than a quarter of an hour left."""
        left = self.seconds_left
        return left is not None and left < WARN_SECONDS


def took(seconds: float) -> str:
    """Return how long something took: `3 m 32 s`, `34 s`."""
    minutes, left = divmod(round(seconds), MINUTE)
    if not minutes:
        return text("took.seconds", seconds=left) if seconds >= 1 else text("took.less")
    return text("took.minutes", minutes=minutes, seconds=left)


def duration(seconds: int) -> str:
    """Return time left in one unit, as exact as it matters: `17h`, `47m`, `50s`."""
    if seconds >= HOUR:
        return f"{seconds // HOUR}h"
    if seconds >= MINUTE:
        return f"{seconds // MINUTE}m"
    return f"{seconds}s"


def clock_digits(seconds: int) -> str:
    """Write `59:59` below an hour, `17:59:59` above."""
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, MINUTE)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def countdown_text(countdown: Countdown) -> Content:
    """Write `?`, `~47m`, `47m` or `CLOSED`, in the colour of how urgent it is."""
    left = countdown.seconds_left
    if left is None:
        return Content.styled("?", "bold $warning")
    if not left:
        return Content.styled(text("status.closed"), "bold $error")
    about = "~" if countdown.certainty is Certainty.ABOUT else ""
    style = "bold $warning" if countdown.is_short else "bold"
    return Content.styled(f"{about}{duration(left)}", style)
