"""What the universal types of ASN.1 are called and hold. Source: ITU-T X.680 and X.690."""

from datetime import datetime

from hht.gbcs.asn1 import der
from hht.gbcs.asn1.der import Node
from hht.gbcs.errors import MalformedMessage

_NAMES = {
    0: "end of contents",
    1: "BOOLEAN",
    2: "INTEGER",
    3: "BIT STRING",
    4: "OCTET STRING",
    5: "NULL",
    6: "OBJECT IDENTIFIER",
    7: "ObjectDescriptor",
    8: "EXTERNAL",
    9: "REAL",
    10: "ENUMERATED",
    11: "EMBEDDED PDV",
    12: "UTF8String",
    13: "RELATIVE-OID",
    16: "SEQUENCE",
    17: "SET",
    18: "NumericString",
    19: "PrintableString",
    20: "T61String",
    21: "VideotexString",
    22: "IA5String",
    23: "UTCTime",
    24: "GeneralizedTime",
    25: "GraphicString",
    26: "VisibleString",
    27: "GeneralString",
    28: "UniversalString",
    29: "CHARACTER STRING",
    30: "BMPString",
}
_LONGEST_IDENTIFIER = 64
"""Octets; those of X.509 and GBCS are at most 12, and Python cannot write out an endless arc."""

_WHOLE_NUMBERS = frozenset({der.INTEGER, der.ENUMERATED})
_TEXT = {
    12: "utf-8",
    18: "ascii",
    19: "ascii",
    20: "latin-1",
    21: "latin-1",
    22: "ascii",
    23: "ascii",
    25: "latin-1",
    26: "ascii",
    27: "latin-1",
    28: "utf-32-be",
    30: "utf-16-be",
}


def type_name(tag: int) -> str:
    """Return the name of a universal type, or the class and number of another tag."""
    if tag > 0xFF:
        return f"tag {tag:X}"
    kind = ("", "application", "context", "private")[tag >> 6]
    if kind:
        return f"{kind} [{tag & 0x1F}]"
    return _NAMES.get(tag & 0x1F, f"universal {tag}")


def value_of(node: Node) -> int | bytes | str | bool | datetime | None:
    """Return the content of a primitive node as Python knows it.

    Its bytes where they hold no sense.
    """
    tag, content = node.tag, node.content
    if tag & 0x20 or tag == der.NULL:
        return None
    if tag == der.BOOLEAN:
        return content != b"\x00"
    if tag in _WHOLE_NUMBERS and node.is_number:
        return node.number
    if tag == der.OBJECT_IDENTIFIER and 0 < len(content) <= _LONGEST_IDENTIFIER:
        return dotted(content)
    try:
        if tag == der.GENERALIZED_TIME:
            return node.time
        return content.decode(_TEXT[tag]) if tag in _TEXT else content
    except (UnicodeDecodeError, MalformedMessage):
        return content


def dotted(content: bytes) -> str:
    """Return the dotted form of an object identifier's content octets.

    Hexadecimal for an endless one.
    """
    if len(content) > _LONGEST_IDENTIFIER:
        return content.hex().upper()
    arcs = []
    arc = 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2) if arcs else 0
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]])) if arcs else ""
