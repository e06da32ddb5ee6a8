"""Puts the entries of a log or table into a few words: how many, their days, the last, the sum.

A Command that asks for entries says for what period.
"""

from collections.abc import Iterable, Iterator
from itertools import compress

from hht.gbcs.explain.dates import figures, gives_a_date
from hht.gbcs.explain.field import Field, leaves
from hht.gbcs.explain.summary.values.piece import Piece, is_said, name_of
from hht.gbcs.explain.summary.values.series import figure_of, total
from hht.spans import EMPTY, Kind, Line, Span, joined, say

_LONGEST_LIST = 60
"""Characters of entries in a row; of longer ones the first is alone."""

_ENDS = {
    **dict.fromkeys(("from", "earliest", "start"), "from"),
    **dict.fromkeys(("to", "latest", "end"), "to"),
}
"""The names by which Commands ask for a period begin so."""

_EVENT, _LATEST = "event", "last: "
_SHORTEST_EVENT = len("8F58, Supply interrupted …")  # of which one knows what happened
_DATE, _MINUTE = len("2030-01-15"), len("2030-01-15 09:00")


def entries_in_words(number: Line, group: tuple[Field, ...]) -> Line:
    """Return how many entries there are, their days, and what the last or all of them say."""
    days = _days(group)
    said = _of_entries(group) if days else _varied(group)
    return Line.of(number, days, say(", {}", said) if said else EMPTY)


def with_less_of_last(words: Line, room: int) -> Line:
    """Return the words with as much of what the latest entry says as there is room for.

    Of an event its code and some words of its name at the least; else nothing of it.
    """
    texts = [span.text for span in words.spans]
    if words.size <= room or _LATEST not in texts:
        return words
    end = texts.index(_LATEST) - 1
    before = sum(map(len, texts[:-1]))
    if words.spans[-1].kind is Kind.CODE and room - before >= _SHORTEST_EVENT:
        return words
    return Line(words.spans[:end])


def _of_entries(group: tuple[Field, ...]) -> Line:
    """Return the sum where each entry is one amount, else what matters most in the latest."""
    contents = [[*_contents(entry)] for entry in group]
    if {len(content) for content in contents} == {1}:
        found = [figure for (only,) in contents if (figure := figure_of(only.value))]
        if len(found) == len(group) and (added := total(found)):
            return added
    dated = [(at.at, n) for n, each in enumerate(group) if (at := first_moment(each)) and at.at]
    latest = contents[max(dated)[1]] if dated else []
    pieces = [Piece(name_of(each), each.value) for each in latest]
    if not pieces:
        return EMPTY
    return Line.of(_LATEST, min(pieces, key=_matters).words.without(Kind.RAW))


def _matters(piece: Piece) -> tuple[bool, bool, int]:
    """Order what an entry says: an event first, then amounts and money."""
    is_event = piece.name.startswith(_EVENT) and piece.value.has(Kind.CODE)
    is_amount = piece.value.has(Kind.AMOUNT) or piece.value.has(Kind.MONEY)
    return (not is_event, not is_amount, piece.rank)


def _varied(group: tuple[Field, ...]) -> Line:
    """Return each entry by the values in which entries differ, where there is room for all."""
    rows = [[str(each.value.without(Kind.RAW)) for each in leaves(e.children)] for e in group]
    if len({len(row) for row in rows}) != 1:
        return EMPTY
    differing = [len(set(column)) > 1 for column in zip(*rows, strict=True)]
    texts = [" ".join(compress(row, differing)).strip() for row in rows]
    if not all(texts):
        return EMPTY
    text = ", ".join(texts)
    return Line.of(text if len(text) <= _LONGEST_LIST else f"first {texts[0]}")


def _contents(entry: Field) -> Iterator[Field]:
    """Yield what an entry says besides its time."""
    for child in leaves(entry.children):
        if is_said(child) and not child.value.has(Kind.MOMENT):
            yield child


def _days(group: tuple[Field, ...]) -> Line:
    """Return the first and the last moment of many alike, and how many have none."""
    moments = [found for field in group if (found := first_moment(field))]
    if len(moments) < 2:
        return EMPTY
    timeless = len(group) - len(moments)
    return Line.of(_span_of(moments), f" ({timeless} without a time)" if timeless else "")


def _span_of(moments: list[Span]) -> Line:
    first, last = (
        pick(moments, key=lambda span: (span.at is None, span.at, span.text)) for pick in (min, max)
    )
    if first.at == last.at:
        return say(", {}", first)
    if first.at and last.at and first.at.date() == last.at.date():
        return say(", {} to {}", _minute(first), _minute(last, clock_only=True))
    return say(", {} to {}", short_moment(first), short_moment(last))


def _minute(span: Span, *, clock_only: bool = False) -> Span:
    text = figures(span.at)[:_MINUTE] if span.at else span.text
    return span._replace(text=text[_DATE:].strip() if clock_only else text)


def short_moment(span: Span) -> Span:
    """Write a moment to the minute; the date alone, where the time is midnight."""
    if span.at and not (span.at.hour or span.at.minute):
        return span._replace(text=figures(span.at)[:_DATE])
    return _minute(span)


def first_moment(field: Field) -> Span | None:
    for span in field.value.spans:
        if span.kind is Kind.MOMENT and span.at:
            return span
    for child in filter(is_said, field.children):
        if found := first_moment(child):
            return found
    return None


def period_asked(fields: Iterable[Field]) -> Line:
    """Return `, from ... to ...` of what a Command asks for; nothing where it asks for all."""
    ends: dict[str, Span] = {}
    for field in _every(fields):
        end = _ENDS.get(field.name.partition(" ")[0])
        at = next((span for span in field.value.spans if _is_an_end(span)), None)
        if end and at:
            ends.setdefault(end, at)
    said = [say("{} {}", end, short_moment(ends[end])) for end in ("from", "to") if end in ends]
    return say(", {}", joined(" ", said)) if said else EMPTY


def _is_an_end(span: Span) -> bool:
    """Return whether it is a date, possible or not; an open end is none."""
    return span.kind is Kind.MOMENT and gives_a_date(span.text)


def _every(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.children)
