"""Which Device a Command adds to a log, removes from it, joins with another or unjoins.

CCS01 and CCS02 go to a CHF, CS03 and CS04 to the Device that is to work with the other one.
"""

from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.gbcs import dlms
from hht.gbcs.asn1.der import Node, encode_node
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message
from hht.gbcs.payload import Asn1Payload, decode_payload

CCS01, CCS02 = 0x0001, 0x0002
JOINS = {0x000D, 0x00AB, 0x000E, 0x00AF}
UNJOINS = {0x000F, 0x0010}
_REGISTER, _UNREGISTER = 1, 2  # methods of the Device Log's object (GBCS CCS01, CCS02)
_JOIN_TIMEOUT = 3
"""The attribute that says for how many seconds joining stays open."""
_ADDED_FIELDS = 4  # Device, key type, key, Device type (GBCS CCS01)
_JOIN_FIELDS = 3  # method and role, Device, its type (GBCS CS03)
CCS01_DEVICE_TYPES = {
    **{0: "ESME", 1: "GSME", 0x0D: "HCALCS"},
    **{0x80: "IHD", 0x82: "CAD", 0x84: "PPMID", 0xFE: "GPF"},
}
"""The numbers by which CCS01 names what kind of Device it adds."""


@dataclass(frozen=True, slots=True)
class AddDevice:
    """CCS01: the Device, the key it joins with, and its type as CCS01 numbers it.

    `join_seconds` is how long joining stays open, 0 where the Command does not set it.
    """

    chf: EntityId
    device: EntityId
    install_code: bytes = field(repr=False)
    device_type: int
    join_seconds: int = 0


@dataclass(frozen=True, slots=True)
class RemoveDevice:
    """CCS02."""

    chf: EntityId
    device: EntityId


@dataclass(frozen=True, slots=True)
class JoinDevice:
    """CS03: `device` is to work with `other`; `certificate` (DER) is there in method C alone."""

    device: EntityId
    other: EntityId
    other_type: int
    certificate: bytes = b""


@dataclass(frozen=True, slots=True)
class UnjoinDevice:
    """CS04."""

    device: EntityId
    other: EntityId


DeviceCommand = AddDevice | RemoveDevice | JoinDevice | UnjoinDevice


def device_command(message: Message) -> DeviceCommand | None:
    """Read what a Command says of Devices; None for any other Command.

    MalformedMessage where it is one of these and cannot be read.
    """
    if message.message_code in (CCS01, CCS02):
        return _log_command(message)
    if message.message_code in JOINS | UNJOINS:
        return _join_command(message)
    return None


def _log_command(message: Message) -> DeviceCommand:
    payload = decode_payload(message)
    if not isinstance(payload, dlms.AccessRequest):
        raise MalformedMessage("this is no access-request")
    wanted = _REGISTER if message.message_code == CCS01 else _UNREGISTER
    for spec, value in zip(payload.specs, payload.data, strict=False):
        if spec.kind is dlms.SpecKind.ACTION and spec.member == wanted:
            if wanted == _UNREGISTER:
                return _removed(message, value)
            return _added(message, value, _join_seconds(payload))
    raise MalformedMessage("it registers no Device")


def _join_seconds(payload: dlms.AccessRequest) -> int:
    """Return the join timeout that the Command sets, in seconds; 0 where it sets none."""
    for spec, value in zip(payload.specs, payload.data, strict=False):
        if (spec.kind, spec.member) == (dlms.SpecKind.SET, _JOIN_TIMEOUT):
            return value.content if isinstance(value.content, int) else 0
    return 0


def _added(message: Message, value: dlms.Value, join_seconds: int) -> AddDevice:
    members = value.members
    if len(members) != _ADDED_FIELDS or not isinstance(members[3].content, int):
        raise MalformedMessage("what it registers has not four fields")
    return AddDevice(
        message.recipient,
        _entity(members[0].octets),
        members[2].octets,
        members[3].content,
        join_seconds,
    )


def _removed(message: Message, value: dlms.Value) -> RemoveDevice:
    return RemoveDevice(message.recipient, _entity(value.octets))


def _join_command(message: Message) -> DeviceCommand:
    payload = decode_payload(message)
    if not isinstance(payload, Asn1Payload):
        raise MalformedMessage("this is no ASN.1 payload")
    fields = payload.root.children
    if message.message_code in UNJOINS:
        return UnjoinDevice(message.recipient, _entity(_unjoined(payload.root)))
    if len(fields) < _JOIN_FIELDS:
        raise MalformedMessage("a join has not three fields")
    certificate = encode_node(fields[_JOIN_FIELDS]) if len(fields) > _JOIN_FIELDS else b""
    return JoinDevice(message.recipient, _entity(fields[1].content), fields[2].number, certificate)


def _unjoined(root: Node) -> bytes:
    return root.content or next((each.content for each in root.children if each.content), b"")


def _entity(octets: bytes) -> EntityId:
    try:
        return EntityId(octets)
    except ValueError:
        raise MalformedMessage("an Entity Identifier has not 8 octets") from None
