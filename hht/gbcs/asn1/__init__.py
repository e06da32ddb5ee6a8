"""ASN.1 payloads: joins, security credentials, firmware activation, Device Logs, GSME time."""

from hht.gbcs.asn1.der import (
    Node,
    bit_string,
    context,
    decode_node,
    decode_only_node,
    encode_node,
    enumerated,
    generalized_time,
    integer,
    null,
    octets,
    sequence,
)
from hht.gbcs.asn1.shape import Element
from hht.gbcs.asn1.shapes import name_nodes

__all__ = [
    "Element",
    "Node",
    "bit_string",
    "context",
    "decode_node",
    "decode_only_node",
    "encode_node",
    "enumerated",
    "generalized_time",
    "integer",
    "name_nodes",
    "null",
    "octets",
    "sequence",
]
