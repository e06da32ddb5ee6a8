"""Tunneling cluster 0x0704 commands that carry GBCS messages between HHT and hub.

Layouts are those of ZigBee Smart Energy, Annex D.6, with the values GBCS gives them
(section 10.2.2): protocol 6, manufacturer 0xFFFF, no flow control, transfers of 1500 bytes.
All integers are little-endian.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from hht.zse import zcl
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import ZclFrame, from_server

PROTOCOL_GB_HRGP = 6  # ProtocolID of the tunnel that GBCS prescribes
NO_MANUFACTURER = 0xFFFF
MAX_TRANSFER = 1500
"""Bytes in one TransferData that GB Devices offer (GBCS); the default of ZigBee SE as well."""

_REQUEST, _CLOSE, _TRANSFER_UP, _ERROR_UP = 0x00, 0x01, 0x02, 0x03
_RESPONSE, _TRANSFER_DOWN, _ERROR_DOWN, _CLOSED = 0x00, 0x01, 0x02, 0x06


class TunnelStatus(IntEnum):
    """What a RequestTunnelResponse says (ZSE D.6.3.1)."""

    SUCCESS = 0
    BUSY = 1
    NO_MORE_TUNNEL_IDS = 2
    PROTOCOL_NOT_SUPPORTED = 3
    FLOW_CONTROL_NOT_SUPPORTED = 4


@dataclass(frozen=True, slots=True)
class RequestTunnel:
    """The client asks for a tunnel."""

    protocol: int = PROTOCOL_GB_HRGP
    manufacturer: int = NO_MANUFACTURER
    flow_control: bool = False
    max_transfer: int = MAX_TRANSFER

    def frame(self, sequence: int) -> ZclFrame:
        parts = (bytes((self.protocol,)), _u16(self.manufacturer), bytes((self.flow_control,)))
        return _from_client(_REQUEST, b"".join(parts) + _u16(self.max_transfer), sequence)


@dataclass(frozen=True, slots=True)
class RequestTunnelResponse:
    """The server's answer; the identifier means something only with SUCCESS."""

    tunnel: int
    status: int
    max_transfer: int = MAX_TRANSFER

    def frame(self, sequence: int) -> ZclFrame:
        payload = _u16(self.tunnel) + bytes((self.status,)) + _u16(self.max_transfer)
        return from_server(_RESPONSE, payload, sequence)


@dataclass(frozen=True, slots=True)
class CloseTunnel:
    """The client ends a tunnel."""

    tunnel: int

    def frame(self, sequence: int) -> ZclFrame:
        return _from_client(_CLOSE, _u16(self.tunnel), sequence)


@dataclass(frozen=True, slots=True)
class TunnelClosure:
    """The server's notice that a tunnel has ended."""

    tunnel: int

    def frame(self, sequence: int) -> ZclFrame:
        return from_server(_CLOSED, _u16(self.tunnel), sequence)


@dataclass(frozen=True, slots=True)
class TransferData:
    """Data through a tunnel; the command's number differs with its direction."""

    tunnel: int
    data: bytes = field(repr=False)  # a CCS01 carries an Install Code
    from_server: bool = False

    def frame(self, sequence: int) -> ZclFrame:
        payload = _u16(self.tunnel) + self.data
        if self.from_server:
            return from_server(_TRANSFER_DOWN, payload, sequence)
        return _from_client(_TRANSFER_UP, payload, sequence)


class TransferStatus(IntEnum):
    """Why data was not taken (ZSE D.6.2.4.4)."""

    NO_SUCH_TUNNEL = 0
    WRONG_DEVICE = 1
    DATA_OVERFLOW = 2


@dataclass(frozen=True, slots=True)
class TransferDataError:
    """The data went no further; the command's number differs with its direction."""

    tunnel: int
    status: int
    from_server: bool = False

    def frame(self, sequence: int) -> ZclFrame:
        payload = _u16(self.tunnel) + bytes((self.status,))
        if self.from_server:
            return from_server(_ERROR_DOWN, payload, sequence)
        return _from_client(_ERROR_UP, payload, sequence)


