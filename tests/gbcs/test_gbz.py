"""GBZ payloads: components, ZCL frames, and their fields, losslessly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.gbcs import gbz
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz import Component, Field, GbzPayload, ZclFrame
from hht.gbcs.gbz.fields import REST, layouts
from hht.gbcs.gbz.payload import ENCRYPTED, FROM_DATE, LAST
from hht.gbcs.gbz.zcl_types import ZCL_TYPES, ZclType, decode_zcl, encode_zcl

frames = st.builds(
    ZclFrame,
    control=st.sampled_from([0x00, 0x01, 0x08, 0x09, 0x18, 0x19]),
    sequence=st.integers(0, 255),
    command=st.integers(0, 16),
    payload=st.binary(max_size=80),
    manufacturer=st.none(),
)
clusters = st.sampled_from(sorted({cluster for cluster, _, _ in layouts()}))
components = st.builds(
    Component,
    control=st.sampled_from([0, LAST]),
    cluster=clusters,
    frame=frames,
    from_date=st.none(),
    additional=st.just(b""),
)


@given(st.lists(components, max_size=5))
def test_every_payload_decodes_from_what_it_encodes_to(parts: list[Component]) -> None:
    payload = GbzPayload(tuple(parts))
    assert gbz.decode_gbz(gbz.encode_gbz(payload)) == payload


@given(clusters, frames)
def test_the_fields_of_any_payload_encode_to_that_payload(cluster: int, frame: ZclFrame) -> None:
    fields = gbz.decode_fields(cluster, frame)
    assert gbz.encode_fields(fields) == frame.payload
    assert gbz.command_name(cluster, frame)


def test_cs11_clears_the_event_log() -> None:
    payload = gbz.decode_gbz(bytes.fromhex("0109010107090004010001 03"))
    (component,) = payload.components
    assert (component.control, component.cluster) == (LAST, 0x0709)
    assert gbz.command_name(0x0709, component.frame) == "Clear Event Log Request"
    (log,) = gbz.decode_fields(0x0709, component.frame)
    assert (log.name, log.type, log.value) == ("log id", "bitmap8", 3)


def test_a_component_may_carry_the_date_from_which_to_read() -> None:
    raw = bytes.fromhex("01090111 0705 000c 1c374a80 01 00 08 feffffff 05")
    (component,) = gbz.decode_gbz(raw).components
    assert component.control == FROM_DATE | LAST
    assert component.from_date == 0x1C374A80
    assert [field.value for field in gbz.decode_fields(0x0705, component.frame)] == [0xFFFFFFFE, 5]
    assert gbz.encode_gbz(gbz.decode_gbz(raw)) == raw


def test_an_encrypted_component_keeps_its_additional_header() -> None:
    ciphered = "31 00000000" + "ab" * 4 + "cd" * 12
    raw = bytes.fromhex("01090103 0702 001c 0001 18 00 01 0015" + ciphered)
    (component,) = gbz.decode_gbz(raw).components
    assert component.control == ENCRYPTED | LAST
    assert component.is_encrypted
    assert component.additional == b"\x00\x01"
    assert gbz.encode_gbz(gbz.decode_gbz(raw)) == raw


def test_a_manufacturers_frame_keeps_its_code() -> None:
    frame = gbz.decode_gbz(bytes.fromhex("010901010700 0006 05 5f10 07 0b aa")).components[0].frame
    assert frame == ZclFrame(5, 7, 0x0B, b"\xaa", 0x105F)


@pytest.mark.parametrize(
    "raw",
    [
        "0109",
        "010901",
        "01090101070900",
        "0109010107090005010001 03",
        "0109010107090004010001 0300",
        "010901 02 0702 0001 00",
        "010901 10 0702 0003 000000",
        "010901 01 0702 0002 0100",
    ],
)
def test_a_payload_cut_short_or_run_over_is_refused(raw: str) -> None:
    with pytest.raises(MalformedMessage):
        gbz.decode_gbz(bytes.fromhex(raw))


def test_attributes_read_carry_status_type_and_value() -> None:
    frame = ZclFrame(0x08, 0, 0x01, bytes.fromhex("0400c0 0500004203474649 0300002001"))
    records = gbz.decode_fields(0x0000, frame)
    assert [[part.value for part in record.members] for record in records] == [
        [4, 0xC0],
        [5, 0, 0x42, b"GFI"],
        [3, 0, 0x20, 1],
    ]
    assert records[2].members[3].type == "uint8"


def test_a_default_response_names_command_and_status() -> None:
    frame = ZclFrame(0x00, 0, gbz.DEFAULT_RESPONSE, b"\x08\xc0")
    assert gbz.decode_fields(0x0702, frame) == (
        Field("command", "uint8", 8),
        Field("status", "enum8", 0xC0),
    )


def test_records_are_repeated_to_the_end_and_counts_are_kept_to() -> None:
    matrix = bytes(16) + bytes([0, 1, 1]) + bytes.fromhex("0080250000 01d8270000")
    frame = ZclFrame(0x09, 0, 0x05, matrix)
    *_, first, second = gbz.decode_fields(0x0700, frame)
    assert [part.value for part in first.members] == [0, 9600]
    assert [part.value for part in second.members] == [1, 10200]
    sums = b"\x02" + bytes(12) + b"\x22" + bytes(6)
    snapshot = bytes(16) + (15).to_bytes(6, "little") + sums
    names = [field.name for field in gbz.decode_fields(0x0702, ZclFrame(0x19, 0, 6, snapshot))]
    assert names.count("tier summation delivered") == 2
    assert names.count("block summation delivered") == 1


def test_fields_at_the_end_may_be_absent() -> None:
    frame = ZclFrame(0x09, 0, 0x00, bytes(11) + b"\x05Reset")
    message = gbz.decode_fields(0x0703, frame)[-1]
    assert (message.name, message.type, message.value) == ("message", "string", b"Reset")


def test_octets_the_layout_does_not_account_for_are_the_rest() -> None:
    assert gbz.decode_fields(0x0702, ZclFrame(0x09, 0, 0x0D, b"\x01\x02\x03"))[-1] == (
        Field(REST, REST, b"\x03")
    )
    unknown = ZclFrame(0x09, 0, 0x77, b"\x01")
    assert gbz.decode_fields(0x0702, unknown) == (Field(REST, REST, b"\x01"),)
    assert gbz.command_name(0x0702, unknown) == "command 77"


@pytest.mark.parametrize("kind", ZCL_TYPES.values(), ids=lambda kind: kind.name)
def test_every_zcl_type_reads_back_what_it_writes(kind: ZclType) -> None:
    raw = {
        "string": b"\x03" + bytes(kind.size)[1:] + b"abc",
        "array": bytes.fromhex("20 0200 0102"),
        "structure": bytes.fromhex("0200 20 01 41 02aabb"),
    }.get(kind.form, bytes(range(0xF0, 0x100))[: kind.size])
    value, end = decode_zcl(kind, raw + b"\xff", 0)
    assert end == len(raw)
    assert encode_zcl(kind, value) == raw


def test_signed_types_are_signed_and_invalid_strings_have_no_value() -> None:
    assert decode_zcl(ZCL_TYPES[0x2B], b"\xff\xff\xff\xff", 0) == (-1, 4)
    assert decode_zcl(ZCL_TYPES[0x41], b"\xff", 0) == (None, 1)
    assert encode_zcl(ZCL_TYPES[0x43], None) == b"\xff\xff"


def test_a_structure_nested_without_end_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="too deep"):
        decode_zcl(ZCL_TYPES[0x4C], bytes.fromhex("0100 4c") * 50, 0)


def test_alerts_carry_code_time_and_content() -> None:
    raw = bytes.fromhex("01090181a01c374a800005")
    alert = gbz.decode_gbz_alert(raw)
    assert (alert.code, alert.time, alert.content) == (0x81A0, 0x1C374A80, b"\x00\x05")
    assert gbz.alert_component(alert) is None
    assert gbz.encode_gbz_alert(alert) == raw
    with pytest.raises(MalformedMessage):
        gbz.decode_gbz_alert(raw[:8])


def test_plain_payloads_are_built_with_their_last_component_marked() -> None:
    read = ZclFrame(0x00, 0, gbz.READ_ATTRIBUTES, b"\x06\x02")
    payload = gbz.components_of((0x0702, read), (0x0700, read))
    assert [component.control for component in payload.components] == [0, LAST]


@pytest.mark.shared
def test_every_plain_reference_component_is_read_to_its_last_field(
    reference_payloads: dict[str, object],
) -> None:
    seen = 0
    for name, payload in reference_payloads.items():
        if not isinstance(payload, GbzPayload):
            continue
        for component in payload.components:
            if not component.is_encrypted:
                fields = gbz.decode_fields(component.cluster, component.frame)
                assert REST not in [field.type for field in fields], name
                seen += 1
    assert seen > 500
