"""From a message to its typed payload, whatever use case it is of."""

from dataclasses import dataclass, field

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import Element, Node, decode_only_node, name_nodes
from hht.gbcs.asn1.shapes import SHAPES
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.length import malformed
from hht.gbcs.message import Cra, Message
from hht.gbcs.use_cases import use_cases

_GBZ = gbz.PROFILE.to_bytes(2, "big")
_SEQUENCE = b"\x30"
_LARGEST = 0x10000
"""Octets; the largest reference message has 3,986, and a tree of more would fill the memory."""


@dataclass(frozen=True, slots=True)
class Asn1Payload:
    """A DER tree and the use case that has its names."""

    root: Node = field(repr=False)
    message_code: int
    cra: Cra

    @property
    def element(self) -> Element:
        """The tree with the names of its use case."""
        return name_nodes(self.message_code, self.cra, self.root)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The payload of a message code this tool does not know, kept as bytes; `note` says so."""

    raw: bytes = field(repr=False)
    note: str


Payload = (
    dlms.AccessRequest
    | dlms.AccessResponse
    | dlms.Notification
    | gbz.GbzPayload
    | gbz.GbzAlert
    | Asn1Payload
    | Unknown
)


def decode_payload(message: Message) -> Payload:
    """Decode by message code and content; MalformedMessage if a known code's payload is broken."""
    try:
        return _decode(message)
    except MalformedMessage:
        if message.message_code in use_cases():
            raise
    note = f"Message code {message.message_code:04X} is not one this tool knows."
    return Unknown(message.payload, note)


def _decode(message: Message) -> Payload:
    raw = message.payload
    if len(raw) > _LARGEST:
        malformed(f"a payload of {len(raw)} bytes is longer than any use case's")
    is_alert = message.cra is Cra.ALERT
    if message.message_code in SHAPES or (is_alert and raw.startswith(_SEQUENCE)):
        return Asn1Payload(decode_only_node(raw), message.message_code, message.cra)
    if raw.startswith(_GBZ):
        return gbz.decode_gbz_alert(raw) if is_alert else gbz.decode_gbz(raw)
    match raw[:1]:
        case b"\xd9":
            return dlms.decode_access_request(raw)
        case b"\xda":
            return dlms.decode_access_response(raw)
        case b"\x0f":
            return dlms.decode_notification(raw)
    malformed("the payload is neither DLMS, ASN.1 nor GBZ")
