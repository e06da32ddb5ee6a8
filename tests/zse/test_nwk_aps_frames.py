"""ZigBee NWK and APS frames, byte for byte, in clear and secured."""

from dataclasses import replace

import pytest
from frame_samples import ANNOUNCEMENT, LEAVE, TRANSPORT_KEY, TUNNEL_DATA
from hypothesis import given
from hypothesis import strategies as st
from radio_bench import HHT, HUB, LINK_KEY, NETWORK_KEY, TUNNELING

from hht.zse.frames import zdo
from hht.zse.frames.aps import ApsFrame, ApsKind, Fragment, TransportKey
from hht.zse.frames.mac import MacFrame
from hht.zse.frames.nwk import NwkFrame, NwkKind, is_leave_request, leave
from hht.zse.frames.octets import MalformedFrame
from hht.zse.frames.security import (
    Auxiliary,
    KeyId,
    SecurityFailure,
    key_transport_key,
    unseal,
)

SHORT = 0x1E30


def opened(raw: str) -> tuple[NwkFrame, Auxiliary]:
    frame, header = NwkFrame.decode(MacFrame.decode(bytes.fromhex(raw)).payload)
    return frame.opened(header, NETWORK_KEY)


def test_the_key_transport_key_of_the_well_known_link_key_is_the_published_one() -> None:
    assert key_transport_key(b"ZigBeeAlliance09").hex() == "4bab0f173e1434a2d572e1c1ef478782"


def test_the_network_key_goes_in_clear_on_the_network_layer_under_the_key_transport_key() -> None:
    command = TransportKey(NETWORK_KEY, HHT, HUB)
    aps = ApsFrame(ApsKind.COMMAND, 5, command.encode())
    auxiliary = Auxiliary(KeyId.KEY_TRANSPORT, 1, HUB)
    secured = aps.encode(auxiliary, key_transport_key(LINK_KEY))
    nwk = NwkFrame(NwkKind.DATA, SHORT, 0, 2, secured)
    assert nwk.encode() == MacFrame.decode(bytes.fromhex(TRANSPORT_KEY)).payload


def test_the_network_key_opens_with_the_install_codes_key_and_with_no_other() -> None:
    nwk, _ = NwkFrame.decode(MacFrame.decode(bytes.fromhex(TRANSPORT_KEY)).payload)
    frame, header = ApsFrame.decode(nwk.payload)
    found = frame.opened(header, None, lambda _: key_transport_key(LINK_KEY))
    assert TransportKey.decode(found.payload) == TransportKey(NETWORK_KEY, HHT, HUB)
    with pytest.raises(SecurityFailure, match="does not open"):
        frame.opened(header, None, lambda _: LINK_KEY)
    with pytest.raises(SecurityFailure, match="no key"):
        frame.opened(header, None, lambda _: None)


def test_a_network_key_never_shows_in_a_representation() -> None:
    assert NETWORK_KEY.hex() not in repr(TransportKey(NETWORK_KEY, HHT, HUB))
    assert repr(NETWORK_KEY) not in repr(TransportKey(NETWORK_KEY, HHT, HUB))


def test_a_device_announcement_is_these_bytes_under_the_network_key() -> None:
    about = zdo.Node(HHT, SHORT, {}).announce(0x8C)
    aps = ApsFrame(ApsKind.DATA, 1, about, cluster=zdo.DEVICE_ANNOUNCE, broadcast=True)
    nwk = NwkFrame(NwkKind.DATA, 0xFFFD, SHORT, 1, aps.encode())
    secured = nwk.encode(Auxiliary(KeyId.NETWORK, 1, HHT), NETWORK_KEY)
    assert secured == MacFrame.decode(bytes.fromhex(ANNOUNCEMENT)).payload


def test_tunnel_data_is_secured_twice_and_opens_twice() -> None:
    nwk, auxiliary = opened(TUNNEL_DATA)
    assert (auxiliary.sender, auxiliary.counter) == (HHT, 2)
    frame, header = ApsFrame.decode(nwk.payload)
    plain = frame.opened(header, HHT, lambda _: LINK_KEY)
    assert plain.payload.hex() == "01030006ffff00dc05"
    assert (plain.cluster, plain.profile, plain.counter) == (TUNNELING, 0x0109, 3)
    with pytest.raises(SecurityFailure):
        frame.opened(header, HUB, lambda _: LINK_KEY)
    with pytest.raises(SecurityFailure, match="sender"):
        frame.opened(header, None, lambda _: LINK_KEY)


