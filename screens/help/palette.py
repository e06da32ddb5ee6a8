"""The palette of actions, which ignores a key that comes before its list is laid out."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from textual import events, work
from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette
from textual.css.query import NoMatches
from textual.timer import Timer, TimerCallback
from textual.widgets.option_list import OptionDoesNotExist

from hht.texts import text
from screens.once import DismissedOnce
from screens.widgets.key_line import NoticeLine

_GATHER: Any = getattr(CommandPalette._gather_commands, "__wrapped__")  # noqa: B009
"""Textual's own, without the worker around it."""

MOST_SEARCHED = 100  # characters: no action has as many


class Palette(DismissedOnce, CommandPalette):
    """Textual's palette in our words and colours, guarded against keys too early or twice."""

    DEFAULT_CSS = """
    Palette {
        background: transparent;
    }
    Palette > Vertical {
        margin-top: 2;
    }
    Palette #--input {
        border: round $primary; border-bottom: none; background: $surface;
    }
    Palette #--input.--list-visible {
        border-bottom: none;
    }
    Palette NoticeLine {
        dock: bottom;
    }
    Palette SearchIcon {
        display: none;
    }
    Palette CommandInput, Palette CommandInput:focus {
        border: none; height: 1; padding: 0 1;
    }
    Palette CommandList {
        border: round $primary; border-top: none; background: $surface;
    }
    Palette CommandList > .option-list--option-highlighted {
        color: $cursor-text; background: $cursor;
    }
    """

    def __init__(self) -> None:
        super().__init__(placeholder=text("palette.search"))

    def compose(self) -> ComposeResult:
        """Yield what Textual has, and at the foot what the app has to say."""
        yield from super().compose()
        yield NoticeLine()

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
                done = callback() if callback else None
                self._say_none_found()
                return done
            return None

        return super().set_timer(delay, called, **named)

    def _say_none_found(self) -> None:
        """Say it in our words where Textual has just said it in its own."""
        with suppress(OptionDoesNotExist):
            found = self.query_one(CommandList)
            found.replace_option_prompt(self._NO_MATCHES, text("palette.none"))

    async def _watch__show_busy(self) -> None:
        """Show that it searches; what shows it is gone where the palette was closed at once."""
        with suppress(NoMatches):
            await super()._watch__show_busy()

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        """Fill the list, which is gone already where the palette was closed at once."""
        with suppress(NoMatches):
            await _GATHER(self, search_value)
