"""One line of the tree that explains a message, and what goes for hidden values."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the tree; `children` are the lines below it."""

    name: str
    value: str = ""
    children: "tuple[Field, ...]" = ()


def hidden(octets: bytes) -> str:
    """What is shown of an Install Code, key or PIN."""
    return f"{len(octets)} bytes, hidden" if octets else "empty"


def group(name: str, children: Sequence[Field], value: str = "") -> Field:
    """A line with lines below it."""
    return Field(name, value, tuple(children))
