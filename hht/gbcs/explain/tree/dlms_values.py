"""DLMS Data in words, laid out by the tables; what is encrypted is opened where a key is held."""

from hht.gbcs.dlms import BitString, CompactArray, Tag, Value, decode_only_value
from hht.gbcs.encryption import encrypted_part, is_ciphered
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.amounts import hex_in_words
from hht.gbcs.explain.context import Context, how_it_opened
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.layout import PLAIN, Layout, read_layout
from hht.gbcs.explain.value_formats import YES_NO, number_in_words, octets_in_words
from hht.gbcs.protection import Verdict

_TEXT = (Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_DESCRIPTOR = read_layout("{class:class, object:obis, attribute, index, selection}")
_DESCRIPTOR_TAGS = (Tag.LONG_UNSIGNED, Tag.OCTET_STRING, Tag.INTEGER)
_SCALER_TAGS = (Tag.INTEGER, Tag.ENUM)
_SCALER = read_layout("{scaler, unit:unit}")


def value_field(
    name: str, value: Value, layout: Layout, context: Context, protected: Layout = PLAIN
) -> Field:
    """One line for the value, and lines below it for its members.

    `protected` is the layout of the plaintext, where the value holds ciphered information.
    """
    if isinstance(value.content, CompactArray):
        return _array(name, value.content.elements, layout, context)
    if value.tag == Tag.ARRAY:
        return _array(name, value.members, layout, context, protected)
    if value.tag == Tag.STRUCTURE:
        return _structure(name, value, layout, context, protected)
    if isinstance(value.content, bytes) and is_ciphered(value.content):
        return _ciphered(value.content, context, protected)
    return Field(name, value_in_words(value, layout.form, show_secrets=context.show_secrets))


def value_in_words(value: Value, form: str = "", *, show_secrets: bool = False) -> str:
    """A value without members."""
    content = value.content
    if content is None:
        return "nothing"
    if isinstance(content, BitString):
        return _bits(content, form)
    if isinstance(content, bytes):
        text_form = "text" if value.tag in _TEXT and not form else form
        return octets_in_words(content, text_form, show_secrets=show_secrets)
    if isinstance(content, int):
        if value.tag == Tag.BOOLEAN and not form:
            form = YES_NO
        return number_in_words(content, form)
    return f"{len(content)} members"


def _bits(bits: BitString, form: str) -> str:
    if form == "channels":
        return octets_in_words(bits.octets, form)
    if form == "weekdays" and bits.length == 7:
        return _weekdays(bits.octets[0])
    if bits.length > 32:
        return f"{bits.length} bits: {hex_in_words(bits.octets)}"
    return f"{int.from_bytes(bits.octets, 'big'):0{8 * len(bits.octets)}b}"[: bits.length] or "none"


def _weekdays(octet: int) -> str:
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    chosen = [day for at, day in enumerate(days) if octet & 0x80 >> at]
    return "every day" if len(chosen) == len(days) else ", ".join(chosen) or "no day"


def _array(
    name: str,
    elements: tuple[Value, ...],
    layout: Layout,
    context: Context,
    protected: Layout = PLAIN,
) -> Field:
    each = layout.each or PLAIN
    children = tuple(
        value_field(f"{each.name or 'element'} {number}", element, each, context, protected)
        for number, element in enumerate(elements, 1)
    )
    count = f"{len(elements)} {'entry' if len(elements) == 1 else 'entries'}"
    return Field(name, count, children)


def _structure(
    name: str, value: Value, layout: Layout, context: Context, protected: Layout
) -> Field:
    shape = layout if layout.members else _recognised(value)
    children = tuple(
        value_field(part.name or f"value {at}", member, part, context, protected)
        for at, (member, part) in enumerate(_beside(value.members, shape.members), 1)
    )
    return Field(name, "", children)


def _beside(members: tuple[Value, ...], parts: tuple[Layout, ...]) -> list[tuple[Value, Layout]]:
    missing = (PLAIN,) * (len(members) - len(parts))
    return list(zip(members, parts + missing, strict=False))


def _recognised(value: Value) -> Layout:
    """The layout of structures that look alike wherever they stand."""
    tags = tuple(member.tag for member in value.members)
    if tags[:3] == _DESCRIPTOR_TAGS and len(value.members[1].octets) == 6:
        return _DESCRIPTOR
    return _SCALER if tags == _SCALER_TAGS else PLAIN


def _ciphered(ciphered: bytes, context: Context, protected: Layout) -> Field:
    part = encrypted_part(ciphered, context.message)
    opened = context.open(part)
    words = how_it_opened(part, opened)
    if opened.verdict is not Verdict.VALID:
        return Field("protected data", words)
    try:
        plain = decode_only_value(opened.plaintext)
    except MalformedMessage:
        return Field("protected data", f"{words}: {hex_in_words(opened.plaintext)}")
    return Field("protected data", words, _objects(plain, protected, context))


def _objects(plain: Value, layout: Layout, context: Context) -> tuple[Field, ...]:
    """The plaintext is a structure of one member for each object that was asked for."""
    objects = plain.members if plain.tag == Tag.STRUCTURE else (plain,)
    return tuple(
        value_field(f"object {at}", value, layout, context) for at, value in enumerate(objects, 1)
    )
