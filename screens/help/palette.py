"""The palette of actions, which ignores a key that comes before its list is laid out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual import events, work
from textual.command import CommandInput, CommandPalette
from textual.css.query import NoMatches
from textual.timer import Timer, TimerCallback

from screens.once import DismissedOnce

_GATHER: Any = getattr(CommandPalette._gather_commands, "__wrapped__")  # noqa: B009
"""Textual's own, without the worker around it."""

MOST_SEARCHED = 100  # characters: no action has as many


class Palette(DismissedOnce, CommandPalette):
    """Textual's palette, guarded against keys that come too early or twice."""

    def on_mount(self, event: events.Mount) -> None:
        """Search for no more than a few words: each key compares all of it with each action."""
        if self not in self.app.screen_stack:  # closed at once
            event.prevent_default()  # Textual looks for the screen below it
        for field in self.query(CommandInput):
            field.max_length = MOST_SEARCHED

    def _action_command_list(self, action: str) -> None:
        """Move in the list; before it is laid out Textual finds no line to move to."""
        with suppress(KeyError, IndexError):
            super()._action_command_list(action)

    def set_timer(self, delay: float, callback: TimerCallback | None = None, **named: Any) -> Timer:
        """Do nothing where the time is up after the palette was closed: its list is gone then."""

        def called() -> object:
            with suppress(NoMatches):
                return callback() if callback else None
            return None

        return super().set_timer(delay, called, **named)

    async def _watch__show_busy(self) -> None:
        """Show that it searches; what shows it is gone where the palette was closed at once."""
        with suppress(NoMatches):
            await super()._watch__show_busy()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        """Fill the list, which is gone already where the palette was closed at once."""
        with suppress(NoMatches):
            await _GATHER(self, search_value)