def test_a_leave_request_is_these_bytes() -> None:
    frame = NwkFrame(NwkKind.COMMAND, SHORT, 0, 4, leave(request=True))
    secured = frame.encode(Auxiliary(KeyId.NETWORK, 8, HUB), NETWORK_KEY)
    assert secured == MacFrame.decode(bytes.fromhex(LEAVE)).payload
    assert is_leave_request(opened(LEAVE)[0].payload)
    assert not is_leave_request(leave(request=False))


@given(st.integers(9, len(TUNNEL_DATA) // 2 - 1), st.integers(0, 7))
def test_no_bit_of_a_secured_frame_can_change_unseen(at: int, bit: int) -> None:
    raw = bytearray.fromhex(TUNNEL_DATA)
    raw[at] ^= 1 << bit
    try:
        frame, header = NwkFrame.decode(bytes(raw)[9:])
        if not frame.secured:
            return
        frame.opened(header, NETWORK_KEY)
    except (SecurityFailure, MalformedFrame):
        return
    # the level bits are not sent, so a receiver cannot know that they were touched
    assert at == 9 + 8
    assert bit < 3


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_a_frame_or_malformed(raw: bytes) -> None:
    for decode in (NwkFrame.decode, ApsFrame.decode, TransportKey.decode):
        try:
            decode(raw)
        except MalformedFrame:
            pass


@pytest.mark.parametrize(
    ("fragment", "header"),
    [
        (Fragment(0, 5), "8001040709010103" + "0105"),
        (Fragment(1), "8001040709010103" + "0201"),
        (Fragment(4), "8001040709010103" + "0204"),
    ],
)
def test_the_first_fragment_says_how_many_there_are_the_others_which_they_are(
    fragment: Fragment, header: str
) -> None:
    frame = ApsFrame(ApsKind.DATA, 3, b"xyz", 1, TUNNELING, 0x0109, 1, fragment=fragment)
    assert frame.encode().hex() == header + b"xyz".hex()
    assert ApsFrame.decode(frame.encode())[0] == frame


def test_an_acknowledgement_turns_the_endpoints_round_and_names_the_fragment() -> None:
    data = ApsFrame(ApsKind.DATA, 9, b"xyz", 2, TUNNELING, 0x0109, 7, fragment=Fragment(3))
    raw = data.acknowledgement().encode()
    assert raw.hex() == "8207040709010209" + "0203ff"
    ack, _ = ApsFrame.decode(raw)
    assert (ack.kind, ack.fragment) == (ApsKind.ACK, Fragment(3))


def test_a_source_route_is_read_over() -> None:
    data = NwkFrame(NwkKind.DATA, 0, SHORT, 1, b"").encode()
    routed = bytes([data[0], data[1] | 0x04]) + data[2:] + b"\x01\x00\x34\x12" + b"payload"
    frame, header = NwkFrame.decode(routed)
    assert (frame.payload, header) == (b"payload", routed[:-7])


def test_frames_that_are_of_no_use_here_are_refused() -> None:
    data = NwkFrame(NwkKind.DATA, 0, SHORT, 1, b"").encode()
    with pytest.raises(MalformedFrame, match="unicast"):
        NwkFrame.decode(bytes([data[0], data[1] | 0x01]) + data[2:])
    with pytest.raises(MalformedFrame, match="APS"):
        ApsFrame.decode(b"\x03\x00\x08\x09\x01")
    with pytest.raises(MalformedFrame, match="Transport-Key"):
        TransportKey.decode(b"\x06\x01" + bytes(33))


def test_addresses_of_64_bits_in_a_network_header_come_back() -> None:
    frame = NwkFrame(NwkKind.DATA, 0, SHORT, 1, b"p", destination_eui=HUB, source_eui=HHT)
    assert NwkFrame.decode(frame.encode())[0] == frame
    secured = frame.encode(Auxiliary(KeyId.NETWORK, 1, HHT, extended=False), NETWORK_KEY)
    read, header = NwkFrame.decode(secured)
    assert replace(read.opened(header, NETWORK_KEY)[0], secured=False) == frame


def test_a_secured_frame_cut_short_does_not_open() -> None:
    with pytest.raises(MalformedFrame):
        unseal(b"", b"\x28\x00\x00", None, lambda _: NETWORK_KEY)
