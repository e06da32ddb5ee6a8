"""A screen that goes away once, however often a key or a command of the palette comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete
from textual.screen import Screen

if TYPE_CHECKING:
    _Base = Screen[Any]
else:
    _Base = object


class DismissedOnce(_Base):
    """Before Textual's own screen among the bases; the second dismissal is none."""

    _is_dismissed = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close, once, and only while it is the screen on show."""
        if self._is_dismissed or not self.is_current:
            return AwaitComplete()
        self._is_dismissed = True
        return super().dismiss(result)
