"""One line of the tree that explains a message."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hht.spans import EMPTY, Line, Part


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the tree; `children` are the lines below it.

    `minor` marks bookkeeping: identifiers, indexes, counts of what follows. `brief` is the name
    for a summary, where it is another than that of the tree.
    """

    name: str
    value: Line = EMPTY
    children: "tuple[Field, ...]" = ()
    minor: bool = False
    brief: str | None = None


def leaf(name: str, *parts: Part, minor: bool = False) -> Field:
    """Return a line without lines below it."""
    return Field(name, Line.of(*parts), minor=minor)


def group(name: str, children: Sequence[Field], value: Part = "") -> Field:
    """Return a line with lines below it."""
    return Field(name, Line.of(value), tuple(children))


def leaves(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield the lines that say something and have nothing below them, bookkeeping left out."""
    for field in fields:
        if field.minor:
            continue
        if field.children:
            yield from leaves(field.children)
        elif field.value:
            yield field
