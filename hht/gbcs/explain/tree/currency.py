"""Puts the currency that a DLMS message itself names in place of pounds."""

from dataclasses import replace

from hht.gbcs.explain.amounts import POUNDS
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.object_names import enumeration
from hht.spans import Kind, Line, Span

EURO = "EUR"
_CHOICE, _EURO_CHOSEN = "currency_choice", 0


def in_own_currency(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields with all money in euros, where one of them says that this is the
    currency."""
    euro = enumeration(_CHOICE, _EURO_CHOSEN)
    if any(str(field.value.without(Kind.RAW)) == euro for field in fields):
        return tuple(map(_in_euros, fields))
    return fields


def _in_euros(field: Field) -> Field:
    value = Line(tuple(map(_span, field.value.spans)))
    return replace(field, value=value, children=tuple(map(_in_euros, field.children)))


def _span(span: Span) -> Span:
    if span.kind is not Kind.MONEY:
        return span
    return span._replace(text=span.text.replace(POUNDS, EURO))
