"""An IEEE 802.15.4 frame in one line: who to whom, and what kind, as far as it is clear text."""

from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.zse.errors import MalformedFrame
from hht.zse.interpan.frame import decode_interpan

_KINDS = {0: "beacon", 1: "data", 2: "acknowledgement", 3: "command"}
_COMMANDS = {
    0x01: "association request",
    0x02: "association response",
    0x03: "disassociation",
    0x04: "data request",
    0x05: "PAN id conflict",
    0x06: "orphan",
    0x07: "beacon request",
    0x08: "coordinator realignment",
}
_SHORT, _LONG = 2, 3  # addressing modes
_COMPRESSED = 0x0040
_BEACON_FIXED = 4  # superframe, guaranteed slots, pending addresses: none in ZigBee
_LEAST = 3  # frame control and number, as an acknowledgement has them
_STUB_NWK = b"\x0b\x00"


@dataclass(frozen=True, slots=True)
class Summary:
    """`pan` and addresses are as text, "" where the frame has none."""

    kind: str
    source: str
    destination: str
    pan: str
    detail: str

    def __str__(self) -> str:
        ends = f"{self.source or '-'} > {self.destination or '-'}"
        pan = f" PAN {self.pan}" if self.pan else ""
        return f"{self.kind}{pan} {ends}" + (f"  {self.detail}" if self.detail else "")


def summarise(raw: bytes) -> Summary:
    """Read as much of a MAC frame without FCS as there is; never raises."""
    if len(raw) < _LEAST:
        return Summary("cut short", "", "", "", f"{len(raw)} bytes")
    control = int.from_bytes(raw[:2], "little")
    kind = _KINDS.get(control & 0x07, f"type {control & 0x07}")
    rest = _Bytes(raw[3:])
    pan, destination = _address(rest, control >> 10 & 3, pan=True)
    other_pan, source = _address(rest, control >> 14, pan=not control & _COMPRESSED or not pan)
    detail = _detail(kind, raw, rest.left)
    return Summary(kind, source, destination, pan or other_pan, detail)


class _Bytes:
    """What is left of a frame."""

    def __init__(self, left: bytes) -> None:
        self.left = left

    def take(self, size: int) -> bytes:
        taken, self.left = self.left[:size], self.left[size:]
        return taken


def _address(rest: _Bytes, mode: int, *, pan: bool) -> tuple[str, str]:
    """Read PAN and address, each "" where it is not there."""
    if mode not in (_SHORT, _LONG):
        return "", ""
    pan_id = _hexadecimal(rest.take(2)) if pan else ""
    raw = rest.take(2 if mode == _SHORT else 8)
    if mode == _LONG and len(raw) == 8:
        return pan_id, str(EntityId.from_little_endian(raw))
    return pan_id, _hexadecimal(raw)


def _hexadecimal(little_endian: bytes) -> str:
    return little_endian[::-1].hex().upper()


def _detail(kind: str, raw: bytes, payload: bytes) -> str:
    if kind == "acknowledgement":
        return f"of number {raw[2]}"
    if kind == "command":
        return _COMMANDS.get(payload[0], f"command 0x{payload[0]:02X}") if payload else ""
    if kind == "beacon":
        extended = payload[_BEACON_FIXED + 3 : _BEACON_FIXED + 11]
        return f"of {EntityId.from_little_endian(extended)}" if len(extended) == 8 else ""
    return _data(raw, payload) if kind == "data" else ""


def _data(raw: bytes, payload: bytes) -> str:
    """Describe inter-PAN by its cluster, a frame of a network by its short addresses."""
    if payload.startswith(_STUB_NWK):
        return _interpan(raw, payload)
    if len(payload) < 8:
        return f"{len(payload)} bytes"
    destination, source = _hexadecimal(payload[2:4]), _hexadecimal(payload[4:6])
    secured = ", secured" if payload[1] & 0x02 else ""
    return f"network {source} > {destination}{secured}, {len(payload)} bytes"


def _interpan(raw: bytes, payload: bytes) -> str:
    try:
        frame = decode_interpan(raw)
    except MalformedFrame:
        return f"inter-PAN, secured or not whole, {len(payload)} bytes"
    return (
        f"inter-PAN cluster {frame.cluster:04X} profile {frame.profile:04X}, {len(payload)} bytes"
    )
