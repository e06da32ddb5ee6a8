"""ASN.1 DER as a tree of nodes that encodes losslessly, with short constructors.

Source: ITU-T X.690. Lengths longer than DER allows are read too, because Devices send them, and
given back as they came; indefinite lengths are refused.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from hht.gbcs.length import encode_length, malformed, read_length

BOOLEAN = 0x01
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OBJECT_IDENTIFIER = 0x06
ENUMERATED = 0x0A
UTF8_STRING = 0x0C
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
SEQUENCE = 0x30
SET = 0x31
_CONSTRUCTED = 0x20
_CONTEXT = 0x80
_DEEPEST = 32  # no message nests as deep: what does would exhaust the stack
_LONG_TAG = 0x1F
"""These bits all set: the tag number is in the octets that follow."""
_WIDEST = 20
"""Octets of a number: the serial number of a certificate, by RFC 5280; all others are 9 at most."""
_TIME = re.compile(rb"[0-9]{14}Z")
_TIME_FORMAT = "%Y%m%d%H%M%SZ"
_TIME_LENGTH = len("20300115090000Z")


class Node(NamedTuple):
    """One DER element: `tag` is its identifier octets as one number (0x30, 0xA2, 0x7F21).

    A constructed node has `children`, a primitive one `content`. `excess` is how many octets its
    length has beyond the shortest form.
    """

    tag: int
    content: bytes = b""
    children: "tuple[Node, ...]" = ()
    excess: int = 0

    @property
    def is_number(self) -> bool:
        """Whether the content is a whole number of a width that a use case may have."""
        return 0 < len(self.content) <= _WIDEST

    @property
    def number(self) -> int:
        """An INTEGER or ENUMERATED, or a context-tagged one; MalformedMessage if it is not one."""
        if not self.is_number:
            malformed(f"an ASN.1 integer is of {len(self.content)} bytes")
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def time(self) -> datetime:
        """A GeneralizedTime `YYYYMMDDHHMMSSZ`; MalformedMessage for anything else."""
        try:
            if _TIME.fullmatch(self.content):  # strptime alone accepts fewer figures, too
                text = self.content.decode("ascii")
                return datetime.strptime(text, _TIME_FORMAT).replace(tzinfo=UTC)
        except ValueError:
            pass
        malformed("an ASN.1 time is not of the form YYYYMMDDHHMMSSZ")


def decode_node(raw: bytes, position: int = 0, depth: int = 0) -> tuple[Node, int]:
    """Read one element: it, and the position after it. MalformedMessage if it is not one."""
    tag, constructed, position = _tag(raw, position)
    length, position, excess = read_length(raw, position)
    end = position + length
    if end > len(raw):
        malformed("an ASN.1 element runs past the end of the data")
    if not constructed:
        return Node(tag, raw[position:end], (), excess), end
    if depth > _DEEPEST:
        malformed("the ASN.1 data is nested too deep")
    children = []
    while position < end:
        child, position = decode_node(raw, position, depth + 1)
        children.append(child)
    if position != end:
        malformed("an ASN.1 element runs past the end of the one it is in")
    return Node(tag, b"", tuple(children), excess), end


def decode_only_node(raw: bytes) -> Node:
    """Read one element that must fill `raw`."""
    node, end = decode_node(raw)
    if end != len(raw):
        malformed(f"{len(raw) - end} bytes follow the ASN.1 data")
    return node


def encode_node(node: Node) -> bytes:
    """Return the octets of one element, tag first."""
    body = node.content or b"".join(map(encode_node, node.children))
    tag = node.tag.to_bytes(max(1, (node.tag.bit_length() + 7) // 8), "big")
    return tag + encode_length(len(body), node.excess) + body


def sequence(*children: Node) -> Node:
    return Node(SEQUENCE, children=children)


def integer(number: int, tag: int = INTEGER) -> Node:
    """Return an INTEGER in its shortest form, or under another tag."""
    size = (number if number >= 0 else ~number).bit_length() // 8 + 1
    return Node(tag, number.to_bytes(size, "big", signed=True))


def enumerated(number: int) -> Node:
    return integer(number, ENUMERATED)


def octets(content: bytes) -> Node:
    return Node(OCTET_STRING, bytes(content))


def null() -> Node:
    """Return a NULL: in GBCS, also `command accepted`."""
    return Node(NULL)


def bit_string(content: bytes, unused: int = 0) -> Node:
    """Return a BIT STRING whose last octet has `unused` bits that do not count."""
    return Node(BIT_STRING, bytes([unused]) + content)


def generalized_time(moment: datetime) -> Node:
    """Return a GeneralizedTime of a moment with a time zone, to the second."""
    text = moment.astimezone(UTC).strftime(_TIME_FORMAT).zfill(_TIME_LENGTH)
    return Node(GENERALIZED_TIME, text.encode("ascii"))


def context(number: int, node: Node) -> Node:
    """Return the node under an implicit context tag 0..30."""
    return node._replace(tag=_CONTEXT | node.tag & _CONSTRUCTED | number)


def _tag(raw: bytes, position: int) -> tuple[int, bool, int]:
    """Return an identifier of one octet, or of up to four for tag numbers above 30."""
    if position >= len(raw):
        malformed("the ASN.1 data ends where an element should begin")
    first, end = raw[position], position + 1
    if first & _LONG_TAG != _LONG_TAG:
        return first, bool(first & _CONSTRUCTED), end
    while end < len(raw) and raw[end] & 0x80:
        end += 1
    end += 1
    if end > len(raw) or end - position > 4:
        malformed("an ASN.1 tag is cut short or too long")
    tag = int.from_bytes(raw[position:end], "big")
    return tag, bool(first & _CONSTRUCTED), end
