"""When the hub got its power, how sure that is, and what the window's clock makes of it."""

from datetime import datetime, timedelta
from enum import StrEnum

from hht.journeys.connect import WindowCertainty


class PowerCertainty(StrEnum):
    """How anybody knows when the hub got its power; words of the question power_certainty."""

    SEEN = "seen"  # the engineer switched it on, or saw its lights come up
    TOLD = "told"  # somebody else says so
    ASSUMED = "assumed"  # reckoned, for instance from the beginning of the visit
    UNKNOWN = "unknown"


_WINDOW = {
    PowerCertainty.SEEN: WindowCertainty.KNOWN,
    PowerCertainty.TOLD: WindowCertainty.ABOUT,
    PowerCertainty.ASSUMED: WindowCertainty.ABOUT,
    PowerCertainty.UNKNOWN: WindowCertainty.UNKNOWN,
}


def window_certainty(certainty: PowerCertainty) -> WindowCertainty:
    """Return how sure the inter-PAN window's clock is."""
    return _WINDOW[certainty]


def as_answer(moment: datetime) -> str:
    """Return the time as SR 8.14 writes it: UTC, in whole seconds."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def minutes_before(now: datetime, minutes: float) -> datetime:
    """Return the moment so many minutes ago; nothing is in the future."""
    return now - timedelta(minutes=max(0, minutes))
