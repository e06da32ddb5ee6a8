"""Puts many values alike into a few words: all of them, or how many, first, last and sum."""

from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from hht.gbcs.explain.field import Field
from hht.spans import EMPTY, Kind, Line, Span, amount, count, joined, say

_FEW = 3  # as many as a line lists before it says how many there are
_LONGEST_LIST = 60
"""Characters of values in a row; where they are more, first, last and sum are in their place."""

_ADDED_UP = ("Wh", "kWh", "varh", "m3")
"""Units of what was consumed, of which a sum means something."""


class Figure(NamedTuple):
    """A number and its unit."""

    number: Decimal
    unit: str
    span: Span


def figure_of(value: Line) -> Figure | None:
    """Return the amount that a value is; None for anything else."""
    spans = [span for span in value.spans if span.kind in (Kind.AMOUNT, Kind.MONEY)]
    if len(spans) != 1 or value.size != len(spans[0].text):
        return None
    digits, _, unit = spans[0].text.partition(" ")
    try:
        return Figure(Decimal(digits), unit, spans[0])
    except InvalidOperation:
        return None


def in_a_row(fields: tuple[Field, ...]) -> Line:
    """Return plain values: all where there is room, else the first ones and how many follow."""
    found = [figure for field in fields if (figure := figure_of(field.value))]
    units = {figure.unit for figure in found}
    if len(found) == len(fields) > 1 and len(units) == 1:
        return _of_one_unit(found)
    return _and_more(fields if len(fields) <= _FEW else fields[: _FEW - 1], len(fields))


def short_row(fields: tuple[Field, ...]) -> Line:
    """Return as `in_a_row` does, with the first one alone where they are long."""
    values = in_a_row(fields)
    return values if values.size <= _LONGEST_LIST else _and_more(fields[:1], len(fields))


def first_alone(values: Line) -> Line:
    """Return the first of many values as it is without the others.

    Of `0.1, 0.2 and 0.3 GBP a kWh` that is `0.1 GBP a kWh`, of `4 entries, first ...` it is
    `4 entries`; nothing where the values are no such list.
    """
    spans = [span for span in values.spans if span.kind in (Kind.AMOUNT, Kind.MONEY, Kind.COUNT)]
    if not spans or spans[0].kind is Kind.COUNT:
        return Line.of(*spans[:1])
    number, space, unit = spans[0].text.partition(" ")
    if not unit:
        _, space, unit = spans[-1].text.partition(" ")
    return Line.of(spans[0]._replace(text=f"{number}{space}{unit}"))


def total(figures: list[Figure]) -> Line:
    """Return what consumption comes to; nothing for other amounts."""
    if len(figures) < 2 or len({each.unit for each in figures}) != 1:
        return EMPTY
    unit = figures[0].unit
    if unit not in _ADDED_UP:
        return EMPTY
    return say("total {}", amount(f"{sum(each.number for each in figures)} {unit}"))


def _of_one_unit(figures: list[Figure]) -> Line:
    """Return `1, 2 and 3 Wh`, or `48 values, first 1 Wh, last 3 Wh, total 60 Wh`."""
    *before, last = figures
    if len(figures) <= 2 * _FEW:
        spans = [figure.span._replace(text=str(figure.number)) for figure in before]
        all_of_them = say("{} and {}", joined(", ", [Line.of(span) for span in spans]), last.span)
        if all_of_them.size <= _LONGEST_LIST:
            return all_of_them
    number = count(len(figures), "value")
    ends = say("{}, first {}, last {}", number, figures[0].span, last.span)
    added = total(figures)
    return say("{}, {}", ends, added) if added else ends


def _and_more(shown: tuple[Field, ...], number: int) -> Line:
    values = joined(", ", [child.value for child in shown])
    more = number - len(shown)
    return say("{} and {}", values, count(more, "more", "more")) if more else values
