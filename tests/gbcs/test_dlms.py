"""DLMS messages: every data type and access of the Green Book, losslessly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.gbcs import dlms
from hht.gbcs.dlms import (
    BitString,
    CompactArray,
    Result,
    Spec,
    SpecKind,
    Tag,
    TypeDescription,
    Value,
)
from hht.gbcs.dlms.scalars import FIXED_OCTETS, NUMBERS, STRINGS
from hht.gbcs.errors import MalformedMessage

CCS01 = bytes.fromhex(
    "D920000516000303006800001E0300FF0102006800001E0300FF0302006800001E0300FF02"
    "030204090800DB1234567890A01601091030313233343536373839414243444546160012005A03FF"
)


def _number(tag: int) -> st.SearchStrategy[Value]:
    size, signed = NUMBERS[tag]
    low, high = (
        (-(1 << 8 * size - 1), (1 << 8 * size - 1) - 1) if signed else (0, (1 << 8 * size) - 1)
    )
    return st.integers(low, high).map(lambda number: Value(tag, number))


def _bit_string(raw: bytes, unused: int) -> Value:
    return Value(Tag.BIT_STRING, BitString(max(0, 8 * len(raw) - unused), raw))


scalars = st.one_of(
    st.sampled_from([Tag.NULL, Tag.DONT_CARE]).map(lambda tag: Value(tag, None)),
    st.sampled_from(sorted(NUMBERS)).flatmap(_number),
    st.tuples(st.sampled_from(sorted(FIXED_OCTETS)), st.binary(min_size=12)).map(
        lambda pair: Value(pair[0], pair[1][: FIXED_OCTETS[pair[0]]])
    ),
    st.builds(Value, st.sampled_from(sorted(STRINGS)), st.binary(max_size=200), st.integers(0, 1)),
    st.builds(_bit_string, st.binary(), st.integers(0, 7)),
)
values = st.recursive(
    scalars,
    lambda inner: st.builds(
        Value,
        st.sampled_from([Tag.ARRAY, Tag.STRUCTURE]),
        st.lists(inner, max_size=4).map(tuple),
        st.integers(0, 1),
    ),
    max_leaves=12,
)


@given(values)
def test_every_value_decodes_from_what_it_encodes_to(value: Value) -> None:
    assert dlms.decode_only_value(dlms.encode_value(value)) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("00", dlms.NULL),
        ("03ff", dlms.boolean(True)),
        ("0408c8", dlms.bits(b"\xc8")),
        ("04053c", dlms.bits(b"\x3c", 5)),
        ("05fffffffe", dlms.double_long(-2)),
        ("060000012c", dlms.double_long_unsigned(300)),
        ("0904000003e9", dlms.octets(b"\x00\x00\x03\xe9")),
        ("0a024162", dlms.visible("Ab")),
        ("0c02c2a3", Value(Tag.UTF8_STRING, "£".encode())),
        ("0d42", Value(Tag.BCD, b"\x42")),
        ("0ffb", dlms.integer(-5)),
        ("10ff38", Value(Tag.LONG, -200)),
        ("1121", dlms.unsigned(0x21)),
        ("12005a", dlms.long_unsigned(90)),
        ("14ffffffffffffffff", Value(Tag.LONG64, -1)),
        ("15ffffffffffffffff", Value(Tag.LONG64_UNSIGNED, 2**64 - 1)),
        ("1601", dlms.enum(1)),
        ("173fc00000", Value(Tag.FLOAT32, bytes.fromhex("3fc00000"))),
        ("183ff8000000000000", Value(Tag.FLOAT64, bytes.fromhex("3ff8000000000000"))),
        (
            "1907df0101ff000000008000ff",
            Value(Tag.DATE_TIME, bytes.fromhex("07df0101ff000000008000ff")),
        ),
        ("1a07df0101ff", Value(Tag.DATE, bytes.fromhex("07df0101ff"))),
        ("1b00000000", Value(Tag.TIME, bytes(4))),
        ("1cff", Value(Tag.DELTA_INTEGER, -1)),
        ("ff", Value(Tag.DONT_CARE, None)),
    ],
)
def test_the_data_types_have_their_tags_and_sizes(raw: str, value: Value) -> None:
    assert dlms.decode_only_value(bytes.fromhex(raw)) == value
    assert dlms.encode_value(value).hex() == raw


def test_a_length_in_excess_and_an_odd_boolean_come_back_as_they_were() -> None:
    for raw in ("098105aabbccddee", "0301", "02820001 00"):
        assert dlms.encode_value(dlms.decode_only_value(bytes.fromhex(raw))) == bytes.fromhex(raw)


def test_a_compact_array_is_one_type_and_many_values() -> None:
    raw = bytes.fromhex("1302020612 0c 1c2f6180 0001 1c30b300 0002")
    value = dlms.decode_only_value(raw)
    kind = TypeDescription(
        Tag.STRUCTURE,
        (TypeDescription(Tag.DOUBLE_LONG_UNSIGNED), TypeDescription(Tag.LONG_UNSIGNED)),
    )
    assert isinstance(value.content, CompactArray)
    assert value.content.element == kind
    assert [[member.number for member in entry.members] for entry in value.content.elements] == [
        [0x1C2F6180, 1],
        [0x1C30B300, 2],
    ]
    assert dlms.encode_value(value) == raw


def test_a_compact_array_may_hold_arrays_strings_and_bits() -> None:
    raw = bytes.fromhex("13 0203 010003 11 09 04 0d 010203 02aabb 03e0 040506 00 00")
    value = dlms.decode_only_value(raw)
    assert isinstance(value.content, CompactArray)
    first = value.content.elements[0].members
    assert [octet.number for octet in first[0].members] == [1, 2, 3]
    assert first[1].octets == b"\xaa\xbb"
    assert first[2].content == BitString(3, b"\xe0")
    assert dlms.encode_value(value) == raw


@pytest.mark.parametrize(
    "raw",
    [
        "1300 02 0000",  # elements of null-data take no octets
        "13 01ffff01ffff00 0100",  # thousands of nothings
        "13 13 00",  # a compact array of compact arrays
        "13 06 03 010203",  # the last element is cut short
    ],
)
def test_a_compact_array_without_sense_is_refused(raw: str) -> None:
    with pytest.raises(MalformedMessage):
        dlms.decode_only_value(bytes.fromhex(raw))


def test_data_nested_without_end_is_refused_and_does_not_exhaust_the_stack() -> None:
    for tag in ("01", "02"):
        with pytest.raises(MalformedMessage, match="too deep"):
            dlms.decode_only_value(bytes.fromhex(f"{tag}01" * 5000 + "00"))
    with pytest.raises(MalformedMessage, match="too deep"):
        dlms.decode_only_value(bytes.fromhex("13" + "010001" * 5000 + "11" + "00"))


def test_the_members_of_a_value_are_asked_for_by_what_they_are() -> None:
    entry = dlms.structure(dlms.octets(b"\x01"), dlms.enum(2))
    assert entry.members[0].octets == b"\x01"
    assert entry.members[1].number == 2
    for wrong in ("octets", "number"):
        with pytest.raises(MalformedMessage, match="structure"):
            getattr(entry, wrong)
    with pytest.raises(MalformedMessage, match="octet-string"):
        _ = dlms.octets(b"").members


def test_ccs01_asks_for_one_action_and_two_settings() -> None:
    request = dlms.decode_access_request(CCS01)
    log = bytes.fromhex("00001E0300FF")
    assert request.invoke == dlms.invoke_of(0x516)
    assert request.specs == (
        Spec(SpecKind.ACTION, 0x68, log, 1),
        Spec(SpecKind.SET, 0x68, log, 3),
        Spec(SpecKind.SET, 0x68, log, 2),
    )
    device, kind, code, state = request.data[0].members
    assert device.octets.hex() == "00db1234567890a0"
    assert (kind.number, state.number) == (1, 0)
    assert code.octets == b"0123456789ABCDEF"
    assert request.data[1:] == (dlms.long_unsigned(90), dlms.boolean(True))
    assert dlms.encode_access_request(request) == CCS01


def test_a_response_holds_data_and_a_result_for_each_access() -> None:
    raw = bytes.fromhex("DA20000517000003000000030300020102FA")
    response = dlms.decode_access_response(raw)
    assert response.data == (dlms.NULL,) * 3
    assert response.results == (Result(3, 0), Result(2, 1), Result(2, 250))
    assert dlms.encode_access_response(response) == raw


def test_a_response_may_repeat_the_specifications() -> None:
    raw = bytes.fromhex("DA2000051700 01 01 01 0008 0000010000FF 02 01 00 01 0100")
    response = dlms.decode_access_response(raw)
    assert response.specs == (Spec(SpecKind.GET, 8, bytes.fromhex("0000010000FF"), 2),)
    assert dlms.encode_access_response(response) == raw


def test_selective_access_carries_its_selector_and_selection() -> None:
    raw = bytes.fromhex("D9200003EB000104000700006201 04FF02 01 0202061C2AA118061C374A80 0100")
    request = dlms.decode_access_request(raw)
    spec = request.specs[0]
    assert (spec.kind, spec.selector) == (SpecKind.GET_SELECTED, 1)
    assert [bound.number for bound in spec.selection.members] == [0x1C2AA118, 0x1C374A80]
    assert dlms.encode_access_request(request) == raw


def test_a_notification_begins_with_alert_code_and_time() -> None:
    raw = bytes.fromhex("0F20000FA0000203128F20090C07DF0101FF000000008000FF090800DB1234567890A1")
    alert = dlms.decode_notification(raw)
    assert alert.alert_code == 0x8F20
    assert alert.time_stamp.hex() == "07df0101ff000000008000ff"
    assert alert.content == (dlms.octets(bytes.fromhex("00DB1234567890A1")),)
    assert dlms.encode_notification(alert) == raw


def test_a_notification_without_code_and_time_is_refused_when_asked() -> None:
    with pytest.raises(MalformedMessage):
        _ = dlms.Notification(0, dlms.structure()).alert_code


@pytest.mark.parametrize(
    "raw",
    [
        "DA2000051700",
        "D92000051600010300680000",
        "D9200005160001060068000000000000010000",
        "D92000051600000000",
        "DA20000517000200",
    ],
)
def test_an_access_message_cut_short_or_run_over_is_refused(raw: str) -> None:
    decode = dlms.decode_access_request if raw.startswith("D9") else dlms.decode_access_response
    with pytest.raises(MalformedMessage):
        decode(bytes.fromhex(raw))
