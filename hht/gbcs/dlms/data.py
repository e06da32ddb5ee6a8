"""DLMS Data, nested and all: decode, encode, and short constructors for what Devices send."""

from hht.gbcs.dlms.compact import decode_compact_array, encode_compact_array
from hht.gbcs.dlms.scalars import (
    NUMBERS,
    BitString,
    CompactArray,
    Tag,
    Value,
    decode_number,
    decode_scalar,
    encode_scalar,
)
from hht.gbcs.length import encode_length, malformed, read_length

_DEEPEST = 32  # no message nests as deep: what does would exhaust the stack
_OF_MEMBERS = frozenset(map(int, (Tag.ARRAY, Tag.STRUCTURE)))

NULL = Value(Tag.NULL, None)


def decode_value(raw: bytes, position: int = 0, depth: int = 0) -> tuple[Value, int]:
    """Read one Data element: it, and the position after it. MalformedMessage if it is not one."""
    if position >= len(raw):
        malformed("the DLMS data ends where a value should begin")
    tag = raw[position]
    if tag in NUMBERS:
        return decode_number(tag, raw, position + 1)
    if tag not in _OF_MEMBERS:
        if tag == Tag.COMPACT_ARRAY:
            return decode_compact_array(raw, position + 1)
        return decode_scalar(tag, raw, position + 1)
    if depth > _DEEPEST:
        malformed("the DLMS data is nested too deep")
    count, position, excess = read_length(raw, position + 1)
    members = []
    for _ in range(count):
        member, position = decode_value(raw, position, depth + 1)
        members.append(member)
    return Value(tag, tuple(members), excess), position


def decode_only_value(raw: bytes) -> Value:
    """Read one Data element that must fill `raw`."""
    value, end = decode_value(raw)
    if end != len(raw):
        malformed(f"{len(raw) - end} bytes follow the DLMS data")
    return value


def encode_value(value: Value) -> bytes:
    """Return the octets of one Data element, tag first."""
    tag, content, excess = value
    if tag in (Tag.ARRAY, Tag.STRUCTURE):
        members = value.members
        head = bytes([tag]) + encode_length(len(members), excess)
        return head + b"".join(map(encode_value, members))
    if isinstance(content, CompactArray):
        return bytes([tag]) + encode_compact_array(content)
    return bytes([tag]) + encode_scalar(value)


def structure(*members: Value) -> Value:
    return Value(Tag.STRUCTURE, members)


def array(*members: Value) -> Value:
    """Return an array of the members, which should be alike."""
    return Value(Tag.ARRAY, members)


def octets(content: bytes) -> Value:
    """Return an octet-string: also how COSEM date-times (12 bytes) and logical names (6) travel."""
    return Value(Tag.OCTET_STRING, bytes(content))


def visible(text: str) -> Value:
    """Return a visible-string; UnicodeEncodeError for what is not ASCII."""
    return Value(Tag.VISIBLE_STRING, text.encode("ascii"))


def bits(content: bytes, length: int | None = None) -> Value:
    """Return a bit-string of all the bits of `content`, or of the first `length`."""
    return Value(Tag.BIT_STRING, BitString(8 * len(content) if length is None else length, content))


def boolean(content: bool) -> Value:
    """Return a boolean, true as FF."""
    return Value(Tag.BOOLEAN, 0xFF if content else 0)


def enum(content: int) -> Value:
    """Return an enum, 0..255."""
    return Value(Tag.ENUM, int(content))


def integer(content: int) -> Value:
    """Return an integer, -128..127."""
    return Value(Tag.INTEGER, content)


def unsigned(content: int) -> Value:
    """Return an unsigned, 0..255."""
    return Value(Tag.UNSIGNED, content)


def long_unsigned(content: int) -> Value:
    """Return a long-unsigned of two octets."""
    return Value(Tag.LONG_UNSIGNED, content)


def double_long(content: int) -> Value:
    """Return a double-long of four octets, signed."""
    return Value(Tag.DOUBLE_LONG, content)


def double_long_unsigned(content: int) -> Value:
    """Return a double-long-unsigned of four octets."""
    return Value(Tag.DOUBLE_LONG_UNSIGNED, content)
