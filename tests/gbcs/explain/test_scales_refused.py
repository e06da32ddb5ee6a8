"""Numbers whose scale or unit a Device refused, or left out, are said as they are, unscaled."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.describe import describe
from hht.gbcs.explain.tree.gbz_scales import Scales
from hht.gbcs.message import Message

_METERING, _PRICE = 0x0702, 0x0700


@pytest.mark.parametrize(
    ("cluster", "attribute", "value", "form"),
    [
        (_METERING, 0x0300, None, "consumption"),
        (_METERING, 0x0300, 0xFF, "consumption"),
        (_METERING, 0x0301, None, "consumption"),
        (_METERING, 0x0302, None, "consumption"),
        (_PRICE, 0x0617, None, "price"),
        (_PRICE, 0x0616, None, "standing_charge"),
        (_PRICE, 0x0615, None, "price"),
        (_PRICE, 0x0203, None, "block_threshold"),
        (_PRICE, 0x0303, None, "conversion_factor"),
    ],
)
def test_a_number_without_its_scale_is_not_scaled(
    cluster: int, attribute: int, value: int | None, form: str
) -> None:
    scales = Scales()
    assert str(scales.words(12345, form)) != "12345 unscaled"
    scales.note_attribute(cluster, attribute, value)
    said = scales.words(12345, form)
    assert said is not None
    assert getattr(said, "text", "") == "12345 unscaled"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("scale", "words"),
    [("01", "200000 GBP a day"), ("fb", "0.20 GBP a day"), ("80", "20000 × 10^-128 GBP a day")],
)
def test_a_price_of_any_scale_is_money(
    scale: str, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS01a_1.1.1_IMMEDIATE_BLOCK_SUCCESS_COMMAND"]
    payload = command.payload.hex()
    before = "020302020f000ffb"
    assert before in payload
    payload = payload.replace(before, before[:-2] + scale)
    described = describe(replace(command, payload=bytes.fromhex(payload)))
    assert f"standing charge {words}" in str(described.reading)


_CREDIT = "0705 000b 080001 0100 00 2b a0252600"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("scales", "words"),
    [
        ("0700 0012 080001 1606 00 21 3a03 1706 00 30 50", "25.00 GBP"),
        ("0700 0005 08000B FF 01", "2500000 unscaled"),
        ("0700 0005 08000B 00 01", "2500000 unscaled"),
        ("0700 000b 080001 1606 00 21 3a03", "2500000 unscaled"),
    ],
    ids=["both given", "read not understood", "read failed", "one left out"],
)
def test_money_whose_scale_was_not_given_at_all_is_not_scaled(
    scales: str, words: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages["GCS14_4.3_SUCCESS_UNRELIABLE_RESPONSE"]
    frame = bytes.fromhex(scales)[4:]
    head = scales[:4] + f"{len(frame):04x}" + frame.hex()
    payload = bytes.fromhex(f"010902 00 {head} 01 {_CREDIT}")
    payments = describe(replace(message, payload=payload)).fields[1].children[1]
    assert [str(each.value) for each in payments.children] == [words]


@pytest.mark.shared
def test_a_reading_whose_divisor_failed_is_in_the_line_all_the_same(
    reference_messages: dict[str, Message],
) -> None:
    message = reference_messages["GCS13a_4.1.1_SUCCESS_UNRELIABLE_RESPONSE"]
    frame = bytes.fromhex("080001 020301 01030022010000 0003003001 00000025393000000000")
    payload = bytes.fromhex(f"010901 01 0702 {len(frame):04x}") + frame
    said = str(describe(replace(message, payload=payload)).reading)
    assert "consumption register: 12345 unscaled; 1 of 4 items missing (failure)." in said


@pytest.mark.shared
@pytest.mark.parametrize(
    ("stamp", "rest"),
    [
        ("07df0101ff000000008000ff", "1 of 2 items missing (failure)."),
        ("07df0101ff00000000800002", "1 of 2 missing (failure). Its clock is in doubt."),
        ("07df0d01ff00000000800003", "1 of 2 missing. Its time is impossible."),
    ],
    ids=["good clock", "unreliable", "impossible"],
)
def test_the_only_reading_leaves_less_room_for_what_is_missing_and_for_the_clock(
    stamp: str, rest: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages["GCS14_4.3_SUCCESS_UNRELIABLE_RESPONSE"]
    payload = bytes.fromhex(f"010902 00 0700 0005 08000BFF01 01 {_CREDIT}")
    response = replace(message, payload=payload, date_time=bytes.fromhex(stamp))
    said = str(describe(response).reading)
    assert said.endswith(f": credit remaining 2500000 unscaled; {rest}")
