"""The values that a line has room for: readings first, logs by their length and their days."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import groupby

from hht.gbcs.explain.bounds import CUT, cut
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.values.entries import (
    entries_in_words,
    first_moment,
    with_less_of_last,
)
from hht.gbcs.explain.summary.values.piece import ORDER, Piece, in_short, is_said, name_of
from hht.gbcs.explain.summary.values.series import first_alone, in_a_row, short_row
from hht.spans import EMPTY, Kind, Line, count, joined, say

_LONGEST_LIST = 60
"""Characters of values in a row; where they are more, the line says how many there are."""

_SHORTEST_TEXT = 40
"""Characters of a name and a text, of which some words can be read."""

_MARK = 4
"""Hexadecimal digits of a mark: one in 65,536 pairs of Commands has the same by chance."""

_OF_EACH_COMMAND = ("issuer event id", "message id")
"""What differs between Commands that set the same."""

_SETTING = "setting"  # what a count is of that says no more than `and 3 more`
_FEW = 3  # as many as can be listed before a count says more


def highlights(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return as many of the values as there is room for, and how many there are besides.

    A single value needs no name: the sentence has it.
    """
    said = sorted(_pieces(fields), key=lambda piece: piece.rank)
    if len(said) == 1:
        value = said[0].value.without(Kind.RAW)
        alone = cut(with_less_of_last(value, room), room)
        return alone if str(alone) != CUT else EMPTY
    return _listed(said, room, what)


