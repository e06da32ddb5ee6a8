"""Taking ASN.1 payloads apart with one kind of complaint: MalformedMessage."""

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.errors import MalformedMessage


def members(node: der.Node, low: int, high: int | None = None) -> tuple[der.Node, ...]:
    """The children of a SEQUENCE that must have `low` (to `high`) of them."""
    count = len(node.children)
    if node.tag != der.SEQUENCE or not low <= count <= (low if high is None else high):
        raise MalformedMessage(f"a SEQUENCE of {low} elements is not where it should be")
    return node.children


def only(payload: bytes, tag: int) -> der.Node:
    """The one element that is the payload, of the given tag."""
    node = der.decode_only_node(payload)
    if node.tag != tag:
        raise MalformedMessage(f"the payload is not of ASN.1 type {tag:02X}")
    return node


def identifier(node: der.Node) -> EntityId:
    """An Entity Identifier in an OCTET STRING."""
    if node.tag != der.OCTET_STRING or len(node.content) != 8:
        raise MalformedMessage("an Entity Identifier is not an OCTET STRING of 8")
    return EntityId(node.content)
