"""Inter-PAN frames: their bytes, their security, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.zse.cbke.cluster import Initiate, key_frame
from hht.zse.errors import MalformedFrame, NotAuthentic
from hht.zse.interpan.frame import BROADCAST, InterPanFrame, decode_interpan, encode_secured

FROM = EntityId.parse("0A-0B-0C-0D-0E-0F-10-12")
TO = EntityId.parse("0A-0B-0C-0D-0E-0F-10-11")
LINK_KEY = bytes.fromhex("AA4689C70BE0FAF0C9BE534ABD9F4CDC")
INITIATE_HEAD = bytes.fromhex(
    "21cc01ffff11100f0e0d0c0b0a341212100f0e0d0c0b0a0b00030008090101000002000a0a"
)
SECURED = bytes.fromhex(
    "21cc04ffff11100f0e0d0c0b0a341212100f0e0d0c0b0a0b00230407090120"
    "0800000012100f0e0d0c0b0a49c53f508052a90d1216ef34"
)


def frame(**changes):
    whole = InterPanFrame(FROM, 0x1234, TO, 0xFFFF, 1, 0x0800, b"\x01\x00\x00")
    return replace(whole, **changes)


def test_initiate_key_establishment_is_111_bytes_of_the_known_layout():
    initiate = key_frame(Initiate(2, 10, 10, bytes(74)), 0, to_server=True)
    raw = frame(payload=initiate.encode()).encode()
    assert raw == INITIATE_HEAD + bytes(74)
    assert len(raw) == 111


def test_the_known_secured_frame_opens_under_its_link_key():
    opened = decode_interpan(SECURED, {FROM: LINK_KEY}.get)
    assert opened.secured
    assert (opened.source, opened.destination) == (FROM, TO)
    assert opened.frame_counter == 8
    assert opened.cluster == 0x0704
    sealed = encode_secured(opened, LINK_KEY, 8, extended_nonce=True)
    assert sealed == SECURED


@pytest.mark.parametrize("extended", [False, True])
def test_what_is_secured_opens_again(extended):
    sent = frame(cluster=0x0704, payload=b"the payload")
    raw = encode_secured(sent, LINK_KEY, 0x01020304, extended_nonce=extended)
    assert len(raw) == len(sent.encode()) + (17 if extended else 9)
    opened = decode_interpan(raw, {FROM: LINK_KEY}.get)
    assert opened == replace(sent, secured=True, frame_counter=0x01020304)


def test_a_changed_byte_anywhere_in_the_aps_frame_is_not_authentic():
    raw = encode_secured(frame(payload=b"the payload"), LINK_KEY, 5)
    for at in range(26, len(raw)):
        changed = raw[:at] + bytes((raw[at] ^ 0x80,)) + raw[at + 1 :]
        with pytest.raises(MalformedFrame):
            decode_interpan(changed, {FROM: LINK_KEY}.get)


def test_a_secured_frame_of_an_unknown_sender_is_not_authentic():
    with pytest.raises(NotAuthentic, match="No key"):
        decode_interpan(SECURED)
    with pytest.raises(NotAuthentic):
        decode_interpan(SECURED, {FROM: bytes(16)}.get)


def test_a_secured_frame_cannot_name_another_sender_inside():
    other = bytearray(SECURED)
    other[15] ^= 1
    with pytest.raises(NotAuthentic):
        decode_interpan(bytes(other), lambda source: LINK_KEY)


def test_a_broadcast_has_a_short_address_and_asks_no_acknowledgement():
    raw = frame(destination=BROADCAST, payload=b"z").encode()
    assert raw.hex() == "01c801ffffffff341212100f0e0d0c0b0a0b000b000809017a"
    read = decode_interpan(raw)
    assert read.destination == BROADCAST
    assert not read.ack_request


def test_a_group_frame_names_its_group():
    read = decode_interpan(frame(destination=BROADCAST, group=0x0003).encode())
    assert read.group == 3
    assert read.payload == frame().payload


def test_pan_id_compression_is_accepted():
    raw = frame(destination_pan=0x1A62, source_pan=0x1A62).encode()
    compressed = b"\x61" + raw[1:13] + raw[15:]
    assert decode_interpan(compressed) == decode_interpan(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "0300",
        "21cc",
        "0008",  # a beacon's
        "43880108ffffffff07",  # a MAC command
        "61880100aaffff00000912fcff000001",  # HAN data with short addresses
        INITIATE_HEAD[:24].hex(),
        INITIATE_HEAD[:29].hex(),
    ],
)
def test_other_frames_are_refused(raw):
    with pytest.raises(MalformedFrame):
        decode_interpan(bytes.fromhex(raw))


@given(raw=st.binary(max_size=130), head=st.integers(0, 60))
def test_any_bytes_decode_or_are_a_malformed_frame(raw, head):
    for candidate in (raw, SECURED[:head] + raw):
        try:
            read = decode_interpan(candidate, lambda source: LINK_KEY)
        except MalformedFrame:
            continue
        assert decode_interpan(read.encode()).payload == read.payload


addresses = st.binary(min_size=8, max_size=8).map(EntityId)
words = st.integers(0, 0xFFFF)


@given(
    sent=st.builds(
        InterPanFrame,
        source=addresses,
        source_pan=words,
        destination=addresses | words.filter(lambda word: word != BROADCAST),
        destination_pan=words,
        mac_sequence=st.integers(0, 255),
        cluster=words,
        payload=st.binary(max_size=90),
        profile=words,
        ack_request=st.booleans(),
    )
)
def test_every_frame_reads_back_as_it_was_written(sent):
    assert decode_interpan(sent.encode()) == sent
