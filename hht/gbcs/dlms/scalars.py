"""DLMS Data without nesting: the tags, the value they mark, and its octets.

Multi-byte numbers are big-endian. Source: DLMS UA Green Book, section 9.5 (the Data choice).
"""

from enum import IntEnum
from typing import NamedTuple, Union

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.length import encode_length, malformed, read_length


class Tag(IntEnum):
    """The tags of the Data choice."""

    NULL = 0
    ARRAY = 1
    STRUCTURE = 2
    BOOLEAN = 3
    BIT_STRING = 4
    DOUBLE_LONG = 5
    DOUBLE_LONG_UNSIGNED = 6
    FLOATING_POINT = 7
    OCTET_STRING = 9
    VISIBLE_STRING = 10
    UTF8_STRING = 12
    BCD = 13
    INTEGER = 15
    LONG = 16
    UNSIGNED = 17
    LONG_UNSIGNED = 18
    COMPACT_ARRAY = 19
    LONG64 = 20
    LONG64_UNSIGNED = 21
    ENUM = 22
    FLOAT32 = 23
    FLOAT64 = 24
    DATE_TIME = 25
    DATE = 26
    TIME = 27
    DELTA_INTEGER = 28
    DELTA_LONG = 29
    DELTA_DOUBLE_LONG = 30
    DELTA_UNSIGNED = 31
    DELTA_LONG_UNSIGNED = 32
    DELTA_DOUBLE_LONG_UNSIGNED = 33
    DONT_CARE = 255


class BitString(NamedTuple):
    """`length` bits, the first in the most significant bit of the first octet."""

    length: int
    octets: bytes


class TypeDescription(NamedTuple):
    """A type without a value: `repeat` elements of one member type, or a structure of members."""

    tag: int
    members: "tuple[TypeDescription, ...]" = ()
    repeat: int = 0
    excess: int = 0


class CompactArray(NamedTuple):
    """The element type and the elements; `excess` belongs to the length of the contents."""

    element: TypeDescription
    elements: "tuple[Value, ...]"
    excess: int = 0


class Value(NamedTuple):
    """One DLMS Data element.

    `content` is None (null-data, don't-care), an int (all whole numbers, and boolean and enum as
    their octet), bytes (strings, and bcd, floats, dates and times as they are written), a
    BitString, a CompactArray, or the member Values of an array or structure. `excess` is how many
    octets its length has beyond the shortest form.
    """

    tag: int
    content: Union[int, bytes, BitString, CompactArray, "tuple[Value, ...]", None]
    excess: int = 0

    @property
    def members(self) -> "tuple[Value, ...]":
        """The members of an array or structure; MalformedMessage for anything else."""
        if self.tag not in (Tag.ARRAY, Tag.STRUCTURE):
            raise MalformedMessage(f"the DLMS data is {tag_name(self.tag)}, not a structure")
        return self.content  # type: ignore[return-value]

    @property
    def octets(self) -> bytes:
        """The bytes of a string, date, time or float; MalformedMessage for anything else."""
        if not isinstance(self.content, bytes):
            raise MalformedMessage(f"the DLMS data is {tag_name(self.tag)}, not octets")
        return self.content

    @property
    def number(self) -> int:
        """A whole number, boolean or enum; MalformedMessage for anything else."""
        if not isinstance(self.content, int):
            raise MalformedMessage(f"the DLMS data is {tag_name(self.tag)}, not a number")
        return self.content


NUMBERS: dict[int, tuple[int, bool]] = {
    Tag.BOOLEAN: (1, False),
    Tag.DOUBLE_LONG: (4, True),
    Tag.DOUBLE_LONG_UNSIGNED: (4, False),
    Tag.INTEGER: (1, True),
    Tag.LONG: (2, True),
    Tag.UNSIGNED: (1, False),
    Tag.LONG_UNSIGNED: (2, False),
    Tag.LONG64: (8, True),
    Tag.LONG64_UNSIGNED: (8, False),
    Tag.ENUM: (1, False),
    Tag.DELTA_INTEGER: (1, True),
    Tag.DELTA_LONG: (2, True),
    Tag.DELTA_DOUBLE_LONG: (4, True),
    Tag.DELTA_UNSIGNED: (1, False),
    Tag.DELTA_LONG_UNSIGNED: (2, False),
    Tag.DELTA_DOUBLE_LONG_UNSIGNED: (4, False),
}
"""The whole numbers: octets, and whether signed."""

FIXED_OCTETS: dict[int, int] = {
    Tag.FLOATING_POINT: 4,
    Tag.BCD: 1,
    Tag.FLOAT32: 4,
    Tag.FLOAT64: 8,
    Tag.DATE_TIME: 12,
    Tag.DATE: 5,
    Tag.TIME: 4,
}
"""What is kept as it is written: a float read into a number could come back another NaN."""

STRINGS = frozenset({Tag.OCTET_STRING, Tag.VISIBLE_STRING, Tag.UTF8_STRING})
EMPTY = frozenset({Tag.NULL, Tag.DONT_CARE})


def tag_name(tag: int) -> str:
    """Return the name of a tag as the Green Book writes it: `long-unsigned`."""
    known = tag in Tag._value2member_map_
    return Tag(tag).name.lower().replace("_", "-") if known else f"type {tag}"


def decode_number(tag: int, raw: bytes, position: int) -> tuple[Value, int]:
    """Read what follows the tag of a whole number; most of what Devices send is these."""
    size, signed = NUMBERS[tag]
    end = position + size
    if end > len(raw):
        malformed("the DLMS data ends inside a value")
    return Value(tag, int.from_bytes(raw[position:end], "big", signed=signed)), end


def decode_scalar(tag: int, raw: bytes, position: int) -> tuple[Value, int]:
    """Read what follows the tag of anything but an array or structure: it, and where it ends."""
    if tag in NUMBERS:
        return decode_number(tag, raw, position)
    if tag in STRINGS:
        size, position, excess = read_length(raw, position)
        field, end = take(raw, position, size)
        return Value(tag, field, excess), end
    if tag in EMPTY:
        return Value(tag, None), position
    if tag == Tag.BIT_STRING:
        bits, position, excess = read_length(raw, position)
        field, end = take(raw, position, (bits + 7) // 8)
        return Value(tag, BitString(bits, field), excess), end
    if tag in FIXED_OCTETS:
        field, end = take(raw, position, FIXED_OCTETS[tag])
        return Value(tag, field), end
    malformed(f"{tag} is not the tag of a DLMS data type")


def encode_scalar(value: Value) -> bytes:
    """Return what follows the tag of anything but an array or structure."""
    tag, content, excess = value
    if tag in NUMBERS:
        size, signed = NUMBERS[tag]
        return value.number.to_bytes(size, "big", signed=signed)
    if tag in STRINGS:
        return encode_length(len(value.octets), excess) + value.octets
    if tag in EMPTY:
        return b""
    if isinstance(content, BitString):
        return encode_length(content.length, excess) + content.octets
    return value.octets


def take(raw: bytes, position: int, size: int) -> tuple[bytes, int]:
    """Return the next `size` bytes and the position after them.

    MalformedMessage where they lack.
    """
    end = position + size
    if end > len(raw):
        malformed("the DLMS data ends inside a value")
    return raw[position:end], end
