"""ZigBee NWK frames: data and commands, in clear or under the network key."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Self

from hht.entity_id import EntityId
from hht.zse.frames.octets import MalformedFrame, Octets, u16
from hht.zse.frames.security import Auxiliary, seal, unseal

COORDINATOR = 0x0000
BROADCAST_RX_ON = 0xFFFD

_VERSION = 2 << 2
_SECURITY, _SOURCE_ROUTE, _DESTINATION_EUI, _SOURCE_EUI = 0x0200, 0x0400, 0x0800, 0x1000
_MULTICAST = 0x0100
_REQUEST, _REJOIN = 0x40, 0x20
"""Options of a Leave command (ZigBee specification 3.4.4.3.1)."""


class NwkKind(IntEnum):
    """Frame types, ZigBee specification table 3.46."""

    DATA = 0
    COMMAND = 1


class NwkCommand(IntEnum):
    """Command identifiers, ZigBee specification table 3.47."""

    LEAVE = 4
    REJOIN_REQUEST = 6
    REJOIN_RESPONSE = 7


@dataclass(frozen=True, slots=True)
class NwkFrame:
    """One NWK frame; `payload` is in clear."""

    kind: int
    destination: int
    source: int
    sequence: int
    payload: bytes
    radius: int = 30
    destination_eui: EntityId | None = None
    source_eui: EntityId | None = None
    secured: bool = False

    def encode(self, auxiliary: Auxiliary | None = None, key: bytes = b"") -> bytes:
        """Encode for a MAC data frame; `auxiliary` and `key` secure it."""
        header = self._header(secured=auxiliary is not None)
        if auxiliary is None:
            return header + self.payload
        return seal(header, self.payload, auxiliary, key)

    def _header(self, *, secured: bool) -> bytes:
        control = self.kind | _VERSION | (_SECURITY if secured else 0)
        control |= _DESTINATION_EUI if self.destination_eui else 0
        control |= _SOURCE_EUI if self.source_eui else 0
        addresses = b"".join(
            eui.little_endian for eui in (self.destination_eui, self.source_eui) if eui
        )
        numbers = bytes([self.radius, self.sequence])
        return u16(control) + u16(self.destination) + u16(self.source) + numbers + addresses

    @classmethod
    def decode(cls, raw: bytes) -> tuple[Self, bytes]:
        """Read the header: the frame, its payload still as on the air, and the header's bytes."""
        octets = Octets(raw)
        control = octets.number(2)
        if control & _MULTICAST or control >> 2 & 15 != 2:
            raise MalformedFrame("not a unicast or broadcast NWK frame of ZigBee PRO")
        destination, source = octets.number(2), octets.number(2)
        radius, sequence = octets.number(1), octets.number(1)
        destination_eui = octets.eui64() if control & _DESTINATION_EUI else None
        source_eui = octets.eui64() if control & _SOURCE_EUI else None
        if control & _SOURCE_ROUTE:
            relays = octets.number(1)
            octets.take(1 + 2 * relays)
        header = raw[: octets.position]
        frame = cls(
            control & 3,
            destination,
            source,
            sequence,
            octets.rest(),
            radius,
            destination_eui,
            source_eui,
            bool(control & _SECURITY),
        )
        return frame, header

    def opened(self, header: bytes, key: bytes) -> tuple[Self, Auxiliary]:
        """Return the frame with its payload in clear; SecurityFailure if `key` is wrong."""
        auxiliary, plain = unseal(header, self.payload, self.source_eui, lambda _: key)
        return replace(self, payload=plain), auxiliary


def leave(*, request: bool, rejoin: bool = False) -> bytes:
    """Build a Leave command: an order to the receiver (`request`), or a notice of leaving.

    With `rejoin` the receiver keeps the network key and comes back.
    """
    return bytes([NwkCommand.LEAVE, (_REQUEST if request else 0) | (_REJOIN if rejoin else 0)])


def leaves_to_rejoin(payload: bytes) -> bool:
    """Return whether this Leave command is an order to come back."""
    return payload[1:2] != b"" and bool(payload[1] & _REJOIN)


def is_leave_request(payload: bytes) -> bool:
    """Return whether this Leave command orders its receiver to leave."""
    return payload[1:2] != b"" and bool(payload[1] & _REQUEST)
