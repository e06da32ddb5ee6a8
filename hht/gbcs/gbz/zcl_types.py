"""The data types of the ZigBee Cluster Library: names, sizes and lossless values.

Numbers are little-endian. Source: ZigBee Cluster Library, section 2.6.2 (data type table).
"""

from typing import NamedTuple

from hht.gbcs.length import malformed

_DEEPEST = 8  # no message nests as deep: what does would exhaust the stack
_FIXED = ("number", "signed", "octets")
_INVALID_LENGTH = {1: 0xFF, 2: 0xFFFF}


class ZclType(NamedTuple):
    """A data type: how it is read (`form`), and over how many octets.

    The forms are "number" and "signed"; "octets" as they are; "string", whose size is that of its
    length; "array" of one type; "structure" of any types.
    """

    identifier: int
    name: str
    form: str
    size: int


ZclValue = int | bytes | None
"""None is a string marked invalid by its length; arrays and structures are kept as octets."""


def _numbers(first: int, name: str, form: str, count: int) -> list[ZclType]:
    return [ZclType(first + at, f"{name}{8 * at + 8}", form, at + 1) for at in range(count)]


ZCL_TYPES: dict[int, ZclType] = {
    kind.identifier: kind
    for kind in (
        ZclType(0x00, "nodata", "octets", 0),
        *_numbers(0x08, "data", "octets", 8),
        ZclType(0x10, "bool", "number", 1),
        *_numbers(0x18, "bitmap", "number", 8),
        *_numbers(0x20, "uint", "number", 8),
        *_numbers(0x28, "int", "signed", 8),
        *_numbers(0x30, "enum", "number", 2),
        ZclType(0x38, "semi", "octets", 2),
        ZclType(0x39, "single", "octets", 4),
        ZclType(0x3A, "double", "octets", 8),
        ZclType(0x41, "octstr", "string", 1),
        ZclType(0x42, "string", "string", 1),
        ZclType(0x43, "octstr16", "string", 2),
        ZclType(0x44, "string16", "string", 2),
        ZclType(0x48, "array", "array", 2),
        ZclType(0x4C, "struct", "structure", 2),
        ZclType(0x50, "set", "array", 2),
        ZclType(0x51, "bag", "array", 2),
        ZclType(0xE0, "ToD", "octets", 4),
        ZclType(0xE1, "date", "octets", 4),
        ZclType(0xE2, "UTC", "number", 4),
        ZclType(0xE8, "clusterId", "number", 2),
        ZclType(0xE9, "attribId", "number", 2),
        ZclType(0xEA, "bacOID", "number", 4),
        ZclType(0xF0, "EUI64", "octets", 8),
        ZclType(0xF1, "key128", "octets", 16),
        ZclType(0xFF, "unk", "octets", 0),
    )
}
TYPES_BY_NAME = {kind.name: kind for kind in ZCL_TYPES.values()}


def zcl_type(identifier: int) -> ZclType:
    """Return the type of an identifier; MalformedMessage for one the library does not define."""
    return ZCL_TYPES.get(identifier) or malformed(f"{identifier:02X} is not a ZCL data type")


def decode_zcl(kind: ZclType, raw: bytes, position: int) -> tuple[ZclValue, int]:
    """Read one value of a known type: it, and the position after it."""
    form, size = kind.form, kind.size
    if form in ("number", "signed"):
        field, end = take(raw, position, size)
        return int.from_bytes(field, "little", signed=form == "signed"), end
    if form == "string":
        return _string(kind, raw, position)
    if form in ("array", "structure"):
        size = _collection_end(kind, raw, position, 0) - position
    return take(raw, position, size)


def encode_zcl(kind: ZclType, value: ZclValue) -> bytes:
    """Return the octets of one value; OverflowError when it does not fit the type."""
    if isinstance(value, int):
        return value.to_bytes(kind.size, "little", signed=kind.form == "signed")
    if value is None:
        return _INVALID_LENGTH[kind.size].to_bytes(kind.size, "little")
    head = len(value).to_bytes(kind.size, "little") if kind.form == "string" else b""
    return head + value


def take(raw: bytes, position: int, size: int) -> tuple[bytes, int]:
    """Return the next `size` octets and the position after them.

    MalformedMessage where they lack.
    """
    end = position + size
    if end > len(raw):
        malformed("the ZCL payload ends inside a field")
    return raw[position:end], end


def _string(kind: ZclType, raw: bytes, position: int) -> tuple[ZclValue, int]:
    field, position = take(raw, position, kind.size)
    size = int.from_bytes(field, "little")
    if size == _INVALID_LENGTH[kind.size]:
        return None, position
    return take(raw, position, size)


def _collection_end(kind: ZclType, raw: bytes, position: int, depth: int) -> int:
    """Return where an array (element type, count, values) or structure (count, typed values)
    ends."""
    if depth > _DEEPEST:
        malformed("the ZCL data is nested too deep")
    element = None
    if kind.form == "array":
        field, position = take(raw, position, 1)
        element = zcl_type(field[0])
    field, position = take(raw, position, 2)
    count = int.from_bytes(field, "little")
    count = 0 if count == _INVALID_LENGTH[2] else count
    if element and element.form in _FIXED:
        return take(raw, position, count * element.size)[1]
    for _ in range(count):
        member = element
        if member is None:
            field, position = take(raw, position, 1)
            member = zcl_type(field[0])
        position = _value_end(member, raw, position, depth + 1)
    return position


def _value_end(kind: ZclType, raw: bytes, position: int, depth: int) -> int:
    if kind.form in ("array", "structure"):
        return _collection_end(kind, raw, position, depth)
    return decode_zcl(kind, raw, position)[1]
