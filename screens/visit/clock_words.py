"""A warning of a clock in words: how many minutes are left, or that it has run out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hht.texts import text

if TYPE_CHECKING:
    from hht.journeys.events import ClockWarning, TimeOfDaySet


def clock_words(warning: ClockWarning) -> str:
    """Say which clock is short, and for how long it still runs."""
    if not warning.minutes:
        return text(f"clock_warning.{warning.clock}_over")
    return text(f"clock_warning.{warning.clock}", count=warning.minutes)


def time_set_words(event: TimeOfDaySet) -> str:
    """Say by how much the handheld's clock was set, and that the visit's clocks are right."""
    from hht.journeys.link.time_of_day import length

    way = text("clock_set.forward" if event.seconds > 0 else "clock_set.back")
    return text("clock_set.said", way=way, by=length(timedelta(seconds=event.seconds)))


def apart_words(apart: timedelta) -> str:
    """Say how far the handheld's clock is from the Devices'."""
    from hht.journeys.link.time_of_day import length

    way = "ahead" if apart > timedelta() else "behind"
    return text(f"status.clock_{way}", by=length(apart))
