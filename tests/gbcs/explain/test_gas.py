"""Gas meters: a supply is said to be done, and a message to be shown, only where it is."""

from dataclasses import replace

import pytest
from payload_encoding import encode_payload

from hht.gbcs.explain.describe import describe
from hht.gbcs.gbz import GbzPayload
from hht.gbcs.message import Message
from hht.gbcs.payload import decode_payload


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("GCS32_7.2_SUCCESS_RESPONSE", 0, "disabled the supply (valve closed)."),
        ("GCS32_7.2_SUCCESS_RESPONSE", 2, "but reports supply status 2, on."),
        ("GCS32_7.2_SUCCESS_RESPONSE", 9, "but reports supply status 9, not defined."),
        ("GCS39_7.3_SUCCESS_RESPONSE", 1, "armed the supply."),
        ("GCS39_7.3_SUCCESS_RESPONSE", 0, "but reports supply status 0, off."),
    ],
)
def test_a_supply_in_another_state_than_was_asked_for_is_not_explained_as_done(
    reference_messages: dict[str, Message], name: str, status: int, words: str
) -> None:
    message = reference_messages[name]
    changed = replace(message, payload=message.payload[:-1] + bytes([status]))
    assert str(describe(changed).reading).endswith(words)


LATER = bytes.fromhex("90888138")
"""2030-01-15 09:00:00 UTC in seconds since 2000, the lowest octet first, as ZCL has it."""

NOW = bytes(4)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("asked", "given", "status", "words"),
    [
        (LATER, LATER, 2, "accepted, for 2030-01-15 09:00:00 UTC: to disable the supply"),
        (LATER, NOW, 0, "accepted, for 2030-01-15 09:00:00 UTC: to disable the supply"),
        (NOW, LATER, 0, "disabled the supply (valve closed); the time it gives is 2030-01-15"),
        (NOW, LATER, 2, "with success, but reports supply status 2, on."),
        (NOW, NOW, 0, "disabled the supply (valve closed)."),
        (None, LATER, 0, "answered the Command to disable the supply (close the valve) with succ"),
        (b"\xff" * 4, NOW, 2, " will not disable the supply"),
    ],
)
def test_when_the_supply_is_disabled_is_said_by_its_command(
    reference_messages: dict[str, Message],
    asked: bytes | None,
    given: bytes,
    status: int,
    words: str,
) -> None:
    command = reference_messages["GCS32_7.2_SUCCESS_COMMAND"]
    response = reference_messages["GCS32_7.2_SUCCESS_RESPONSE"]
    dated = replace(command, payload=command.payload[:-6] + (asked or NOW) + command.payload[-2:])
    changed = replace(response, payload=response.payload[:-5] + given + bytes([status]))
    described = describe(changed, command=dated if asked is not None else None)
    assert words in str(described.reading)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("command", "payload", "asked", "answered"),
    [
        (0, "01000000 00 ffffffff ffff 0141", "take a message back (cancelled)", "took a message"),
        (1, "01000000 00", "take a message back (cancelled)", "took a message back (cancelled)"),
        (3, "00000000", "take all messages back (cancelled)", "took all messages back"),
        (
            3,
            "0027a435",
            "take all messages back, at 2028-07-08 02:12:16 UTC",
            "accepted, for 2028-07-08 02:12:16 UTC: to take all messages back",
        ),
        (
            0,
            "01000000 00 00000000 ffff 0141",
            "to show a message, at once",
            "accepted a message to",
        ),
    ],
)
def test_a_message_that_is_taken_back_is_not_explained_as_shown(
    command: int,
    payload: str,
    asked: str,
    answered: str,
    reference_messages: dict[str, Message],
) -> None:
    asking = reference_messages["GCS07_3.1_SUCCESS_COMMAND"]
    gbz = decode_payload(asking)
    assert isinstance(gbz, GbzPayload)
    (component,) = gbz.components
    frame = component.frame._replace(command=command, payload=bytes.fromhex(payload))
    changed = replace(gbz, components=(replace(component, frame=frame),))
    sent = replace(asking, payload=encode_payload(changed))
    assert asked in str(describe(sent).reading)
    response = reference_messages["GCS07_3.1_SUCCESS_RESPONSE"]
    done = replace(response, payload=response.payload[:-2] + bytes([command, 0]))
    assert answered in str(describe(done, command=sent).reading)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "log", "words"),
    [
        (
            "CS10a_6.13_SUCCESS_COMMAND",
            b"\x12",
            "report its ZigBee event log, but for its fault log",
        ),
        (
            "CS10b_6.13_SUCCESS_COMMAND",
            b"\x03",
            "security log, but for its general event log, from",
        ),
        ("CS10a_6.13_SUCCESS_COMMAND", b"\x03", "to report its ZigBee event log, from 2014-12-31"),
    ],
)
def test_a_log_that_is_not_the_use_cases_is_a_contradiction(
    name: str, log: bytes, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[name]
    payload = command.payload[:11] + log + command.payload[12:]
    said = str(describe(replace(command, payload=payload)).reading)
    assert words in said
    assert said.startswith("Contradiction: ") is (", but for " in words)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("result", "credited", "has_command", "words"),
    [
        ("12", "D0121300", True, ", 12.50 GBP, supply armed: credit remaining 251.44 GBP."),
        ("11", "D0121300", False, "top-up, supply disabled: 12.50 GBP, credit remaining 251.44 "),
        ("10", "60E31600", True, "supply enabled: but credited 15.00 GBP."),
        ("80", "D0121300", False, "the top-up with a result that is not defined (code 80)."),
    ],
)
def test_a_top_up_is_explained_with_what_became_of_supply_and_credit(
    reference_messages: dict[str, Message],
    result: str,
    credited: str,
    has_command: bool,
    words: str,
) -> None:
    command = reference_messages["CS01b_2.2_SUCCESS_COMMAND"]
    response = reference_messages["CS01b_2.2_SUCCESS_RESPONSE"]
    payload = bytes.fromhex(f"010901010705000D090003{result}{credited}00C0AA7F01")
    changed = replace(response, payload=payload)
    described = describe(changed, command=command if has_command else None)
    assert words in str(described.reading)


