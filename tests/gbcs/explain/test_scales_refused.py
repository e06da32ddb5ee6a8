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
    told = describe(replace(command, payload=bytes.fromhex(payload)))
    assert f"standing charge {words}" in str(told.reading)
