"""ZCL frames on the air: the header and payload of every ZigBee cluster command.

What no node may send is refused here; the ZCL frames inside a GBCS message (`hht.gbcs.gbz`) are
kept as they came, for the MAC covers them.
"""

from dataclasses import dataclass, field

from hht.zse.errors import MalformedFrame

SMART_ENERGY_PROFILE = 0x0109
BASIC = 0x0000
KEY_ESTABLISHMENT = 0x0800
TUNNELING = 0x0704

CLUSTER_SPECIFIC = 0x01
MANUFACTURER_SPECIFIC = 0x04
FROM_SERVER = 0x08
NO_DEFAULT_RESPONSE = 0x10

READ_ATTRIBUTES = 0x00
READ_ATTRIBUTES_RESPONSE = 0x01
DEFAULT_RESPONSE = 0x0B

_FRAME_TYPE = 0x03
_RESERVED = 0xE0


@dataclass(frozen=True, slots=True)
class ZclFrame:
    """One ZCL frame (ZigBee Cluster Library, section 2.4.1)."""

    frame_control: int
    sequence: int
    command: int
    payload: bytes = field(default=b"", repr=False)  # as TransferData's
    manufacturer: int | None = None

    @property
    def cluster_specific(self) -> bool:
        return self.frame_control & _FRAME_TYPE == CLUSTER_SPECIFIC

    @property
    def from_server(self) -> bool:
        return bool(self.frame_control & FROM_SERVER)

    @property
    def wants_default_response(self) -> bool:
        return not self.frame_control & NO_DEFAULT_RESPONSE

    @property
    def is_refusal(self) -> bool:
        """Whether it is a Default Response (command, status) that refuses what was sent."""
        is_default_response = not self.cluster_specific and self.command == DEFAULT_RESPONSE
        return is_default_response and self.payload[1:2] not in (b"", b"\x00")

    def encode(self) -> bytes:
        """Encode as frame control, [manufacturer LE], sequence, command, payload."""
        control = self.frame_control & ~MANUFACTURER_SPECIFIC
        code = b""
        if self.manufacturer is not None:
            control |= MANUFACTURER_SPECIFIC
            code = self.manufacturer.to_bytes(2, "little")
        return bytes((control,)) + code + bytes((self.sequence, self.command)) + self.payload

    @classmethod
    def decode(cls, raw: bytes) -> "ZclFrame":
        """Read a frame; MalformedFrame when it is too short or of a reserved type."""
        header = 5 if raw and raw[0] & MANUFACTURER_SPECIFIC else 3
        if len(raw) < header:
            raise MalformedFrame(f"a ZCL frame has at least {header} bytes, this has {len(raw)}")
        if raw[0] & _FRAME_TYPE > CLUSTER_SPECIFIC or raw[0] & _RESERVED:
            raise MalformedFrame(f"ZCL frame control {raw[0]:02X} is reserved")
        manufacturer = int.from_bytes(raw[1:3], "little") if header == 5 else None
        return cls(raw[0], raw[header - 2], raw[header - 1], raw[header:], manufacturer)


def from_client(
    command: int, payload: bytes, sequence: int, *, default_response: bool = True
) -> ZclFrame:
    """Build a cluster command to the server, with or without asking for a Default Response."""
    control = CLUSTER_SPECIFIC | (0 if default_response else NO_DEFAULT_RESPONSE)
    return ZclFrame(control, sequence, command, payload)


def from_server(command: int, payload: bytes, sequence: int) -> ZclFrame:
    """Build a cluster command to the client, asking for no Default Response."""
    control = CLUSTER_SPECIFIC | FROM_SERVER | NO_DEFAULT_RESPONSE
    return ZclFrame(control, sequence, command, payload)


def default_response(answered: ZclFrame, status: int) -> ZclFrame:
    """Build the Default Response to a frame, in the other direction (ZCL section 2.5.12)."""
    direction = 0 if answered.from_server else FROM_SERVER
    control = direction | NO_DEFAULT_RESPONSE
    payload = bytes((answered.command, status))
    return ZclFrame(control, answered.sequence, DEFAULT_RESPONSE, payload, answered.manufacturer)
