"""IEEE 802.15.4 frames, byte for byte; tshark reads the same bytes in test_capture_pins."""

import pytest
from frame_samples import FRAMES
from hypothesis import given
from hypothesis import strategies as st
from radio_bench import HUB

from hht.entity_id import EntityId
from hht.zse.frames.mac import (
    BeaconPayload,
    MacFrame,
    MacKind,
    is_interpan,
)
from hht.zse.frames.octets import MalformedFrame

addresses = st.one_of(
    st.tuples(st.none(), st.none()),
    st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF)),
    st.tuples(st.integers(0, 0xFFFF), st.binary(min_size=8, max_size=8).map(EntityId)),
)


@pytest.mark.parametrize(("raw", "frame"), FRAMES.values(), ids=FRAMES)
def test_a_frame_is_these_bytes_both_ways(raw: str, frame: MacFrame) -> None:
    assert frame.encode().hex() == raw
    assert MacFrame.decode(bytes.fromhex(raw)) == frame


def test_a_beacon_says_who_the_hub_is_and_whether_it_lets_anyone_in() -> None:
    payload = MacFrame.decode(bytes.fromhex(FRAMES["beacon"][0])).payload
    beacon = BeaconPayload.decode(payload)
    assert (beacon.extended_pan_id, beacon.permit_joining, beacon.stack_profile) == (HUB, True, 2)
    assert BeaconPayload.decode(BeaconPayload(HUB, False).encode()).permit_joining is False


def test_a_beacon_that_is_not_of_zigbee_is_refused() -> None:
    with pytest.raises(MalformedFrame, match="ZigBee"):
        BeaconPayload.decode(bytes.fromhex("ffcf000001") + bytes(15))


@given(st.sampled_from(MacKind), st.integers(0, 255), st.binary(max_size=80), addresses, addresses)
def test_every_frame_comes_back_as_it_went(
    kind: MacKind,
    sequence: int,
    payload: bytes,
    to: tuple[int | None, int | EntityId | None],
    sender: tuple[int | None, int | EntityId | None],
) -> None:
    frame = MacFrame(kind, sequence, payload, *to, *sender, ack_request=True)
    assert MacFrame.decode(frame.encode()) == frame


@given(st.binary(max_size=40))
def test_arbitrary_bytes_are_a_frame_or_malformed(raw: bytes) -> None:
    try:
        MacFrame.decode(raw)
    except MalformedFrame:
        pass


@pytest.mark.parametrize("raw", ["", "61", "6188", "23c80921430000ffff0100f0301fd5b3", "03840a"])
def test_a_header_cut_short_or_of_a_reserved_form_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedFrame):
        MacFrame.decode(bytes.fromhex(raw))


def test_an_inter_pan_frame_is_distinguished_from_one_of_a_network() -> None:
    interpan = "21cc01ffff11100f0e0d0c0b0a341212100f0e0d0c0b0a0b0003000809010101"
    assert is_interpan(MacFrame.decode(bytes.fromhex(interpan)))
    assert not is_interpan(MacFrame.decode(bytes.fromhex("61880e21430000301e08020000301e1e02")))
    assert not is_interpan(MacFrame.decode(bytes.fromhex("61880e21430000301e")))
