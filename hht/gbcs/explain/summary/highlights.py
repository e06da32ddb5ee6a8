"""The values that a line has room for: readings first, logs by their length and their days."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from hht.gbcs.explain.bounds import CUT, cut
from hht.gbcs.explain.dates import figures
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import small
from hht.spans import EMPTY, Kind, Line, Span, count, joined, say

_LONGEST_LIST = 60
"""Characters of values in a row; where they are more, the line says how many there are."""

_SHORTEST_TEXT = 40
"""Characters of a name and a text, of which some words can be read."""

_FEW = 3  # as many as can be listed before a count says more
_DATE, _MINUTE = len("2030-01-15"), len("2030-01-15 09:00")
_ORDER = ((Kind.MONEY, Kind.QUOTE), (Kind.AMOUNT, Kind.CODE))
"""What matters most: money and texts, then other amounts and codes, then all else."""

_SAID_ELSEWHERE = (
    "Alert Code",
    "Date Time",
    "Object",
    "Selection",
    "status",
    "start time",
    "implementation time",
    "site id time",
    "to be carried out",
)
_ACTIVATION = "activation time"


class Piece(NamedTuple):
    """One value with its name."""

    name: str
    value: Line

    @property
    def words(self) -> Line:
        """`name amount`; with a colon after a name that ends in a figure or `value`, or is long."""
        if not self.name:
            return self.value
        is_long = self.name.endswith((*"0123456789", " value")) or ", " in self.name
        return say("{}{}{}", self.name, ": " if is_long else " ", self.value)

    @property
    def rank(self) -> int:
        """How much it matters: 0 most."""
        if str(self.value).isdigit():
            return len(_ORDER)
        for rank, kinds in enumerate(_ORDER):
            if any(self.value.has(kind) for kind in kinds):
                return rank
        return len(_ORDER)


def highlights(fields: tuple[Field, ...], room: int) -> Line:
    """Return as many of the values as there is room for, and how many there are besides.

    A single value needs no name: the sentence has it.
    """
    said = sorted(_pieces(fields), key=lambda piece: piece.rank)
    if len(said) == 1:
        alone = cut(said[0].value.without(Kind.RAW), room)
        return alone if str(alone) != CUT else EMPTY
    pieces = {piece.words.without(Kind.RAW): piece.rank for piece in said}
    taken = _that_fit(pieces, room)
    more = len(pieces) - len(taken)
    if not taken:
        return EMPTY
    return Line.of(joined("; ", taken), f"; {more} more" if more else "")


def _that_fit(pieces: Mapping[Line, int], room: int) -> list[Line]:
    """Return the first ones with room, by rank.

    Of what matters least none, where better is left out.

    A text that comes first is there at least with its beginning.
    """
    taken: list[Line] = []
    used, best_left_out = 0, len(_ORDER)
    for piece, rank in pieces.items():
        rest = len(pieces) - len(taken) - 1
        room_here = room - used - len("; ") - (len(f"{rest} more") if rest else 0)
        if rank == len(_ORDER) and rank > best_left_out:
            break
        if not used and piece.has(Kind.QUOTE) and room_here > _SHORTEST_TEXT:
            piece = cut(piece, room_here)
        size = piece.size + len("; ")
        if piece.size <= room_here:
            used += size
            taken.append(piece)
        else:
            best_left_out = min(best_left_out, rank)
    return taken


def _pieces(fields: Iterable[Field], within: str = "") -> Iterator[Piece]:
    """Yield one piece for each value.

    For many alike, one for all of them, under the name `within`.
    """
    said = [field for field in fields if _is_said(field)]
    for name, alike in groupby(said, key=_bare):
        group = tuple(alike)
        inner = [_inner(field) for field in group]
        if _are_entries(group):
            yield _many(within or ("" if len(group) == len(said) else name), group)
        elif len(group) > _FEW and not any(inner):
            yield Piece(name, _short_list(group))
        else:
            for field in group:
                yield from _piece(field, alone=len(said) == 1)


def _are_entries(group: tuple[Field, ...]) -> bool:
    """Return whether they are entries of a log or a table: many alike, or each of a moment."""
    if len(group) < 2 or not all(map(_inner, group)) or any(map(_counts, group)):
        return False
    return len(group) > _FEW or all(map(_first_moment, group))


def _piece(field: Field, *, alone: bool) -> Iterator[Piece]:
    children = _inner(field)
    if _counts(field) and children:
        values = EMPTY if any(map(_inner, children)) else _list(children)
        if values and len(str(values)) <= _LONGEST_LIST:
            yield Piece(_name(field), values)
        elif len(children) > 1 or not alone:
            yield Piece(_name(field), Line.of(field.value, _days(children)))
        else:
            yield from _pieces(children, _bare(field))
    elif children:
        yield from _pieces(children, _bare(field))
    elif field.value and str(field.value) != "empty":
        yield Piece(_name(field), field.value)


def _counts(field: Field) -> bool:
    """Return whether its value is the number of the lines below it."""
    return field.value.has(Kind.COUNT)


def _inner(field: Field) -> tuple[Field, ...]:
    """Return the lines below a field, bookkeeping left out."""
    return tuple(child for child in field.children if not child.minor)


def _is_said(field: Field) -> bool:
    return not (field.minor or field.name in _SAID_ELSEWHERE or _ACTIVATION in _name(field))


def _name(field: Field) -> str:
    return small(field.name if field.brief is None else field.brief)


def _list(children: tuple[Field, ...]) -> Line:
    """List plain values: the first ones, and how many there are besides."""
    shown = children if len(children) <= _FEW else children[: _FEW - 1]
    return _and_more(shown, len(children))


def _short_list(children: tuple[Field, ...]) -> Line:
    """List values as `_list` does, with the first one alone where they are long."""
    values = _list(children)
    return values if values.size <= _LONGEST_LIST else _and_more(children[:1], len(children))


def _and_more(shown: tuple[Field, ...], number: int) -> Line:
    values = joined(", ", [child.value for child in shown])
    more = number - len(shown)
    return Line.of(values, f" and {more} more" if more else "")


def _many(name: str, group: tuple[Field, ...]) -> Piece:
    number = count(len(group), "entry", "entries")
    return Piece(name, Line.of(number, _days(group)))


def _days(fields: tuple[Field, ...]) -> Line:
    """Return the first and the last moment of many alike."""
    moments = [found for field in fields if (found := _first_moment(field))]
    if len(moments) < 2:
        return EMPTY
    first, last = (
        pick(moments, key=lambda span: (span.at is None, span.at, span.text)) for pick in (min, max)
    )
    if first.at == last.at:
        return say(", {}", first)
    if first.at and last.at and first.at.date() == last.at.date():
        return say(", {} to {}", _minute(first), _minute(last, clock_only=True))
    return say(", {} to {}", _short(first), _short(last))


def _minute(span: Span, *, clock_only: bool = False) -> Span:
    text = figures(span.at)[:_MINUTE] if span.at else span.text
    return span._replace(text=text[_DATE:].strip() if clock_only else text)


def _short(span: Span) -> Span:
    """Write a moment to the minute; the date alone, where the time is midnight."""
    if span.at and not (span.at.hour or span.at.minute):
        return span._replace(text=figures(span.at)[:_DATE])
    return _minute(span)


def _first_moment(field: Field) -> Span | None:
    for span in field.value.spans:
        if span.kind is Kind.MOMENT and span.at:
            return span
    for child in filter(_is_said, field.children):
        if found := _first_moment(child):
            return found
    return None


def _bare(field: Field) -> str:
    """Return the name without the number of an entry."""
    return _name(field).rstrip("0123456789").rstrip()
