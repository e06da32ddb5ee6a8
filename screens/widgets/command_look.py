"""How the state of a Local Command looks: sign, word and colour, never colour alone."""

from collections.abc import Sequence

from textual.content import Content

from hht.store import CommandState
from screens.catalogue import text

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


def state_word(state: CommandState) -> str:
    return text(f"look.{state}")


def state_bar(states: Sequence[CommandState], width: int) -> Content:
    """Return one sign for each command, in order; a picture of the whole plan on one line."""
    signs = Content("").join(Content.styled(*LOOKS[state]) for state in states)
    return signs.truncate(width, ellipsis=True)
