"""The visit's clocks, watched: window and membership before they run out, the handheld's own."""

from dataclasses import dataclass, field
from datetime import datetime

from hht.journeys.connect import Connect
from hht.journeys.events import ClockWarning
from hht.journeys.install.install_journey import InstallJourney
from hht.journeys.journal import Journal
from hht.journeys.premises.devices import Premises

MARKS = (15, 5, 1, 0)
"""Minutes before the end at which it is said; 0 is the end itself."""
_MINUTE = 60  # seconds
WINDOW, MEMBERSHIP = "window", "membership"
_REMEDIES = {
    WINDOW: "Connect to the hub now; once it is closed, switch the hub off and on.",
    MEMBERSHIP: "Deliver what is left now; after it the hub must be switched off and on.",
}


@dataclass
class ClockWatch:
    """What was said already; a clock that begins again is watched again."""

    _said: dict[tuple[str, datetime | None], int] = field(default_factory=dict)

    def due(self, journal: Journal, *, needs_hub: bool = True) -> list[ClockWarning]:
        """Return the warnings that are due now, of each clock the latest alone.

        The window's only while something is left that needs the hub.
        """
        connect = journal.connect
        warnings = []
        for clock, begun, left in _running(connect, journal):
            if clock == WINDOW and not needs_hub:
                continue
            mark = next((each for each in reversed(MARKS) if left <= each * _MINUTE), None)
            if mark is None or mark >= self._said.get((clock, begun), max(MARKS) + 1):
                continue
            self._said[clock, begun] = mark
            certainty = str(connect.window_certainty) if clock == WINDOW else "known"
            warnings.append(ClockWarning(clock, mark, left, certainty, _REMEDIES[clock]))
        return warnings


def _running(connect: Connect, journal: Journal) -> list[tuple[str, datetime | None, int]]:
    """Return the clock that matters now: the window until the hub has admitted the HHT, then the
    other."""
    left = journal.residency_seconds_left()
    if left is not None:
        return [(MEMBERSHIP, connect.admitted_at, left)]
    left = journal.window_seconds_left()
    return [] if left is None else [(WINDOW, connect.window_started, left)]


def follow_handheld(journal: Journal, premises: Premises, install: InstallJourney | None) -> bool:
    """Return whether the handheld's clock was set: then it is compared with the Devices' afresh."""
    by = journal.follow_time_of_day()
    if by:
        premises.forget_clocks()
        if install:
            install.time_of_day_set(by)
    return bool(by)