def named_highlights(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return as `highlights` does, a single value with its name too."""
    return _listed(sorted(_pieces(fields), key=lambda piece: piece.rank), room, what)


def highlights_in_short(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return as `highlights` does, of many alike how many they are, of prices no name.

    Nothing where there is no room for what matters most.
    """
    said = sorted(map(in_short, _pieces(fields)), key=lambda piece: piece.rank)
    listed = any_in_short(fields, room, what)
    is_best = bool(said) and str(listed).startswith(str(said[0].words.without(Kind.RAW)))
    return listed if is_best else EMPTY


def any_in_short(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return as `highlights_in_short` does, also where what matters most has no room."""
    said = sorted(map(in_short, _pieces(fields)), key=lambda piece: piece.rank)
    return _listed(said, room, what) if len(said) > 1 else EMPTY


def _listed(said: list[Piece], room: int, what: str) -> Line:
    words = [piece.words.without(Kind.RAW) for piece in said]
    ranks = dict(zip(words, (piece.rank for piece in said), strict=True))
    taken = _that_fit(ranks, room, what)
    if not taken:
        return EMPTY
    more = len(words) - sum(max(words.count(each), 1) for each in taken)
    return Line.of(joined("; ", taken), _and_others(more, what))


def mark_of(fields: Iterable[Field], moments: str = "") -> str:
    """Return a short mark of all settings: two Commands with another one ask something else.

    `moments` are those of the settings, where they are not all for the same.
    """
    settings = "\n".join([moments, *(f"{each.name}={each.value}" for each in _settings(fields))])
    return f"#{sha256(settings.encode()).hexdigest()[:_MARK].upper()}"


def _settings(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        if is_said(field) or (field.minor and field.name not in _OF_EACH_COMMAND):
            yield field
            yield from _settings(field.children)


def is_condensed(values: Line) -> bool:
    """Return whether values are left out, counted or cut."""
    return values.has(Kind.COUNT) or str(values).endswith(CUT)


def number_and_one(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return how many values there are where none fits with its name and the others, and one."""
    said = sorted(_pieces(fields), key=lambda piece: piece.rank)
    return _number_and_one_of(said, said, room, what)


def number_and_best(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return as `number_and_one` does, where one of those that matter most fits."""
    said = sorted(_pieces(fields), key=lambda piece: piece.rank)
    best = [piece for piece in said if piece.rank == said[0].rank]
    return _number_and_one_of(said, best, room, what)


def _number_and_one_of(said: list[Piece], those: list[Piece], room: int, what: str) -> Line:
    if len(said) < 2:
        return EMPTY
    number = count(len(said), what or _SETTING)
    for piece in those:
        nameless = (piece.value, first_alone(piece.value)) if _says_itself(piece.value) else ()
        for form in (piece.words, *nameless):
            line = say("{}, such as {}", number, form.without(Kind.RAW))
            if form and line.size <= room:
                return line
    return EMPTY


def _says_itself(value: Line) -> bool:
    """Return whether a value is understood without its name: money, a text, an amount with unit."""
    has_unit = any(span.kind is Kind.AMOUNT and " " in span.text for span in value.spans)
    return has_unit or value.has(Kind.MONEY) or value.has(Kind.QUOTE)


def one_and_more(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return what matters most, alone and if need be the first of its row, and how many besides."""
    said = sorted(_pieces(fields), key=lambda piece: piece.rank)
    if len(said) < 2 or said[0].rank:
        return EMPTY
    value = first_alone(said[0].value)
    line = Line.of(value.without(Kind.RAW), _and_others(len(said) - 1, what))
    return line if value and line.size <= room else EMPTY


def number_alone(fields: tuple[Field, ...], room: int, what: str = "value") -> Line:
    """Return how many values there are, where not one of them fits."""
    said = list(_pieces(fields))
    number = Line.of(count(len(said), what or _SETTING))
    return number if len(said) > 1 and number.size <= room else EMPTY


def _and_others(more: int, what: str) -> Line:
    if not more:
        return EMPTY
    return say("; and {}", count(more, f"more {what}") if what else count(more, "more", "more"))


def _that_fit(pieces: Mapping[Line, int], room: int, what: str) -> list[Line]:
    """Return the first ones with room, by rank.

    Of what matters least none, where better is left out.

    A text that comes first is there at least with its beginning.
    """
    taken: list[Line] = []
    used, best_left_out = 0, len(ORDER)
    for piece, rank in pieces.items():
        rest = len(pieces) - len(taken) - 1
        room_here = room - used - _and_others(rest, what).size
        if rank == len(ORDER) and rank > best_left_out:
            break
        if (
            not used
            and piece.has(Kind.QUOTE)
            and not piece.has(Kind.COUNT)
            and room_here > _SHORTEST_TEXT
        ):
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
    said = [field for field in fields if is_said(field) and (field.value or _inner(field))]
    for name, alike in groupby(said, key=_bare):
        group = tuple(alike)
        inner = [_inner(field) for field in group]
        if _are_entries(group):
            number = Line.of(count(len(group), "entry", "entries"))
            title = within or ("" if len(group) == len(said) else name)
            yield Piece(title, entries_in_words(number, group))
        elif len(group) > _FEW and not any(inner):
            yield Piece(name, short_row(group))
        else:
            for field in group:
                yield from _piece(field, alone=len(said) == 1)


def _are_entries(group: tuple[Field, ...]) -> bool:
    """Return whether they are entries of a log or a table: many alike, or each of a moment."""
    if len(group) < 2 or not all(map(_inner, group)) or any(map(_counts, group)):
        return False
    return len(group) > _FEW or all(map(first_moment, group))


def _piece(field: Field, *, alone: bool) -> Iterator[Piece]:
    children = _inner(field)
    if _counts(field) and children:
        values = EMPTY if any(map(_inner, children)) else in_a_row(children)
        if values and len(str(values)) <= _LONGEST_LIST:
            yield Piece(name_of(field), values)
        elif len(children) > 1 or not alone:
            yield Piece(name_of(field), entries_in_words(field.value, children))
        else:
            yield from _pieces(children, _bare(field))
    elif children:
        yield from _pieces(children, _bare(field))
    elif field.value and str(field.value) != "empty":
        yield Piece(name_of(field), field.value)


def _counts(field: Field) -> bool:
    """Return whether its value is the number of the lines below it."""
    return field.value.has(Kind.COUNT)


def _inner(field: Field) -> tuple[Field, ...]:
    """Return the lines below a field, bookkeeping left out."""
    return tuple(child for child in field.children if not child.minor)


def _bare(field: Field) -> str:
    """Return the name without the number of an entry."""
    return name_of(field).rstrip("0123456789").rstrip()
