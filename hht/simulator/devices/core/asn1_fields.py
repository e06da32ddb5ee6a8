"""ASN.1 payloads on a Device: taken apart with one kind of complaint, written as Devices do."""

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.errors import MalformedMessage


def members(node: der.Node, low: int, high: int | None = None) -> tuple[der.Node, ...]:
    """Return the children of a SEQUENCE that must have `low` (to `high`) of them."""
    count = len(node.children)
    if node.tag != der.SEQUENCE or not low <= count <= (low if high is None else high):
        raise MalformedMessage(f"a SEQUENCE of {low} elements is not where it should be")
    return node.children


def only(payload: bytes, tag: int) -> der.Node:
    """Return the one element that is the payload, of the given tag."""
    node = der.decode_only_node(payload)
    if node.tag != tag:
        raise MalformedMessage(f"the payload is not of ASN.1 type {tag:02X}")
    return node


def identifier(node: der.Node) -> EntityId:
    """Read an Entity Identifier in an OCTET STRING."""
    if node.tag != der.OCTET_STRING or len(node.content) != 8:
        raise MalformedMessage("an Entity Identifier is not an OCTET STRING of 8")
    return EntityId(node.content)


def encode(node: der.Node) -> bytes:
    """Encode an element, every length above 127 in two octets, as reference Devices do."""
    return der.encode_node(_with_long_lengths(node))


def _with_long_lengths(node: der.Node) -> der.Node:
    return _sized(node._replace(children=tuple(map(_with_long_lengths, node.children))))


def _sized(node: der.Node) -> der.Node:
    length = len(node.content) or sum(len(der.encode_node(child)) for child in node.children)
    return node._replace(excess=1 if 0x80 <= length < 0x100 else 0)
