"""What a value of a data file may be: annotations of a field's type, and the check against them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, get_args, get_origin


class Rule(Protocol):
    """What a value must keep to, beyond its type; str() says it in words."""

    def allows(self, value: Any) -> bool:
        """Return whether a value of the right type keeps to it."""


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number, both ends included."""

    least: int
    most: int

    def allows(self, value: Any) -> bool:
        return bool(self.least <= value <= self.most)

    def __str__(self) -> str:
        return f"a whole number from {self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Form:
    """Text that fits a pattern as a whole; `words` describe it."""

    pattern: str
    words: str

    def allows(self, value: Any) -> bool:
        return re.fullmatch(self.pattern, value) is not None

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Bits:
    """A mask of at least one of the bits in `within`."""

    within: int
    words: str

    def allows(self, value: Any) -> bool:
        return value > 0 and not value & ~self.within

    def __str__(self) -> str:
        return self.words


Byte = Annotated[int, Between(0, 0xFF)]
Word = Annotated[int, Between(0, 0xFFFF)]
Seconds = Annotated[int, Between(1, 86_400)]  # up to a day
Hours = Annotated[int, Between(1, 8_760)]  # up to a year
Line = Annotated[str, Form(r"[^\x00-\x1f\x7f-\x9f]{1,100}", "one line of 1 to 100 characters")]
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_OBIS = rf"{_OCTET}-{_OCTET}:{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}"
Obis = Annotated[str, Form(_OBIS, "an OBIS code such as 0-0:94.44.11.0")]


def allows(hint: Any, value: Any) -> bool:
    """Return whether the type, as get_type_hints gives it with its extras, allows the value.

    A whole number is no truth value, and the other way round.
    """
    if get_origin(hint) is Annotated:
        kind, *rules = get_args(hint)
        return allows(kind, value) and all(rule.allows(value) for rule in rules)
    kinds = get_args(hint)
    return any(allows(kind, value) for kind in kinds) if kinds else type(value) is hint


def in_words(hint: Any) -> str:
    """Say what the type allows, for the person who wrote another value."""
    if get_origin(hint) is Annotated:
        return " and ".join(map(str, get_args(hint)[1:]))
    if kinds := get_args(hint):
        return " or ".join(map(in_words, kinds))
    return _WORDS[hint]


_WORDS = {bool: "true or false", int: "a whole number", str: "text", type(None): '"none"'}


def shown(value: Any) -> str:
    """Show a wrong value, which may be anything, on one line and not at length."""
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def some(names: Sequence[str]) -> str:
    """Name the first few of many, on one line."""
    more = [f"{len(names) - _NAMED} more"] if len(names) > _NAMED else []
    first = [name if name.isprintable() else ascii(name) for name in names[:_NAMED]]
    return ", ".join(first + more)


_SHOWN = 40  # characters: a line of 80 still says what is allowed
_NAMED = 8  # as many as one looks through
