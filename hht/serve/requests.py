"""What a browser may send over its socket: keys, the size of its window, a ping. Pure."""

import json
from dataclasses import dataclass

SMALLEST, LARGEST = (20, 10), (400, 150)
"""Columns and rows that are painted: below nothing can be read, above no screen has."""
USUAL = (80, 24)  # columns and rows of a terminal that says nothing of its size
MOST_BYTES = 65_536
"""The largest message from a browser: a paste of that size is longer than any message or label."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What was typed, pasted or clicked."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Size:
    """The window's columns and rows, within what can be painted."""

    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Ping:
    """A frame that asks for an answer with the same text."""

    text: str


@dataclass(frozen=True, slots=True)
class Focus:
    """The window has the keyboard now, or has lost it."""

    is_here: bool


Request = Keys | Size | Ping | Focus


def read_request(text: str) -> Request | None:
    """Read a message of the page; None where it is none of ours."""
    try:
        envelope = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match envelope:
        case ["stdin", str(typed)]:
            return Keys(typed.encode("utf-8", "ignore"))
        case ["resize", {"width": columns, "height": rows}]:
            return read_size(columns, rows)
        case ["ping", str(sent)]:
            return Ping(sent[:40])
        case ["focus"]:
            return Focus(True)
        case ["blur"]:
            return Focus(False)
    return None


def read_size(columns: object, rows: object) -> Size:
    """Return the size nearest to what was asked for; the usual one for what is no number."""
    return Size(
        *(
            max(least, min(most, _number(value, usual)))
            for value, least, most, usual in zip(
                (columns, rows), SMALLEST, LARGEST, USUAL, strict=True
            )
        )
    )


def _number(value: object, usual: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    return value if isinstance(value, int) and not isinstance(value, bool) else usual
