"""A field for one line that is typed, pasted or scanned, with an end to what it holds."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input

from hht.texts import text

MOST_CHARACTERS = 4096
"""The longest path of Linux. Each key measures the whole line again: 60,000 characters take a
hundredth of a second a key, and text that is pasted key by key then keeps the app for minutes."""


class Field(Input):
    """A field of at most MOST_CHARACTERS, which says so."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, max_length=MOST_CHARACTERS, **named)

    def take(self, given: str) -> None:
        """Put this in place of what is there, all lines of it in one."""
        self.clear()
        self.insert_text_at_cursor(_in_one_line(given))

    def on_paste(self, event: events.Paste) -> None:
        """Put in every line of what was pasted: an Input takes the first alone."""
        event.prevent_default().stop()
        self.replace(_in_one_line(event.text), *self.selection)

    def restricted(self) -> None:
        """Say why what was typed or pasted is not there."""
        super().restricted()
        self.notify(text("field.full", most=f"{MOST_CHARACTERS:,}"), severity="warning")


def _in_one_line(given: str) -> str:
    return " ".join(given.splitlines())
