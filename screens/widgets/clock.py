"""Clocks that count down: the hub's inter-PAN window and the HHT's stay on the HAN."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from hht.clock import SYSTEM_CLOCK, Clock

HOUR = 3600
WARN_SECONDS = 600  # ten minutes: enough to finish joining, not to start over


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment in elapsed seconds of `clock`, so that a corrected time of day moves nothing.

    `speed` is how many seconds of the premises pass in one, which training may choose.
    """

    at: float
    speed: float = 1.0
    clock: Clock = SYSTEM_CLOCK

    @classmethod
    def after(
        cls, seconds: float | None, speed: float = 1.0, clock: Clock = SYSTEM_CLOCK
    ) -> Deadline | None:
        """The moment `seconds` from now; None stays None: there is no such clock."""
        return None if seconds is None else cls(clock.elapsed() + seconds / speed, speed, clock)

    @property
    def seconds_left(self) -> int:
        """Whole seconds until then, never below 0."""
        return max(0, int((self.at - self.clock.elapsed()) * self.speed + 0.5))


def clock_digits(seconds: int) -> str:
    """`59:59` below an hour, `17:59:59` above."""
    hours, rest = divmod(seconds, HOUR)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def clock_text(label: str, deadline: Deadline | None, *, ended: str) -> Content:
    """The clock with its name, and a word of its own when it is nearly or quite over."""
    if deadline is None:
        return Content.styled(f"{label} --:--", "$text-muted")
    left = deadline.seconds_left
    if not left:
        return Content.styled(f"{label} ✗ {ended}", "bold $error")
    if left < WARN_SECONDS:
        return Content.styled(f"{label} ! {clock_digits(left)}", "bold $warning")
    return Content.assemble((f"{label} ", "$text-muted"), (clock_digits(left), "bold"))
