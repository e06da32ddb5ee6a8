"""Says for what period a Command asks."""

from collections.abc import Iterable, Iterator

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.entries import short_moment
from hht.spans import EMPTY, Kind, Line, Span, joined, say

_ENDS = {"from": "from", "earliest": "from", "to": "to", "latest": "to"}
"""The names by which Commands ask for a period begin so."""


def period_asked(fields: Iterable[Field]) -> Line:
    """Return `, from ... to ...` of what a Command asks for; nothing where it asks for all."""
    ends: dict[str, Span] = {}
    for field in _every(fields):
        end = _ENDS.get(field.name.partition(" ")[0])
        moments = (span for span in field.value.spans if span.kind is Kind.MOMENT and span.at)
        at = next(moments, None)
        if end and at:
            ends.setdefault(end, at)
    said = [say("{} {}", end, short_moment(ends[end])) for end in ("from", "to") if end in ends]
    return say(", {}", joined(" ", said)) if said else EMPTY


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.children)
