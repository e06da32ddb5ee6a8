"""The pause: what a trainee sees while the trainer has stopped the exercise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from hht.clock import SYSTEM_CLOCK
from hht.texts import text
from screens.context import HhtContext
from screens.once import DismissedOnce
from screens.widgets.key_line import NoticeLine


class PausedScreen(DismissedOnce, ModalScreen[None]):
    """A screen over everything that swallows each key until the trainer lets the exercise go on."""

    OVER_LOCK = True
    HELP = "paused"
    DEFAULT_CSS = """
    PausedScreen { align: center middle; }
    PausedScreen NoticeLine { dock: bottom; }
    PausedScreen Static {
        width: 44; height: auto; padding: 1 2; text-align: center;
        border: round $warning; border-title-color: $warning; border-title-style: bold;
    }
    """

    def compose(self) -> ComposeResult:
        """Say what goes on, and that nothing is lost by it."""
        box = Static(text("paused.body"))
        box.border_title = text("paused.title")
        yield box
        yield NoticeLine()

    def on_key(self, event: events.Key) -> None:
        """Take the key: nothing is done in a pause."""
        event.stop()


async def watch_pause(app: App[Any], now: Callable[[], HhtContext]) -> None:
    """Show the pause while there is one, until the app ends; `now` gives the open mode's context.

    The machine's clock counts the looks: the exercise's own stops in a pause.
    """
    while True:
        await SYSTEM_CLOCK.sleep(now().pace.look_seconds)
        shown = [each for each in app.screen_stack if isinstance(each, PausedScreen)]
        is_paused = now().is_paused()
        if is_paused and not shown:
            app.push_screen(PausedScreen())
        elif shown and not is_paused:
            shown[-1].dismiss()  # nothing where another screen is over it: the next look does
