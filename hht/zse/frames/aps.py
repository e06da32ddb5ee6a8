"""ZigBee APS frames: data in one frame or in fragments, acknowledgements, Transport-Key."""

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Self

from hht.entity_id import EntityId
from hht.zse.frames.octets import MalformedFrame, Octets, u16
from hht.zse.frames.security import Auxiliary, FindKey, seal, unseal

_UNICAST, _BROADCAST, _GROUP = 0, 2, 3  # delivery modes
_SECURITY, _ACK_REQUEST, _EXTENDED = 0x20, 0x40, 0x80
_WHOLE, _FIRST, _FOLLOWING = 0, 1, 2  # fragmentation, of the extended header
_STANDARD_NETWORK_KEY = 1  # key type of Transport-Key


class ApsKind(IntEnum):
    """Frame types, ZigBee specification table 2.20."""

    DATA = 0
    COMMAND = 1
    ACK = 2


class ApsCommand(IntEnum):
    """Command identifiers, ZigBee specification table 4.28."""

    TRANSPORT_KEY = 5


@dataclass(frozen=True, slots=True)
class Fragment:
    """Which piece this is: `index` from 0; the first piece says how many there are."""

    index: int
    total: int = 0


@dataclass(frozen=True, slots=True)
class ApsFrame:
    """One APS frame; a command uses `counter` and `payload` alone.

    One for a `group` names that in place of an endpoint; no node here is in a group, so such
    frames are sent only.
    """

    kind: int
    counter: int
    payload: bytes = b""
    destination_endpoint: int = 0
    cluster: int = 0
    profile: int = 0
    source_endpoint: int = 0
    broadcast: bool = False
    group: int | None = None
    ack_request: bool = False
    fragment: Fragment | None = None
    secured: bool = False

    def encode(self, auxiliary: Auxiliary | None = None, key: bytes = b"") -> bytes:
        """Encode for a NWK data frame; `auxiliary` and `key` secure it."""
        header = self.header(secured=auxiliary is not None)
        if auxiliary is None:
            return header + self.payload
        return seal(header, self.payload, auxiliary, key)

    def header(self, *, secured: bool) -> bytes:
        """Encode the header alone: what is authenticated, and leaves less room for the payload."""
        delivery = _BROADCAST if self.broadcast else _UNICAST
        control = self.kind | (delivery if self.group is None else _GROUP) << 2
        control |= _SECURITY if secured else 0
        control |= _ACK_REQUEST if self.ack_request else 0
        control |= _EXTENDED if self.fragment else 0
        if self.kind == ApsKind.COMMAND:
            return bytes([control, self.counter])
        identifiers = u16(self.cluster) + u16(self.profile)
        to = bytes([self.destination_endpoint]) if self.group is None else u16(self.group)
        endpoints = to + identifiers + bytes([self.source_endpoint])
        return bytes([control]) + endpoints + bytes([self.counter]) + self._extended_header()

    def _extended_header(self) -> bytes:
        if self.fragment is None:
            return b""
        first = self.fragment.index == 0
        number = self.fragment.index
        if first and self.kind == ApsKind.DATA:
            number = self.fragment.total
        received = b"\xff" if self.kind == ApsKind.ACK else b""  # window of one piece
        return bytes([_FIRST if first else _FOLLOWING, number]) + received

    @classmethod
    def decode(cls, raw: bytes) -> tuple[Self, bytes]:
        """Read the header: the frame, its payload still as on the air, and the header's bytes."""
        octets = Octets(raw)
        control = octets.number(1)
        kind, delivery = control & 3, control >> 2 & 3
        if kind > ApsKind.ACK or delivery not in (_UNICAST, _BROADCAST):
            raise MalformedFrame("not an APS data, command or acknowledgement frame")
        fields = (0, 0, 0, 0)
        if kind != ApsKind.COMMAND:
            fields = (octets.number(1), octets.number(2), octets.number(2), octets.number(1))
        counter = octets.number(1)
        fragment = _read_fragment(octets, kind) if control & _EXTENDED else None
        header = raw[: octets.position]
        frame = cls(
            kind,
            counter,
            octets.rest(),
            *fields,
            broadcast=delivery == _BROADCAST,
            ack_request=bool(control & _ACK_REQUEST),
            fragment=fragment,
            secured=bool(control & _SECURITY),
        )
        return frame, header

    def opened(self, header: bytes, sender: EntityId | None, find_key: FindKey) -> Self:
        """Return the frame with its payload in clear; SecurityFailure where no key opens it."""
        _auxiliary, plain = unseal(header, self.payload, sender, find_key)
        return replace(self, payload=plain)

    def acknowledgement(self) -> "ApsFrame":
        return ApsFrame(
            ApsKind.ACK,
            self.counter,
            destination_endpoint=self.source_endpoint,
            cluster=self.cluster,
            profile=self.profile,
            source_endpoint=self.destination_endpoint,
            fragment=self.fragment,
        )


def _read_fragment(octets: Octets, kind: int) -> Fragment | None:
    which = octets.number(1) & 3
    if which == _WHOLE:
        return None
    number = octets.number(1)
    if kind == ApsKind.ACK:
        octets.number(1)
        return Fragment(number)
    return Fragment(0, number) if which == _FIRST else Fragment(number)


@dataclass(frozen=True, slots=True)
class TransportKey:
    """The Trust Centre's Transport-Key command with the network key (4.4.10.1)."""

    key: bytes = field(repr=False)
    destination: EntityId
    source: EntityId

    def encode(self) -> bytes:
        head = bytes([ApsCommand.TRANSPORT_KEY, _STANDARD_NETWORK_KEY]) + self.key + b"\x00"
        return head + self.destination.little_endian + self.source.little_endian

    @classmethod
    def decode(cls, payload: bytes) -> Self:
        octets = Octets(payload)
        if octets.take(2) != bytes([ApsCommand.TRANSPORT_KEY, _STANDARD_NETWORK_KEY]):
            raise MalformedFrame("not a Transport-Key command with a network key")
        key = octets.take(16)
        octets.take(1)
        return cls(key, octets.eui64(), octets.eui64())
