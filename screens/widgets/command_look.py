"""How the state of a Local Command looks: sign, word and colour, never colour alone."""

from textual.content import Content

# By the values of hht.store's CommandState.
LOOKS = {
    "waiting": ("○", "waiting", "$text-muted"),
    "sending": ("▶", "sending", "$primary"),
    "delivered": ("◐", "delivered", "$primary"),
    "answered": ("✓", "answered", "$success"),
    "refused": ("✗", "refused", "$error"),
    "unknown": ("?", "unknown", "$warning"),
    "failed": ("!", "failed", "$error"),
    "skipped": ("–", "skipped", "$text-muted"),
}


def state_text(state: str) -> Content:
    """A state's sign and word: `✓ answered`."""
    sign, word, style = LOOKS[state]
    return Content.styled(f"{sign} {word}", f"bold {style}")


def state_bar(states: list[str], width: int) -> Content:
    """One sign for each command, in order; a picture of the whole plan on one line."""
    signs = Content("").join(
        Content.styled(sign, style) for sign, _, style in (LOOKS[state] for state in states)
    )
    return signs.truncate(width, ellipsis=True)
