"""Whatever decodes is explained, in words of a bounded length, or refused as out of shape.

Many more, in some minutes:
`HHT_EXAMPLES=30000 HHT_TEST_SECONDS=3000 python -m pytest tests/gbcs/explain/test_any_values.py`.
"""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payload_encoding import encode_payload
from payload_mutations import changed_messages
from sampling import LONG
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, ECS70_RESPONSE

from hht.gbcs import dlms
from hht.gbcs.dlms import Tag, Value
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.describe import Field, describe, explain
from hht.gbcs.explain.texts import is_printed
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.gbcs.payload import Payload, decode_payload

EXAMPLES = int(os.environ.get("HHT_EXAMPLES", "300" if LONG else "100"))
OWN = [Message.parse(raw) for raw in (CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, ECS70_RESPONSE)]


def explain_bounded(
    message: Message, keys: PemFolder | None = None, command: Message | None = None
) -> None:
    """Explain a message that decodes, or refuse it with the one typed error."""
    assert str(outcome_of(message, keys).summary)
    try:
        described = explain(message, keys, command=command)
    except MalformedMessage:
        return
    assert 0 < len(str(described.reading)) <= LONGEST
    assert is_printed(str(described.reading))
    for field in _every(described.fields):
        assert len(str(field.value)) <= LONGEST, field.name
        assert is_printed(f"{field.name}{field.value}")
    size = sum(len(field.name) + len(str(field.value)) for field in _every(described.fields))
    assert size < 4000 + 300 * len(message.payload)


def _every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _every(field.children)


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_any_value_in_our_own_messages_is_explained(data: st.DataObject) -> None:
    message = data.draw(st.sampled_from(OWN))
    explain_bounded(data.draw(changed_messages(message, decode_payload(message))))


@pytest.mark.shared
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_value_in_a_reference_message_is_explained(
    data: st.DataObject,
    reference_messages: dict[str, Message],
    reference_payloads: dict[str, Payload],
    reference_keys: PemFolder,
) -> None:
    names = st.sampled_from(sorted(reference_messages))
    name = data.draw(names)
    changed = data.draw(changed_messages(reference_messages[name], reference_payloads[name]))
    command = data.draw(st.none() | names.map(reference_messages.__getitem__))
    explain_bounded(changed, reference_keys, command)


@pytest.mark.parametrize("scaler", [127, -128, 0x7FFFFFFF, -0x80000000])
@pytest.mark.parametrize("tag", [Tag.INTEGER, Tag.DOUBLE_LONG])
def test_a_scaler_of_any_width_is_applied_or_said_to_be_out_of_range(tag: int, scaler: int) -> None:
    unit = Value(Tag.STRUCTURE, (Value(tag, scaler), dlms.enum(30)))
    if tag == Tag.INTEGER and not -128 <= scaler <= 127:
        return
    data = (dlms.double_long_unsigned(5), unit, dlms.double_long_unsigned(5), unit)
    results = (dlms.Result(1, 0),) * 4
    payload = encode_payload(dlms.AccessResponse(0x20000001, data, results))
    described = explain(replace(OWN[1], message_code=0x0026, payload=payload))
    assert len(str(described.reading)) <= LONGEST


def test_an_integer_of_two_thousand_octets_is_said_to_be_out_of_range() -> None:
    payload = bytes.fromhex("308207d8308207d4028207d0") + b"\x7f" * 2000
    described = explain(replace(OWN[0], message_code=0x0102, payload=payload, cra=Cra.COMMAND))
    assert "out of range" in str(described.reading)
    assert "out of range" in " ".join(str(field.value) for field in _every(described.fields))


def test_a_compact_array_of_nothing_in_great_numbers_is_refused() -> None:
    nulls = 3000
    description = bytes([2, 0x82]) + nulls.to_bytes(2, "big") + bytes(nulls) + b"\x11"
    raw = b"\x13" + description[:2] + (nulls + 1).to_bytes(2, "big") + description[4:]
    contents = 4000
    value = raw + b"\x82" + contents.to_bytes(2, "big") + bytes(contents)
    with pytest.raises(MalformedMessage, match="more values"):
        dlms.decode_only_value(value)


def test_a_payload_longer_than_any_use_cases_is_refused() -> None:
    with pytest.raises(MalformedMessage, match="longer than any"):
        explain(replace(OWN[0], payload=bytes(0x10001)))


def test_a_message_that_this_program_fails_on_is_described_by_its_headers(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("hht.gbcs.explain.describe.explain", fail)
    described = describe(OWN[0])
    assert "failed to explain" in str(described.reading)
    assert OWN[0].payload.hex().upper() not in str(described), "an Install Code stays hidden"
    assert "0001 could not be explained" in caplog.text


@pytest.mark.shared
@pytest.mark.parametrize("size", [0, 1, 5, 7, 12])
def test_a_unit_charge_whose_commodity_is_no_logical_name_is_explained(
    size: int, reference_messages: dict[str, Message], reference_payloads: dict[str, Payload]
) -> None:
    name = "ECS01b_1.2.1_FUTURE_DATED_TOU_BLOCK_SUCCESS_COMMAND"
    payload = reference_payloads[name]
    assert isinstance(payload, dlms.AccessRequest)
    scales, commodity, prices = payload.data[0].members
    class_id, _, attribute = commodity.members
    unnamed = dlms.structure(class_id, dlms.octets(bytes(size)), attribute)
    charge = dlms.structure(scales, unnamed, prices)
    changed = replace(payload, data=(charge, *payload.data[1:]))
    explain_bounded(replace(reference_messages[name], payload=encode_payload(changed)))