TunnelCommand = (
    RequestTunnel
    | RequestTunnelResponse
    | CloseTunnel
    | TunnelClosure
    | TransferData
    | TransferDataError
)


def decode_tunnel_command(frame: ZclFrame) -> TunnelCommand:
    """Read a Tunneling command of either direction; MalformedFrame for any other frame."""
    if not frame.cluster_specific or frame.manufacturer is not None:
        raise MalformedFrame("not a Tunneling cluster command")
    if frame.from_server:
        return _decode_from_server(frame.command, frame.payload)
    return _decode_from_client(frame.command, frame.payload)


def _decode_from_client(command: int, payload: bytes) -> TunnelCommand:
    if command == _REQUEST and len(payload) == 6:
        flow_control = bool(payload[3])
        return RequestTunnel(payload[0], _int(payload[1:3]), flow_control, _int(payload[4:]))
    if command == _CLOSE and len(payload) == 2:
        return CloseTunnel(_int(payload))
    if command == _TRANSFER_UP and len(payload) >= 2:
        return TransferData(_int(payload[:2]), payload[2:])
    if command == _ERROR_UP and len(payload) == 3:
        return TransferDataError(_int(payload[:2]), payload[2])
    raise MalformedFrame(f"Tunneling command {command:02X} with {len(payload)} bytes to the server")


def _decode_from_server(command: int, payload: bytes) -> TunnelCommand:
    if command == _RESPONSE and len(payload) == 5:
        return RequestTunnelResponse(_int(payload[:2]), payload[2], _int(payload[3:]))
    if command == _CLOSED and len(payload) == 2:
        return TunnelClosure(_int(payload))
    if command == _TRANSFER_DOWN and len(payload) >= 2:
        return TransferData(_int(payload[:2]), payload[2:], from_server=True)
    if command == _ERROR_DOWN and len(payload) == 3:
        return TransferDataError(_int(payload[:2]), payload[2], from_server=True)
    raise MalformedFrame(f"Tunneling command {command:02X} with {len(payload)} bytes to the client")


class Header(IntEnum):
    """The header byte of TransferData of Devices that sleep (GBCS section 10.2.2.2)."""

    GET = 0x01
    GET_RESPONSE = 0x02
    PUT = 0x03


@dataclass(frozen=True, slots=True)
class TunnelData:
    """TransferData's data taken apart: header byte or None for raw, and the GBCS message.

    `remaining` counts the messages still waiting after a GET-RESPONSE.
    """

    header: Header | None
    message: bytes = field(default=b"", repr=False)
    remaining: int = 0

    def encode(self) -> bytes:
        if self.header is None:
            return self.message
        count = bytes((self.remaining,)) if self.header is Header.GET_RESPONSE else b""
        return bytes((self.header,)) + count + self.message


def decode_tunnel_data(data: bytes) -> TunnelData:
    """Decode raw GBCS (first byte DD or DF) or data with a header byte."""
    first = data[0] if data else None
    if first in (0xDD, 0xDF):
        return TunnelData(None, data)
    if first == Header.GET and len(data) == 1:
        return TunnelData(Header.GET)
    if first == Header.GET_RESPONSE and len(data) >= 2:
        return TunnelData(Header.GET_RESPONSE, data[2:], data[1])
    if first == Header.PUT:
        return TunnelData(Header.PUT, data[1:])
    raise MalformedFrame("the tunnel's data is neither a GBCS message nor has a known header")


def _from_client(command: int, payload: bytes, sequence: int) -> ZclFrame:
    """Build a frame to the server; GB Devices ask for no Default Response to these."""
    return zcl.from_client(command, payload, sequence, default_response=False)


def _int(raw: bytes) -> int:
    return int.from_bytes(raw, "little")


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "little")
