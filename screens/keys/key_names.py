"""Names of keys as they are printed on a keyboard, where letters are capitals."""

from __future__ import annotations

from textual.binding import Binding
from textual.events import Key

_NAMES = {
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "question_mark": "?",
    "slash": "/",
}


def key_name(binding: Binding) -> str:
    """Return how a binding's key is shown, such as "Ctrl+L"."""
    key = binding.key
    if binding.key_display:
        return binding.key_display
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    return key.upper() if len(key) == 1 else _NAMES.get(key, key.capitalize())


def small(key: Key) -> Key:
    """Make a capital letter the small one: the key line shows capitals, and Caps Lock may be on."""
    if len(key.key) > 1 or not key.key.isupper():
        return key
    lower = Key(key.key.lower(), (key.character or key.key).lower())
    lower.time = key.time
    return lower
