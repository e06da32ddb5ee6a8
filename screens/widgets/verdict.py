"""The four verdicts on a MAC or a signature, each with a sign and a word that cannot be misread."""

from textual.content import Content

# Only VALID has the good sign and colour: UNCHECKED says nothing about the message.
LOOKS = {
    "valid": ("✓", "valid", "$success"),
    "invalid": ("✗", "INVALID: do not trust this message", "$error"),
    "unchecked": ("?", "not checked: no key for it here", "$warning"),
    "absent": ("–", "absent", "$text-muted"),
}


def verdict_text(of: str, verdict: str) -> Content:
    """One verdict in words: `? Signature not checked: no key for it here`."""
    sign, words, style = LOOKS[verdict]
    return Content.styled(f"{sign} {of} {words}", f"bold {style}")
