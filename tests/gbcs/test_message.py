"""The message envelope: every field where GBCS 7.2.7 and 7.2.9 put it, nothing else accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.gbcs.correlation import CorrelationKey, key_of, key_of_command, key_of_response
from hht.gbcs.length import encode_length, read_length
from hht.gbcs.message import Cra, MalformedMessage, Message, read_headers

ACB = EntityId.parse("90-B3-D5-1F-30-00-00-02")
CHF = EntityId.parse("00-DB-12-34-56-78-90-A2")
CCS01 = bytes.fromhex(
    "DD00000000000081911100000000DF090100000000000005160890B3D51F300000020800DB1234567890A200"
    "12000190B3D51F3001000000000000000003EA4D"
    "D920000516000303006800001E0300FF0102006800001E0300FF0302006800001E0300FF02"
    "030204090800DB1234567890A016010910303132333435363738394142434445461600"
    "12005A03FF007C0607034DC39F5F32153966"
)

identifiers = st.binary(min_size=8, max_size=8).map(EntityId)
messages = st.builds(
    Message,
    cra=st.sampled_from(Cra),
    counter=st.integers(0, 2**64 - 1),
    originator=identifiers,
    recipient=identifiers,
    message_code=st.integers(0, 0xFFFF),
    payload=st.binary(max_size=300),
    date_time=st.one_of(st.just(b""), st.binary(min_size=12, max_size=12)),
    other_info=st.binary(max_size=200),
    signature=st.one_of(st.just(b""), st.binary(min_size=64, max_size=64)),
    mac=st.one_of(st.none(), st.binary(min_size=12, max_size=12)),
)


def test_a_ccs01_command_has_every_header_field_where_the_standard_puts_it() -> None:
    message = Message.parse(CCS01)
    assert message.cra is Cra.COMMAND
    assert message.counter == 0x516
    assert message.originator == ACB
    assert message.recipient == CHF
    assert message.message_code == 0x0001
    assert message.supplementary_party == EntityId.parse("90-B3-D5-1F-30-01-00-00")
    assert message.supplementary_counter == 0x3EA
    assert message.supplementary_originator_counter is None
    assert message.certificate is None
    assert message.payload.startswith(bytes.fromhex("D920000516"))
    assert message.signature == b""
    assert message.mac == bytes.fromhex("7C0607034DC39F5F32153966")
    assert not message.is_precommand
    assert message.encode() == CCS01


@pytest.mark.parametrize(
    ("length", "encoded"), [(0, "00"), (0x7F, "7f"), (0x80, "8180"), (0x100, "820100")]
)
def test_lengths_take_the_fewest_octets(length: int, encoded: str) -> None:
    assert encode_length(length).hex() == encoded


@pytest.mark.parametrize(
    ("raw", "length", "excess"), [("8105", 5, 1), ("8200de", 0xDE, 1), ("820005", 5, 2)]
)
def test_a_length_longer_than_it_needs_is_read_and_written_alike(
    raw: str, length: int, excess: int
) -> None:
    assert read_length(bytes.fromhex(raw), 0) == (length, len(raw) // 2, excess)
    assert encode_length(length, excess).hex() == raw


@given(messages)
def test_what_is_encoded_parses_to_the_same_message(message: Message) -> None:
    raw = message.encode()
    assert Message.parse(raw) == message
    headers = read_headers(raw)
    assert (headers.cra, headers.counter) == (message.cra, message.counter)
    assert (headers.originator, headers.recipient) == (message.originator, message.recipient)
    assert headers.message_code == message.message_code


@given(messages, st.data())
def test_a_message_cut_short_is_refused_with_the_one_typed_error(
    message: Message, data: st.DataObject
) -> None:
    raw = message.encode()
    cut = data.draw(st.integers(0, len(raw) - 1))
    if raw[cut:] in (b"\x00", b"\x40" + (message.signature or b"")) and message.mac is None:
        return  # without its signature field it is a well-formed pre-command
    with pytest.raises(MalformedMessage):
        Message.parse(raw[:cut])


@given(st.one_of(st.binary(), st.binary().map(lambda tail: CCS01[:60] + tail)))
def test_random_bytes_parse_losslessly_or_raise_the_one_typed_error(raw: bytes) -> None:
    for read in (Message.parse, read_headers):
        try:
            result = read(raw)
        except MalformedMessage:
            continue
        assert not isinstance(result, Message) or result.encode() == raw


@given(st.integers(0, len(CCS01) - 1), st.integers(1, 255))
def test_one_changed_byte_parses_losslessly_or_raises_the_one_typed_error(
    position: int, change: int
) -> None:
    raw = bytearray(CCS01)
    raw[position] ^= change
    try:
        message = Message.parse(bytes(raw))
    except MalformedMessage:
        return
    assert message.encode() == raw


def test_lengths_in_long_form_are_read_and_written_alike() -> None:
    payload = CCS01.replace(bytes.fromhex("4dd920"), bytes.fromhex("82004dd920"))
    both = payload.replace(bytes.fromhex("12000190"), bytes.fromhex("8112000190"))
    raw = both.replace(bytes.fromhex("8191"), bytes.fromhex("820094"), 1)
    message = Message.parse(raw)
    assert message.encode() == raw
    assert message.excess == (1, 1, 2)
    assert message.payload == Message.parse(CCS01).payload
    assert read_headers(raw) == read_headers(CCS01)


def test_a_command_without_mac_or_signature_is_a_precommand() -> None:
    raw = Message(Cra.COMMAND, 1, ACB, CHF, 1, b"\x05\x00", signature=None).encode()
    message = Message.parse(raw)
    assert message.is_precommand
    assert message.signature is None
    assert message.encode() == raw


def test_a_response_has_the_key_of_its_command() -> None:
    command = Message(Cra.COMMAND, 7, ACB, CHF, 1, b"")
    response = Message(Cra.RESPONSE, 7, CHF, ACB, 1, b"")
    assert key_of_command(command) == key_of_response(response)
    assert key_of(command) == key_of(response) == CorrelationKey(CHF, ACB, 7, 1)


def test_a_response_to_another_counter_code_or_party_has_another_key() -> None:
    key = key_of(Message(Cra.COMMAND, 7, ACB, CHF, 1, b""))
    for other in (
        Message(Cra.RESPONSE, 8, CHF, ACB, 1, b""),
        Message(Cra.RESPONSE, 7, CHF, ACB, 2, b""),
        Message(Cra.RESPONSE, 7, CHF, EntityId(bytes(8)), 1, b""),
    ):
        assert key_of(other) != key


@pytest.mark.shared
def test_every_reference_message_encodes_to_the_bytes_it_came_from(
    reference: dict[str, bytes],
) -> None:
    for name, raw in reference.items():
        message = Message.parse(raw)
        assert message.encode() == raw, name
        assert read_headers(raw).message_code == message.message_code, name


@pytest.mark.shared
def test_every_reference_response_belongs_to_its_command_and_to_no_other(
    reference: dict[str, bytes],
) -> None:
    pairs = 0
    for name, raw in reference.items():
        answer = name.replace("_COMMAND", "_RESPONSE")
        if answer == name or answer not in reference:
            continue
        assert key_of(Message.parse(raw)) == key_of(Message.parse(reference[answer])), name
        pairs += 1
    assert pairs > 350
