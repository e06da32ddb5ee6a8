"""The small language of assets/tables that names what a COSEM value is made of.

`{a, b}` is a structure, `[a]` an array of a, either may have a name before it; `name:form` is one
value shown as `form` says (hht/gbcs/meaning/forms.py).
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*([{}\[\],:]|[^{}\[\],:]+)")
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Layout:
    """One value: its name and form; `members` of a structure, or `each` element of an array."""

    name: str = ""
    form: str = ""
    members: "tuple[Layout, ...]" = ()
    each: "Layout | None" = None


PLAIN = Layout()


def read_layout(text: str, name: str = "") -> Layout:
    """Read a layout; a text that is one word is the form of a plain value."""
    if not text.startswith(("{", "[")) and ":" not in text and "{" not in text and "[" not in text:
        return Layout(name, text)
    layout, _ = _item([found.strip() for found in _TOKEN.findall(text)], 0)
    return Layout(layout.name or name, layout.form, layout.members, layout.each)


def _item(tokens: list[str], at: int) -> tuple[Layout, int]:
    name = ""
    if tokens[at] not in _CLOSING:
        name, at = tokens[at], at + 1
    following = tokens[at] if at < len(tokens) else ""
    if following == ":":
        return Layout(name, tokens[at + 1]), at + 2
    if following not in _CLOSING:
        return Layout(name), at
    inner, at = _items(tokens, at + 1, _CLOSING[following])
    if following == "[":
        return Layout(name, each=inner[0]), at
    return Layout(name, members=tuple(inner)), at


def _items(tokens: list[str], at: int, closing: str) -> tuple[list[Layout], int]:
    items = []
    while True:
        item, at = _item(tokens, at)
        items.append(item)
        if tokens[at] == closing:
            return items, at + 1
        at += 1
