"""DLMS compact arrays: one description of a type, then the values without their tags."""

from hht.gbcs.dlms.scalars import (
    EMPTY,
    FIXED_OCTETS,
    NUMBERS,
    STRINGS,
    CompactArray,
    Tag,
    TypeDescription,
    Value,
    decode_scalar,
    encode_scalar,
    take,
)
from hht.gbcs.length import encode_length, malformed, read_length

_DEEPEST = 16  # no message nests as deep: what does would exhaust the stack
_MOST_MEMBERS = 0x4000
"""Members without octets (null-data) that are read: far more than any log of a Device holds, and
few enough for one message not to fill the memory."""

_DESCRIBABLE = NUMBERS.keys() | FIXED_OCTETS.keys() | STRINGS | EMPTY | {Tag.BIT_STRING}


def decode_compact_array(raw: bytes, position: int) -> tuple[Value, int]:
    """Read what follows the tag of a compact array: it, and where it ends."""
    element, position = _read_type(raw, position, 0)
    size, position, excess = read_length(raw, position)
    contents, end = take(raw, position, size)
    elements: list[Value] = []
    at = 0
    empty = _empty_members(element)
    while at < size:
        if empty * (len(elements) + 1) > _MOST_MEMBERS:
            malformed("a compact array holds more values than octets to fill them")
        value, after = _read_content(contents, at, element)
        if after == at:
            malformed("a compact array holds elements of no size")
        elements.append(value)
        at = after
    return Value(Tag.COMPACT_ARRAY, CompactArray(element, tuple(elements), excess)), end


def encode_compact_array(array: CompactArray) -> bytes:
    """Return what follows the tag of a compact array."""
    contents = b"".join(map(_content, array.elements))
    return _type(array.element) + encode_length(len(contents), array.excess) + contents


def _read_type(raw: bytes, position: int, depth: int) -> tuple[TypeDescription, int]:
    field, position = take(raw, position, 1)
    tag = field[0]
    if depth > _DEEPEST:
        malformed("a compact array describes types nested too deep")
    if tag == Tag.ARRAY:
        field, position = take(raw, position, 2)
        member, position = _read_type(raw, position, depth + 1)
        return TypeDescription(tag, (member,), int.from_bytes(field, "big")), position
    if tag == Tag.STRUCTURE:
        count, position, excess = read_length(raw, position)
        members = []
        for _ in range(count):
            member, position = _read_type(raw, position, depth + 1)
            members.append(member)
        return TypeDescription(tag, tuple(members), 0, excess), position
    if tag not in _DESCRIBABLE:
        malformed(f"a compact array cannot hold elements of type {tag}")
    return TypeDescription(tag), position


def _read_content(raw: bytes, position: int, kind: TypeDescription) -> tuple[Value, int]:
    if kind.tag == Tag.STRUCTURE:
        return _read_structure(raw, position, kind)
    if kind.tag == Tag.ARRAY:
        return _read_array(raw, position, kind)
    return decode_scalar(kind.tag, raw, position)


def _read_structure(raw: bytes, position: int, kind: TypeDescription) -> tuple[Value, int]:
    members = []
    for member in kind.members:
        value, position = _read_content(raw, position, member)
        members.append(value)
    return Value(kind.tag, tuple(members)), position


def _read_array(raw: bytes, position: int, kind: TypeDescription) -> tuple[Value, int]:
    members = []
    for _ in range(kind.repeat):
        value, after = _read_content(raw, position, kind.members[0])
        if after == position:  # thousands of elements could hide in no octets at all
            malformed("a compact array holds elements of no size")
        members.append(value)
        position = after
    return Value(kind.tag, tuple(members)), position


def _empty_members(kind: TypeDescription) -> int:
    """Return how many members without octets one element has, over and over where an array
    repeats."""
    if kind.tag in EMPTY:
        return 1
    return max(kind.repeat, 1) * sum(map(_empty_members, kind.members))


def _type(kind: TypeDescription) -> bytes:
    members = b"".join(map(_type, kind.members))
    if kind.tag == Tag.ARRAY:
        return bytes([kind.tag]) + kind.repeat.to_bytes(2, "big") + members
    if kind.tag == Tag.STRUCTURE:
        return bytes([kind.tag]) + encode_length(len(kind.members), kind.excess) + members
    return bytes([kind.tag])


def _content(value: Value) -> bytes:
    if value.tag in (Tag.STRUCTURE, Tag.ARRAY):
        return b"".join(map(_content, value.members))
    return encode_scalar(value)
