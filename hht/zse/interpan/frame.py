"""ZigBee Smart Energy inter-PAN frames: the way to talk to a hub before joining it.

A frame is an IEEE 802.15.4 data frame with a stub NWK and APS header (ZSE Annex B; byte
layout as Silicon Labs' interpan.h and Wireshark have it). The frame check sequence is
the radio's and is never part of these bytes.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from hht.entity_id import EntityId
from hht.zse.errors import MalformedFrame, NotAuthentic
from hht.zse.interpan import security
from hht.zse.zcl import SMART_ENERGY_PROFILE

BROADCAST = 0xFFFF
UNICAST_OVERHEAD = 30
"""MAC header with two EUI-64, stub NWK and stub APS header."""

_DATA_FRAME = 0x0001
_ACK_REQUEST = 0x0020
_PAN_COMPRESSION = 0x0040
_LONG_DESTINATION = 0x0C00
_SHORT_DESTINATION = 0x0800
_LONG_SOURCE = 0xC000
_ADDRESSING = 0xCC00
_MEANT = _ADDRESSING | _PAN_COMPRESSION | _ACK_REQUEST | 0x0007
_STUB_NWK = b"\x0b\x00"

_APS_INTERPAN = 0x03
_APS_SECURED = 0x20
_UNICAST, _TO_ALL, _GROUP = 0x00, 0x08, 0x0C

FindKey = Callable[[EntityId], bytes | None]


@dataclass(frozen=True, slots=True)
class InterPanFrame:
    """One inter-PAN frame, in clear; `payload` is a ZCL frame or an IPMF fragment.

    `destination` is an Entity Identifier or a 16-bit short address (BROADCAST for all).
    `group` makes it a group frame. `secured` and `frame_counter` tell how it arrived.
    An acknowledgement is never asked of a broadcast.
    """

    source: EntityId
    source_pan: int
    destination: EntityId | int
    destination_pan: int
    mac_sequence: int
    cluster: int
    payload: bytes
    profile: int = SMART_ENERGY_PROFILE
    ack_request: bool = True
    group: int | None = None
    secured: bool = False
    frame_counter: int = 0

    def encode(self) -> bytes:
        """Encode the frame in clear: MAC header, stub NWK, stub APS, payload."""
        return self._mac_header() + _STUB_NWK + self.aps_header() + self.payload

    def _mac_header(self) -> bytes:
        to_one = self.destination != BROADCAST
        control = _DATA_FRAME | _LONG_SOURCE | (_ACK_REQUEST if self.ack_request and to_one else 0)
        if isinstance(self.destination, EntityId):
            control |= _LONG_DESTINATION
            address = self.destination.little_endian
        else:
            control |= _SHORT_DESTINATION
            address = _u16(self.destination)
        addresses = _u16(self.destination_pan) + address + _u16(self.source_pan)
        sequence = bytes((self.mac_sequence,))
        return _u16(control) + sequence + addresses + self.source.little_endian

    def aps_header(self, *, secured: bool = False) -> bytes:
        """Encode the stub APS header; with the security bit the integrity code covers it."""
        mode = _UNICAST if self.destination != BROADCAST else _TO_ALL
        group = b""
        if self.group is not None:
            mode, group = _GROUP, _u16(self.group)
        control = _APS_INTERPAN | mode | (_APS_SECURED if secured else 0)
        return bytes((control,)) + group + _u16(self.cluster) + _u16(self.profile)

    def sealed_payload(self, key: bytes, counter: int, *, extended_nonce: bool = False) -> bytes:
        """Encrypt the payload: auxiliary header, ciphertext and integrity code."""
        header = self.aps_header(secured=True)
        return security.seal(header, self.source, self.payload, key, counter, extended_nonce)

    def open_payload(self, key: bytes) -> "InterPanFrame":
        """Return this frame with its payload decrypted; NotAuthentic when the code is wrong."""
        header = self.aps_header(secured=True)
        counter, clear = security.unseal(header, self.source, self.payload, key)
        return replace(self, payload=clear, secured=True, frame_counter=counter)


def encode_secured(
    frame: InterPanFrame, key: bytes, frame_counter: int, *, extended_nonce: bool = False
) -> bytes:
    """Encode the frame secured by the APS link key from CBKE (4 bytes of integrity code)."""
    sealed = frame.sealed_payload(key, frame_counter, extended_nonce=extended_nonce)
    return frame._mac_header() + _STUB_NWK + frame.aps_header(secured=True) + sealed


def decode_interpan(raw: bytes, find_key: FindKey | None = None) -> InterPanFrame:
    """Read a MAC frame without its FCS as inter-PAN, opening it when it is secured.

    MalformedFrame when it is no inter-PAN frame; NotAuthentic when it is secured and
    `find_key` has no key for its source or the integrity code does not fit.
    """
    frame, secured = decode_sealed(raw)
    if not secured:
        return frame
    key = find_key(frame.source) if find_key else None
    if key is None:
        raise NotAuthentic(f"no key is held for the secured inter-PAN frame from {frame.source}")
    return frame.open_payload(key)


def decode_sealed(raw: bytes) -> tuple[InterPanFrame, bool]:
    """Read a MAC frame without its FCS as inter-PAN, its payload as on the air; is it secured?

    MalformedFrame when it is no inter-PAN frame.
    """
    frame, rest = _read_mac_header(raw)
    if rest[:2] != _STUB_NWK:
        raise MalformedFrame("not an inter-PAN frame: another NWK frame type or version")
    return _read_aps_header(frame, rest[2:])


def _read_mac_header(raw: bytes) -> tuple[InterPanFrame, bytes]:
    control = int.from_bytes(raw[:2], "little")
    compressed = bool(control & _PAN_COMPRESSION)
    long_destination = control & _ADDRESSING == _LONG_DESTINATION | _LONG_SOURCE
    if not long_destination and control & _ADDRESSING != _SHORT_DESTINATION | _LONG_SOURCE:
        raise MalformedFrame("not an inter-PAN frame: another form of MAC addressing")
    if control & ~_MEANT or control & 0x0007 != _DATA_FRAME:
        raise MalformedFrame("not an inter-PAN frame: not a plain MAC data frame")
    address_end = 13 if long_destination else 7
    pan_end = address_end if compressed else address_end + 2
    if len(raw) < pan_end + 8:
        raise MalformedFrame("an inter-PAN frame's MAC header is cut short")
    address = raw[5:address_end]
    destination_pan = int.from_bytes(raw[3:5], "little")
    frame = InterPanFrame(
        source=EntityId.from_little_endian(raw[pan_end : pan_end + 8]),
        source_pan=destination_pan
        if compressed
        else int.from_bytes(raw[pan_end - 2 : pan_end], "little"),
        destination=_address(address),
        destination_pan=destination_pan,
        mac_sequence=raw[2],
        cluster=0,
        payload=b"",
        ack_request=bool(control & _ACK_REQUEST),
    )
    return frame, raw[pan_end + 8 :]


def _read_aps_header(frame: InterPanFrame, raw: bytes) -> tuple[InterPanFrame, bool]:
    control = raw[0] if raw else 0
    mode = control & _GROUP
    if control & ~(_GROUP | _APS_SECURED) != _APS_INTERPAN or mode == 0x04:
        raise MalformedFrame("not an inter-PAN frame: another APS frame type")
    fields_end = 7 if mode == _GROUP else 5
    if len(raw) < fields_end:
        raise MalformedFrame("an inter-PAN frame's APS header is cut short")
    if (mode == _TO_ALL) != (frame.destination == BROADCAST) and mode != _GROUP:
        raise MalformedFrame("an inter-PAN frame's APS delivery mode is not that of its address")
    read = replace(
        frame,
        group=int.from_bytes(raw[1:3], "little") if mode == _GROUP else None,
        cluster=int.from_bytes(raw[fields_end - 4 : fields_end - 2], "little"),
        profile=int.from_bytes(raw[fields_end - 2 : fields_end], "little"),
        payload=raw[fields_end:],
    )
    return read, bool(control & _APS_SECURED)


def _address(raw: bytes) -> EntityId | int:
    return EntityId.from_little_endian(raw) if len(raw) == 8 else int.from_bytes(raw, "little")


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")
