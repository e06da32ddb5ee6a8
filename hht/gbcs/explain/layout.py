"""The small language of assets/tables that names what a COSEM value is made of.

`{a, b}` is a structure, `[a]` an array of a, either may have a name before it; `name:form` is one
value shown as `form` says (hht/gbcs/explain/value_formats.py).
"""

import re
from dataclasses import dataclass
from functools import cache

from hht.tables import rows_of

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


def alert_layout(message_code: int) -> tuple[Layout, ...]:
    """Find the layouts of the values after a DLMS Alert's time stamp; none where unknown."""
    return _layouts().get(message_code, ())


@cache
def _layouts() -> dict[int, tuple[Layout, ...]]:
    rows = rows_of("alert_layouts.tsv")
    return {int(code, 16): read_layout(layout).members for code, layout in rows}
