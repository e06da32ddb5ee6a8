"""The small language of assets/tables that names what a COSEM value is made of.

`{a, b}` is a structure, `{a}|{a, b}` one of several, `[a]` an array of a, either may have a name
before it; `name:form` is one value shown as `form` says (hht/gbcs/explain/value_formats.py);
`~name` is bookkeeping.
"""

import re
from dataclasses import dataclass, replace

_TOKEN = re.compile(r"\s*([{}\[\],:|]|[^{}\[\],:|]+)")
_OR = "|"
_CLOSING = {"{": "}", "[": "]"}
MINOR = "~"


@dataclass(frozen=True, slots=True)
class Layout:
    """One value: its name and form; `members` of a structure, or `each` element of an array."""

    name: str = ""
    form: str = ""
    members: "tuple[Layout, ...]" = ()
    each: "Layout | None" = None
    minor: bool = False
    alternatives: "tuple[Layout, ...]" = ()

    def fitting(self, size: int) -> "Layout":
        """Return this layout, or of its alternatives the first with as many members."""
        found = (each for each in self.alternatives if len(each.members) == size)
        return self if len(self.members) == size else next(found, self)


PLAIN = Layout()
CHARGE = "charge"
"""The form of a unit charge; `charge/day` of one that is for a day."""


def read_layout(text: str, name: str = "") -> Layout:
    """Read a layout; a text that is one word is the form of a plain value."""
    if not text.startswith(("{", "[")) and ":" not in text and "{" not in text and "[" not in text:
        return Layout(name, text.lstrip(MINOR), minor=text.startswith(MINOR))
    layout, _ = _choice([found.strip() for found in _TOKEN.findall(text)], 0)
    return replace(layout, name=layout.name or name)


def _choice(tokens: list[str], at: int) -> tuple[Layout, int]:
    """Return an item, with those it may be instead."""
    first, at = _item(tokens, at)
    others = []
    while at < len(tokens) and tokens[at] == _OR:
        other, at = _item(tokens, at + 1)
        others.append(other)
    return replace(first, alternatives=tuple(others)), at


def _item(tokens: list[str], at: int) -> tuple[Layout, int]:
    name = ""
    if tokens[at] not in _CLOSING:
        name, at = tokens[at], at + 1
    minor, name = name.startswith(MINOR), name.lstrip(MINOR)
    following = tokens[at] if at < len(tokens) else ""
    if following == ":":
        return Layout(name, tokens[at + 1], minor=minor), at + 2
    if following not in _CLOSING:
        return Layout(name, minor=minor), at
    inner, at = _items(tokens, at + 1, _CLOSING[following])
    if following == "[":
        return Layout(name, each=inner[0], minor=minor), at
    return Layout(name, members=tuple(inner), minor=minor), at


def _items(tokens: list[str], at: int, closing: str) -> tuple[list[Layout], int]:
    items = []
    while True:
        item, at = _choice(tokens, at)
        items.append(item)
        if tokens[at] == closing:
            return items, at + 1
        at += 1
