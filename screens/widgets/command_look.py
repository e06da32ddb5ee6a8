"""How the state of a Local Command looks: sign, word and colour, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from hht.store import CommandState
from hht.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hht.journeys.view import VisitView
    from hht.store import CommandRow
    from screens.service.lookups import TurnedOut

LOOKS = {
    CommandState.WAITING: ("○", "$text-muted"),
    CommandState.SENDING: ("▶", "$primary"),
    CommandState.DELIVERED: ("◐", "$primary"),
    CommandState.ANSWERED: ("✓", "$success"),
    CommandState.REFUSED: ("✗", "$error"),
    CommandState.UNKNOWN: ("?", "$warning"),
    CommandState.HEARD: ("◇", "$warning"),
    CommandState.SKIPPED: ("–", "$text-muted"),
}
NOT_JOINED = ("◐", "$warning")
"""Answered: the hub has the Device in its log, and it has not joined."""


def state_word(state: CommandState) -> str:
    return text(f"look.{state}")


def look_of(view: VisitView | TurnedOut, row: CommandRow) -> tuple[str, str]:
    """Return the sign and colour of a Local Command that was answered, as it has turned out."""
    if row.id in view.failed_later:
        return LOOKS[CommandState.REFUSED]
    return NOT_JOINED if row.id in view.not_joined else LOOKS[row.state]


def plan_bar(view: VisitView | TurnedOut, width: int) -> Content:
    """Return one sign for each command, in order; a picture of the whole plan on one line."""
    return sign_bar((look_of(view, row) for row in view.commands), width)


def sign_bar(looks: Iterable[tuple[str, str]], width: int) -> Content:
    """Return signs in their colours, cut at a width."""
    signs = Content("").join(Content.styled(*look) for look in looks)
    return signs.truncate(width, ellipsis=True)
