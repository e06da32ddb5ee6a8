"""ZCL frames and Tunneling commands: their bytes both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Headers
from hht.radio.types import IncomingMessage
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import Block
from hht.zse.tunneling import (
    CloseTunnel,
    Header,
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TransferStatus,
    TunnelClosure,
    TunnelData,
    TunnelStatus,
    decode_tunnel_command,
    decode_tunnel_data,
)
from hht.zse.zcl import ZclFrame, default_response

HEADERS = Headers(Cra.COMMAND, 1, EntityId(bytes(8)), EntityId(bytes(8)), 0x0001)
COMMANDS = [
    (RequestTunnel(), "110500 06ffff00dc05"),
    (RequestTunnelResponse(0x0102, TunnelStatus.BUSY), "190500 0201 01 dc05"),
    (CloseTunnel(0x0102), "110501 0201"),
    (TunnelClosure(0x0102), "190506 0201"),
    (TransferDataError(0x0102, TransferStatus.NO_SUCH_TUNNEL), "110503 0201 00"),
    (TransferDataError(0x0102, TransferStatus.DATA_OVERFLOW, True), "190502 0201 02"),
    (TransferData(0x0102, b"\xdd\x00"), "110502 0201 dd00"),
    (TransferData(0x0102, b"\xdd\x00", from_server=True), "190501 0201 dd00"),
]


@pytest.mark.parametrize(
    "carrier",
    [
        TransferData(1, b"Install Code"),
        TunnelData(Header.PUT, b"Install Code"),
        TransferData(1, b"Install Code").frame(5),
        Block(HEADERS, 1, True, b"Install Code"),
        IncomingMessage(0x0704, 0x0109, 1, 1, 0, b"Install Code", True, 255, -40),
    ],
    ids=lambda carrier: type(carrier).__name__,
)
def test_what_carries_a_command_has_none_of_it_in_its_repr(carrier: object) -> None:
    assert "Code" not in repr(carrier)


@pytest.mark.parametrize(("command", "raw"), COMMANDS)
def test_each_command_has_its_known_bytes(command, raw):
    assert command.frame(5).encode() == bytes.fromhex(raw)
    assert decode_tunnel_command(ZclFrame.decode(bytes.fromhex(raw))) == command


@pytest.mark.parametrize("control", ["11", "01"])
def test_a_request_is_read_whether_or_not_it_wants_a_default_response(control):
    raw = bytes.fromhex(control + "0002 0000 df")
    assert decode_tunnel_command(ZclFrame.decode(raw)) == TransferData(0, b"\xdf")


def test_a_manufacturers_frame_keeps_its_code():
    frame = ZclFrame(0x05, 7, 1, b"xy", 0x1168)
    assert frame.encode().hex() == "056811070178" + "79"
    assert ZclFrame.decode(frame.encode()) == frame
    with pytest.raises(MalformedFrame):
        decode_tunnel_command(frame)


def test_a_default_response_goes_back_with_command_and_status():
    answered = ZclFrame(0x01, 9, 2, b"")
    assert default_response(answered, 0x81).encode().hex() == "18090b0281"
    assert answered.wants_default_response


@pytest.mark.parametrize(
    ("data", "read"),
    [
        ("dd00", TunnelData(None, b"\xdd\x00")),
        ("df09", TunnelData(None, b"\xdf\x09")),
        ("01", TunnelData(Header.GET)),
        ("0200", TunnelData(Header.GET_RESPONSE)),
        ("0203dd", TunnelData(Header.GET_RESPONSE, b"\xdd", 3)),
        ("03df", TunnelData(Header.PUT, b"\xdf")),
    ],
)
def test_the_first_byte_tells_raw_messages_from_headers(data, read):
    assert decode_tunnel_data(bytes.fromhex(data)) == read
    assert read.encode().hex() == data


@pytest.mark.parametrize("data", ["", "00", "04", "02", "0100", "ff"])
def test_other_tunnel_data_is_refused(data):
    with pytest.raises(MalformedFrame):
        decode_tunnel_data(bytes.fromhex(data))


@given(raw=st.binary(max_size=16))
def test_any_bytes_decode_or_are_malformed(raw):
    try:
        frame = ZclFrame.decode(raw)
    except MalformedFrame:
        return
    assert frame.encode() == raw
    try:
        decode_tunnel_command(frame)
    except MalformedFrame:
        return
