"""How the state of a Local Command looks: sign, word and colour, never colour alone."""

from collections.abc import Sequence

from textual.content import Content

from hht.store import CommandState

LOOKS = {
    CommandState.WAITING: ("○", "waiting", "$text-muted"),
    CommandState.SENDING: ("▶", "sending", "$primary"),
    CommandState.DELIVERED: ("◐", "delivered", "$primary"),
    CommandState.ANSWERED: ("✓", "answered", "$success"),
    CommandState.REFUSED: ("✗", "refused", "$error"),
    CommandState.UNKNOWN: ("?", "unknown", "$warning"),
    CommandState.SKIPPED: ("–", "skipped", "$text-muted"),
}


def state_text(state: CommandState) -> Content:
    """A state's sign and word: `✓ answered`."""
    sign, word, style = LOOKS[state]
    return Content.styled(f"{sign} {word}", f"bold {style}")


def state_bar(states: Sequence[CommandState], width: int) -> Content:
    """One sign for each command, in order; a picture of the whole plan on one line."""
    signs = Content("").join(
        Content.styled(sign, style) for sign, _, style in (LOOKS[state] for state in states)
    )
    return signs.truncate(width, ellipsis=True)
