"""IEEE 802.15.4 frames (without FCS) as ZigBee uses them: beacons, commands, data."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from hht.entity_id import EntityId
from hht.zse.frames.octets import MalformedFrame, Octets, u16

BROADCAST = 0xFFFF
NO_SHORT_ADDRESS = 0xFFFE
MAX_FRAME = 125  # aMaxPHYPacketSize 127 without the FCS

_ACK_REQUEST = 0x0020
_PAN_COMPRESSION = 0x0040
_RESERVED_MODE, _SHORT_MODE, _LONG_MODE = 1, 2, 3  # addressing modes

Address = int | EntityId


class MacKind(IntEnum):
    """Frame types, IEEE 802.15.4-2006 table 79."""

    BEACON = 0
    DATA = 1
    ACK = 2
    COMMAND = 3


class MacCommand(IntEnum):
    """Command identifiers, IEEE 802.15.4-2006 table 82."""

    ASSOCIATION_REQUEST = 1
    ASSOCIATION_RESPONSE = 2
    DATA_REQUEST = 4
    ORPHAN_NOTIFICATION = 6
    BEACON_REQUEST = 7
    COORDINATOR_REALIGNMENT = 8


class AssociationStatus(IntEnum):
    """What a coordinator answers, IEEE 802.15.4-2006 table 83."""

    SUCCESSFUL = 0
    PAN_AT_CAPACITY = 1
    ACCESS_DENIED = 2


@dataclass(frozen=True, slots=True)
class MacFrame:
    """One MAC frame; an address is 16 bits or an EUI-64, None where the frame has none."""

    kind: int
    sequence: int
    payload: bytes = b""
    destination_pan: int | None = None
    destination: Address | None = None
    source_pan: int | None = None
    source: Address | None = None
    ack_request: bool = False

    def encode(self) -> bytes:
        """Encode as on the air; one PAN id is written once (PAN id compression)."""
        compressed = (
            self.source is not None
            and self.destination is not None
            and self.source_pan == self.destination_pan
        )
        control = self.kind | _mode(self.destination) << 10 | _mode(self.source) << 14
        control |= (_ACK_REQUEST if self.ack_request else 0) | (
            _PAN_COMPRESSION if compressed else 0
        )
        return (
            u16(control)
            + bytes([self.sequence])
            + _encode_address(self.destination_pan, self.destination)
            + _encode_address(None if compressed else self.source_pan, self.source)
            + self.payload
        )

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Read a frame without FCS; MalformedFrame where it is none."""
        octets = Octets(raw)
        control, sequence = octets.number(2), octets.number(1)
        destination_mode, source_mode = control >> 10 & 3, control >> 14 & 3
        pan = octets.number(2) if destination_mode else None
        destination = _read_address(octets, destination_mode)
        compressed = bool(control & _PAN_COMPRESSION)
        source_pan = pan if compressed else octets.number(2) if source_mode else None
        source = _read_address(octets, source_mode)
        return cls(
            control & 7,
            sequence,
            octets.rest(),
            pan,
            destination,
            source_pan,
            source,
            bool(control & _ACK_REQUEST),
        )


@dataclass(frozen=True, slots=True)
class Realignment:
    """What a coordinator sends a child that has lost it (IEEE 802.15.4-2006, 7.3.8)."""

    pan_id: int
    channel: int
    short: int
    """The child's own address."""

    def encode(self) -> bytes:
        """Encode the command; the coordinator's short address, always 0, is the third field."""
        command = bytes([MacCommand.COORDINATOR_REALIGNMENT])
        return command + u16(self.pan_id) + u16(0) + bytes([self.channel]) + u16(self.short)

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Read the command, its identifier included; MalformedFrame where it is too short."""
        octets = Octets(raw)
        octets.take(1)
        pan_id, _coordinator = octets.number(2), octets.number(2)
        return cls(pan_id, octets.number(1), octets.number(2))


@dataclass(frozen=True, slots=True)
class BeaconPayload:
    """What a ZigBee PRO coordinator says of itself (ZigBee specification 3.6.7)."""

    extended_pan_id: EntityId
    permit_joining: bool
    stack_profile: int = 2
    update_id: int = 0

    def encode(self) -> bytes:
        """Encode superframe (beaconless, PAN coordinator), GTS, pending addresses, ZigBee part."""
        superframe = 0x4FFF | (0x8000 if self.permit_joining else 0)
        capacity = 0x84  # routers and end devices, depth 0
        return (
            u16(superframe)
            + bytes([0, 0, 0, 0x20 | self.stack_profile, capacity])
            + self.extended_pan_id.little_endian
            + b"\xff\xff\xff"
            + bytes([self.update_id])
        )

    @classmethod
    def decode(cls, raw: bytes) -> Self:
        """Read the payload of a beacon; MalformedFrame when it is not ZigBee's."""
        octets = Octets(raw)
        superframe = octets.number(2)
        if octets.take(3) != b"\x00\x00\x00":
            raise MalformedFrame("not the beacon of a ZigBee coordinator")
        profile_and_version, _capacity = octets.number(1), octets.number(1)
        extended = octets.eui64()
        octets.take(3)
        return cls(extended, bool(superframe & 0x8000), profile_and_version & 15, octets.number(1))


def is_interpan(frame: MacFrame) -> bool:
    """Return whether a ZigBee inter-PAN stub header (frame type 3) follows the MAC header."""
    return frame.kind == MacKind.DATA and frame.payload[:1] != b"" and frame.payload[0] & 3 == 3


def _mode(address: Address | None) -> int:
    if address is None:
        return 0
    return _SHORT_MODE if isinstance(address, int) else _LONG_MODE


def _encode_address(pan: int | None, address: Address | None) -> bytes:
    if address is None:
        return b""
    short = u16(address) if isinstance(address, int) else address.little_endian
    return (b"" if pan is None else u16(pan)) + short


def _read_address(octets: Octets, mode: int) -> Address | None:
    if mode == _RESERVED_MODE:
        raise MalformedFrame("reserved addressing mode")
    if mode == _LONG_MODE:
        return octets.eui64()
    return octets.number(2) if mode == _SHORT_MODE else None
