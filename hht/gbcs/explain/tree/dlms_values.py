"""DLMS Data in words, laid out by the tables; what is encrypted is opened where a key is held."""

from dataclasses import replace
from itertools import zip_longest

from hht.gbcs.dlms import BitString, CompactArray, Tag, Value, decode_only_value
from hht.gbcs.encryption import encrypted_part, is_ciphered
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.amounts import hex_in_words, whole
from hht.gbcs.explain.context import Context, how_it_opened
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.explain.layout import CHARGE, PLAIN, Layout, read_layout
from hht.gbcs.explain.tree.charges import charge_field, is_charge
from hht.gbcs.explain.tree.event_filters import events_field, is_events
from hht.gbcs.explain.value_formats import (
    YES_NO,
    event_details,
    number_in_words,
    octets_in_words,
    scaled,
)
from hht.gbcs.protection import Verdict
from hht.spans import Line, Span, amount, code, count

PROTECTED = "protected data"
STATE = "state"
_TEXT = (Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_COUNTING = (Tag.ARRAY, Tag.STRUCTURE, Tag.COMPACT_ARRAY)
_DESCRIPTOR = read_layout("{class:class, object:obis, attribute, index, selection}")
_DESCRIPTOR_TAGS = (Tag.LONG_UNSIGNED, Tag.OCTET_STRING, Tag.INTEGER)
_SCALER_TAGS = (Tag.INTEGER, Tag.ENUM)
_SCALER = read_layout("{scaler, unit:unit}")
_SCALER_AND_UNIT = ("scaler", "unit")
_WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def value_field(
    name: str, value: Value, layout: Layout, context: Context, protected: Layout = PLAIN
) -> Field:
    """Return one line for the value, and lines below it for its members.

    `protected` is the layout of the plaintext, where the value holds ciphered information.
    """
    field = _value_field(name, value, layout, context, protected)
    return replace(field, minor=True) if layout.minor else field


def value_in_words(value: Value, form: str = "", *, show_secrets: bool = False) -> Line:
    """Return a value without members."""
    content = value.content
    if content is None:
        return Line.of("nothing")
    if isinstance(content, BitString):
        return _bits(content, form)
    if isinstance(content, bytes):
        text_form = "text" if value.tag in _TEXT and not form else form
        return octets_in_words(content, text_form, show_secrets=show_secrets)
    if isinstance(content, int):
        if value.tag == Tag.BOOLEAN and not form:
            form = YES_NO
        return number_in_words(content, form)
    return Line.of(count(len(content), "member"))


def _value_field(
    name: str, value: Value, layout: Layout, context: Context, protected: Layout
) -> Field:
    if isinstance(value.content, CompactArray):
        return _array(name, value.content.elements, layout, context)
    if value.tag == Tag.ARRAY:
        return _array(name, value.members, layout, context, protected)
    if value.tag == Tag.STRUCTURE:
        form, _, period = layout.form.partition("/")
        if form == CHARGE and is_charge(value):
            return charge_field(name, value, period)
        return _structure(name, value, layout, context, protected)
    if isinstance(value.content, bytes) and is_ciphered(value.content):
        return _ciphered(value.content, context, protected)
    if isinstance(value.content, BitString) and is_events(layout.form):
        return events_field(name, value.content, layout.form)
    words = value_in_words(value, layout.form, show_secrets=context.show_secrets)
    if layout.form == STATE and isinstance(value.content, bytes):
        return Field(name, words, (Field("as sent", value_in_words(value, "text"), minor=True),))
    return Field(name, words)


def _bits(bits: BitString, form: str) -> Line:
    number = int.from_bytes(bits.octets, "big")
    if form in ("channels", "ghz_channels"):
        return octets_in_words(bits.octets, form)
    if form == "weekdays" and bits.length == len(_WEEK):
        return Line.of(code(_weekdays(bits.octets[0]), number))
    if bits.length > 32:
        return Line.of(count(bits.length, "bit"), ": ", hex_in_words(bits.octets))
    written = f"{number:0{8 * len(bits.octets)}b}"[: bits.length]
    if form == "places":
        return Line.of(code(_places(written), number))
    if form and form != "bits":
        return number_in_words(_reversed(number, len(bits.octets) * 8), form)
    return Line.of(code(written or "none", number))


def _reversed(number: int, bits: int) -> int:
    """Return the number with its first bit as bit 0: COSEM counts the bits of a string from the
    left."""
    return sum(1 << at for at in range(bits) if number >> bits - 1 - at & 1)


def _places(bits: str) -> str:
    """Return the places at which there is a one, counted from 1: `3, 4`."""
    return ", ".join(str(at) for at, bit in enumerate(bits, 1) if bit == "1") or "none"


def _weekdays(octet: int) -> str:
    chosen = [day for at, day in enumerate(_WEEK) if octet & 0x80 >> at]
    return "every day" if len(chosen) == len(_WEEK) else ", ".join(chosen) or "no day"


def _array(
    name: str,
    elements: tuple[Value, ...],
    layout: Layout,
    context: Context,
    protected: Layout = PLAIN,
) -> Field:
    each = layout.each or PLAIN
    children = tuple(
        value_field(f"{each.name or 'entry'} {number}", element, each, context, protected)
        for number, element in enumerate(elements, 1)
    )
    return Field(name, Line.of(_number(len(elements), each.name)), children)


def _number(number: int, each: str) -> Span:
    """Return `3 special days`; `3 entries` where the table has no noun for one of them."""
    if not each.replace(" ", "").isalpha() or len(each) == 1 or each.endswith("s"):
        return count(number, "entry", "entries")
    return count(number, each, f"{each[:-1]}ies" if each.endswith("ry") else "")


def _structure(
    name: str, value: Value, layout: Layout, context: Context, protected: Layout
) -> Field:
    shape = layout.fitting(len(value.members)) if layout.members else _recognised(value)
    parts = zip_longest(value.members, shape.members[: len(value.members)], fillvalue=PLAIN)
    children: list[Field] = []
    for at, (member, part) in enumerate(parts, 1):
        assert isinstance(member, Value)
        assert isinstance(part, Layout)
        own_name = part.name or f"part {at}"
        children.append(value_field(own_name, member, part, context, protected))
        if part.form == "event_details" and isinstance(member.content, bytes):
            event = value.members[at - 2].content
            words = event_details(member.content, event if isinstance(event, int) else 0)
            children[-1] = replace(children[-1], value=Line.of(words))
    return Field(name, children=tuple(_with_units(children, value.members, shape)))


def _with_units(fields: list[Field], members: tuple[Value, ...], shape: Layout) -> list[Field]:
    """Apply the scaler and unit that follow a number to it, or say that they are not given."""
    shown = list(fields)
    for at in range(1, len(members)):
        words = scaled_value(members[at - 1], members[at])
        if not words and shape.members[at : at + 1] and is_scaler(shape.members[at]):
            words = unscaled(members[at - 1])
        if words:
            shown[at - 1] = replace(shown[at - 1], value=words)
            shown[at] = replace(shown[at], minor=True)
    return shown


def is_scaler(layout: Layout) -> bool:
    """Return whether it is the layout of a scaler and unit."""
    return tuple(member.name for member in layout.members) == _SCALER_AND_UNIT


def unscaled(value: Value) -> Line | None:
    """Return a number whose scaler and unit are missing; None where it is no number."""
    number = value.content
    if not isinstance(number, int):
        return None
    return Line.of(amount(f"{whole(number)}, scaler and unit not given", number))


def scaled_value(value: Value, scaler_and_unit: Value) -> Line | None:
    """Return the number with its scaler and unit; None where the two values are not these."""
    if value.tag in _COUNTING or scaler_and_unit.tag != Tag.STRUCTURE:
        return None
    try:
        scaler, unit = scaler_and_unit.members
        return scaled(value.number, scaler.number, unit.number)
    except (MalformedMessage, ValueError):
        return None


def _recognised(value: Value) -> Layout:
    """Return the layout of structures that look alike wherever they are."""
    tags = tuple(member.tag for member in value.members)
    if tags[:3] == _DESCRIPTOR_TAGS and len(value.members[1].octets) == 6:
        return _DESCRIPTOR
    return _SCALER if tags == _SCALER_TAGS else PLAIN


def _ciphered(ciphered: bytes, context: Context, protected: Layout) -> Field:
    part = encrypted_part(ciphered, context.message)
    opened = context.open(part)
    words = how_it_opened(part, opened)
    if opened.verdict is not Verdict.VALID:
        return leaf(PROTECTED, words)
    try:
        plain = decode_only_value(opened.plaintext)
    except MalformedMessage:
        return leaf(PROTECTED, f"{words}: {hex_in_words(opened.plaintext)}")
    return Field(PROTECTED, Line.of(words), _objects(plain, protected, context))


def _objects(plain: Value, layout: Layout, context: Context) -> tuple[Field, ...]:
    """Read the plaintext: a structure of one member for each object that was asked for."""
    objects = plain.members if plain.tag == Tag.STRUCTURE else (plain,)
    fields = [
        value_field("" if len(objects) == 1 else f"object {at}", value, layout, context)
        for at, value in enumerate(objects, 1)
    ]
    if len(fields) == 1 and fields[0].children and not fields[0].value:
        return fields[0].children
    return tuple(
        replace(field, name=field.name or "entries", brief="" if not field.name else None)
        for field in fields
    )
