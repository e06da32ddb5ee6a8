"""A letter O in place of a zero in a label: accepted where the check digits fit, else named."""

import re
from collections.abc import Iterable
from dataclasses import replace

from hht.label.digits import digits_in
from hht.label.kinds import Label

READ_AS_ZERO = "A letter O was read as a zero: the Install Code's check digits fit it"
_PERHAPS = "a letter O stands among the digits where a zero may be meant"
_GROUP = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX]|EUI|IC)?([0-9A-FOa-fo]+)(?![0-9A-Za-z])", re.IGNORECASE
)
"""Hexadecimal digits and letters O alone, with a prefix that scanners and makers glue to them."""

_WORDS = ("CODE", "OF", "DO")
_LONGEST_GROUP = 4
"""Digits are grouped in twos or fours; a longer group without a digit is a word."""


def with_zeros(plain: str) -> tuple[str, frozenset[int]]:
    """Return the text with zeros for the letters O among hexadecimal digits, and their places.

    As long.
    """
    places = frozenset(
        at
        for match in _GROUP.finditer(plain)
        if _is_group(match[1])
        for at in range(*match.span(1))
        if plain[at] in "Oo"
    )
    return "".join("0" if at in places else each for at, each in enumerate(plain)), places


def _is_group(text: str) -> bool:
    """Return whether letters are digits that are grouped, and no word."""
    short = len(text) <= _LONGEST_GROUP and text.isupper() and text not in _WORDS
    return short or any(each.isdecimal() for each in text)


def is_proven(label: Label, plain: str, zeros: Iterable[int]) -> bool:
    """Return whether check digits prove what was read with zeros at these places of `plain`.

    An Entity Identifier has none: one in which a zero was put is not proven.
    """
    if not label.install_code_ok or label.error:
        return False
    return label.entity_id is None or not set(zeros) & set(_places(plain, label.entity_id.hex()))


def _places(plain: str, digits: str) -> tuple[int, ...]:
    every = digits_in(plain, 0, len(plain))
    at = every.digits.lower().find(digits)
    return every.places[at : at + len(digits)] if at >= 0 else ()


def read_as_zero(label: Label) -> Label:
    """Return the label with a word about its letters O."""
    return replace(label, warning="; ".join(filter(None, (label.warning, READ_AS_ZERO))))


def named(label: Label) -> Label:
    """Return the unusable label with a word about its letters O; others stay as they are."""
    return replace(label, error=f"{label.error}; {_PERHAPS}") if label.error else label