@pytest.mark.shared
def test_a_meter_that_finds_no_firmware_version_is_not_said_to_run_one(
    reference_messages: dict[str, Message],
) -> None:
    message = reference_messages["GCS38_11.2_SUCCESS_RESPONSE"]
    not_found = bytes.fromhex("0109 01 01 0702 0006 080001 0602 8b")
    said = str(describe(replace(message, payload=not_found)).reading)
    assert said.endswith(" reports its firmware version: nothing was found.")


@pytest.mark.shared
def test_entries_without_a_time_are_counted_beside_the_days_of_the_others(
    reference_messages: dict[str, Message],
) -> None:
    message = reference_messages["CS10a_6.13_SUCCESS_RESPONSE"]
    payload = message.payload.replace(bytes.fromhex("3548371c"), b"\xff" * 4)
    said = str(describe(replace(message, payload=payload)).reading)
    assert ": 32 entries, 2014-12-31 00:00 to 23:16 (1 without a time)" in said


@pytest.mark.shared
@pytest.mark.parametrize(
    ("kind", "words"),
    [("00", ": 2 samples, "), ("01", ", but with samples of another type: 1, generation.")],
)
def test_samples_of_generation_are_not_said_to_be_of_consumption(
    reference_messages: dict[str, Message], kind: str, words: str
) -> None:
    message = reference_messages["GCS61_4.17_SUCCESS_RESPONSE"]
    frame = bytes.fromhex(f"090007 0100 801b2a1c {kind} ffff 0200 4abe00 f01400")
    payload = bytes.fromhex(f"010901 01 0702 {len(frame):04x}") + frame
    assert words in str(describe(replace(message, payload=payload)).reading)
