"""A mode, supply state, balance or log that is not its use case's is never said as if it were."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Message

pytestmark = pytest.mark.shared

_OTHER = [
    ("GCS02_1.6_IMMEDIATE_SUCCESS", "940cffffffff", "970800000000", "prepayment mode"),
    ("GCS03_1.6_IMMEDIATE_SUCCESS", "970800000000", "940cffffffff", "credit mode"),
    ("ECS02_1.6_IMMEDIATE_SINGLE_SUCCESS", "02021601", "02021602", "prepayment mode"),
    ("ECS03_1.6_IMMEDIATE_SINGLE_SUCCESS", "02021602", "02021601", "credit mode"),
    ("ECS03_1.6_IMMEDIATE_SINGLE_SUCCESS", "02021602", "020216ff", "payment mode 255, not defined"),
    ("GCS32_7.2_SUCCESS", "000000000001", "000000000201", "supply on"),
    ("GCS39_7.3_SUCCESS", "000000000101", "000000000001", "supply off"),
    ("GCS40a_1.5_SUCCESS", "0000000000", "0000000001", "credit, to set"),
    ("GCS61_4.17_SUCCESS", "00db02", "01db02", "samples of generation"),
    ("GCS61_4.17_SUCCESS", "0100", "0200", "the gas network data log"),
    ("CS11_3.3_ERROR", "03", "02", "its fault log"),
    (
        "GCS16a_4.6.1_SUCCESS",
        "01000000",
        "02000000",
        "snapshots with the cause end of billing period",
    ),
    ("GCS15d_4.4.4_SUCCESS", "02", "ff", "all debts"),
    ("ECS70_6.11_SUCCESS", "16050203", "16010203", "a clock base of internal crystal"),
    ("ECS70_6.11_SUCCESS", "16050203", "16090203", "clock base 9, not defined"),
    (
        "ECS70_6.11_SUCCESS",
        "ffffffffffffffffff8000ff",
        "07df0101ff000005008000ff",
        "the preset time 2015-01-01 00:00:05 UTC",
    ),
]


def changed(message: Message, old: str, new: str) -> Message:
    """The message with the last place of an octet sequence, in hexadecimal, changed."""
    head, found, tail = message.payload.hex().rpartition(old)
    assert found
    return replace(message, payload=bytes.fromhex(f"{head}{new}{tail}"))


def reading(message: Message, command: Message | None = None) -> str:
    return str(describe(message, command=command).reading)


@pytest.mark.parametrize(("name", "old", "new", "words"), _OTHER)
def test_a_command_for_another_value_than_its_use_case_has_is_a_contradiction(
    name: str, old: str, new: str, words: str, reference_messages: dict[str, Message]
) -> None:
    command = changed(reference_messages[f"{name}_COMMAND"], old, new)
    said = reading(command)
    assert said.startswith("Contradiction: ")
    assert said.endswith(f", but for {words}.")
    response = reading(reference_messages[f"{name}_RESPONSE"], command)
    assert f"but for {words}." in response or " did not " in response


@pytest.mark.parametrize(
    ("cleared", "words"),
    [
        (0x08, " cleared its ZigBee event log."),
        (0x01, " cleared more than its ZigBee event log: all logs."),
        (0x18, " log: general event log, security event log."),
        (0x02, " did not clear its ZigBee event log: another log was cleared."),
        (0x20, " did not clear its ZigBee event log: another log was cleared."),
        (0x00, " did not clear its ZigBee event log: no log was cleared."),
    ],
)
def test_a_log_is_cleared_where_the_answer_has_it(
    cleared: int, words: str, reference_messages: dict[str, Message]
) -> None:
    response = reference_messages["CS11_3.3_ERROR_RESPONSE"]
    payload = response.payload[:-1] + bytes([cleared])
    said = reading(replace(response, payload=payload), reference_messages["CS11_3.3_ERROR_COMMAND"])
    assert said.endswith(words)


def test_entries_of_another_log_are_not_said_to_be_of_the_one_that_was_asked_for(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["CS10a_6.13_SUCCESS_RESPONSE"]
    assert " reports its ZigBee event log: 32 entries, " in reading(response)
    said = reading(changed(response, "03ba81", "04ba81"))
    assert said.endswith(", but with entries of another log (1 of 32): 4, security event log.")


def test_a_clock_is_never_set_where_the_period_for_it_ends_before_it_begins(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS70_6.11_SUCCESS_COMMAND"]
    late = changed(command, "07de0c1fff173b0a008000ff", "07df0c1fff173b0a008000ff")
    ends = "between 2015-12-31 23:59:10 UTC and 2015-01-01 00:00:10 UTC, which no time is."
    assert reading(late).endswith(ends)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("01000000", " reports the gas daily read log: "),
        ("00200000", ", but with snapshots of another cause (1 of 1): change of supplier."),
    ],
)
def test_snapshots_of_another_cause_are_not_said_to_be_those_asked_for(
    cause: str, words: str, reference_messages: dict[str, Message]
) -> None:
    response = reference_messages["GCS16a_4.6.1_SUCCESS_RESPONSE"]
    frame = bytes.fromhex(f"090006 00000000 90a7341c 01 00 01 {cause} 00 393000000000 00 00")
    payload = bytes.fromhex(f"0109 01 01 0702 {len(frame):04x}") + frame
    assert words in reading(replace(response, payload=payload))


def test_the_log_of_billing_periods_is_read_by_snapshots_of_their_end_alone(
    reference_messages: dict[str, Message],
) -> None:
    daily = replace(reference_messages["GCS16a_4.6.1_SUCCESS_COMMAND"], message_code=0x0076)
    payload = daily.payload.replace(b"\x01\0\0\0", b"\x02\0\0\0")
    assert ", but for snapshots with the cause general." in reading(daily)
    assert reading(replace(daily, payload=payload)).startswith("Asks ")


def test_a_device_type_that_ccs01_does_not_have_is_said(
    reference_messages: dict[str, Message],
) -> None:
    command = changed(reference_messages["CCS01_8.11_SUCCESS_COMMAND"], "1600", "1605")
    assert " (type 5, not defined) to its log and to let it join for 90 s." in reading(command)
    response = reading(reference_messages["CCS01_8.11_SUCCESS_RESPONSE"], command)
    assert " added Device 00-DB-12-34-56-78-90-A0 (type 5, not defined) to its log; " in response
