"""How a composed Command differs from the reference one: which headers, and which values in it."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.field import Field
from hht.gbcs.message import Message

_HEADERS = ("counter", "originator", "recipient", "message_code", "other_info")
_MOST = 2  # values that a line names


def command_difference(command: bytes, expected: bytes) -> str:
    """Return how a Command differs from the reference; empty if it does not.

    Its random signature, and so its MAC, excepted.
    """
    ours, theirs = Message.parse(command), Message.parse(expected)
    if ours.signed_part() == theirs.signed_part():
        same = bool(ours.signature) or ours.mac == theirs.mac
        return "" if same else "another MAC"
    named = [name for name in _HEADERS if getattr(ours, name) != getattr(theirs, name)]
    differences = [f"another {name.replace('_', ' ')}" for name in named]
    if ours.payload != theirs.payload:
        differences += _values(ours, theirs)
    return "; ".join(differences)


def _values(ours: Message, theirs: Message) -> list[str]:
    """Return the first values that differ, and how many more do."""
    pairs = zip_longest(_leaves(ours), _leaves(theirs), fillvalue=("", "nothing"))
    differences = [
        f"{name or other} is {mine}, the reference has {wanted}"
        for (name, mine), (other, wanted) in pairs
        if (name, mine) != (other, wanted)
    ]
    if not differences:
        return ["another payload, which reads the same"]
    more = len(differences) - _MOST
    return [*differences[:_MOST], *([f"{more} more values differ"] if more > 0 else [])]


def _leaves(message: Message) -> Iterator[tuple[str, str]]:
    for field in describe(message).fields:
        if field.name == "Payload":
            yield from _below(field.children)


def _below(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        if field.value:
            yield field.name, str(field.value)
        yield from _below(field.children)
