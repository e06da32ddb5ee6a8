"""A warning of a clock in words: how many minutes are left, or that it has run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.catalogue import text

if TYPE_CHECKING:
    from hht.journeys.events import ClockWarning


def clock_words(warning: ClockWarning) -> str:
    """Say which clock is short, and for how long it still runs."""
    if not warning.minutes:
        return text(f"clock_warning.{warning.clock}_over")
    return text(f"clock_warning.{warning.clock}", count=warning.minutes)
