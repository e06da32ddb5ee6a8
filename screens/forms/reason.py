"""The question why something is skipped: usual reasons to choose from, or one that is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from textual.screen import Screen

from hht.texts import text
from screens.forms.form import Choice, FormScreen

OTHER = "other"


class Asking(Protocol):
    """The app, as far as forms need it."""

    def ask(self, form: Screen[Any], answered: Callable[[Any], None]) -> None:
        """Put up a form; `answered` has what was chosen."""


def ask_reason(
    app: Asking, texts: str, reasons: Sequence[str], give: Callable[[str], object]
) -> None:
    """Ask why, in the words of the section `texts`; `give` has the reason, Esc gives none."""

    def chosen(reason: str | None) -> None:
        if reason == OTHER:
            from screens.forms.typed import TypedScreen

            app.ask(TypedScreen(text("skip.which")), typed)
        elif reason:
            give(text(f"{texts}.{reason}"))

    def typed(reason: str | None) -> None:
        if reason:
            give(reason)

    app.ask(_form(texts, reasons), chosen)


def _form(texts: str, reasons: Sequence[str]) -> FormScreen:
    """Put the harmless answer first, a reason of one's own last."""
    choices = [
        Choice("", text(f"{texts}.back")),
        *(Choice(each, text(f"{texts}.{each}")) for each in reasons),
        Choice(OTHER, text("skip.other")),
    ]
    return FormScreen(text(f"{texts}.title"), text(f"{texts}.body"), choices)
