"""Auxiliary controllers and the boost button: a Response says as much as its Command."""

import re
from dataclasses import replace
from itertools import product

import pytest
from payload_encoding import encode_payload

from hht.gbcs import dlms
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import decode_payload

pytestmark = pytest.mark.shared

MOMENTS = (
    "07df0101ff0000000000008f",
    "07df0d01ff0000000000000f",
    "07df0101ff0000000003e88f",
    "07df0101ff3d3d3dff800040",
    "fffffefdff0000000080008f",
    "07df0101ff173b3b63000000",
)
"""Of a clock in doubt, impossible dates, zones and times, one that recurs, and a plain one."""


def reading(message: Message, command: Message | None = None) -> str:
    said = str(describe(message, command=command).reading)
    return said.replace(str(message.recipient), "X").replace(str(message.originator), "X")


@pytest.mark.parametrize(
    ("name", "asked", "done"),
    [
        (
            "ECS47Activate_7.5_SUCCESS",
            "Asks the ESME X to activate auxiliary controller 1, for 30 min.",
            "The ESME X activated auxiliary controller 1, for 30 min.",
        ),
        (
            "ECS47Reset_7.8_ERROR",
            "Asks the ESME X to reset auxiliary controller 5.",
            "The ESME X did not reset auxiliary controller 5: hardware fault.",
        ),
        (
            "ECS47a_7.13_APC_INPUT_ERROR",
            "Asks the Device X to set auxiliary controller 3 to input 50 %,"
            " from 2015-01-03 00:00:00 UTC to 2015-01-03 01:00:00 UTC.",
            "The Device X did not fully set auxiliary controller 3 to input 50 %:"
            " 2 of 3 steps failed (first: hardware fault).",
        ),
        (
            "ECS62Add_7.9_SUCCESS",
            "Asks the ESME X to tie its boost button to auxiliary controllers 1 to 5.",
            "The ESME X tied its boost button to auxiliary controllers 1 to 5.",
        ),
        (
            "ECS62Remove_7.10_SUCCESS",
            "Asks the ESME X to untie its boost button from auxiliary controllers 1 to 5.",
            "The ESME X untied its boost button from auxiliary controllers 1 to 5.",
        ),
    ],
)
def test_command_and_response_say_the_same(
    name: str, asked: str, done: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[f"{name}_COMMAND"]
    response = reference_messages[f"{name}_RESPONSE"]
    assert reading(command) == asked
    assert reading(response, command) == done


def test_a_boost_button_tied_and_untied_at_once_names_both(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS62Add_7.9_SUCCESS_COMMAND"]
    payload = decode_payload(command)
    assert isinstance(payload, dlms.AccessRequest)
    data = tuple(value._replace(content=int(at != 1)) for at, value in enumerate(payload.data))
    mixed = replace(command, payload=encode_payload(replace(payload, data=data)))
    assert reading(mixed) == (
        "Asks the ESME X to tie its boost button to auxiliary controllers 1, 3, 4 and 5"
        " and untie it from auxiliary controller 2."
    )


def test_what_each_of_two_moments_is_for_makes_room_for_both(
    reference_messages: dict[str, Message],
) -> None:
    name = "ECS08_2.1_FUTURE_DATED_SUCCESS_COMMAND"
    command = replace(reference_messages[name], mac=None, signature=None)
    first = command.payload.index(b"\x09\x0c\x07") + 2
    doubtful = bytes.fromhex(MOMENTS[0])
    payload = command.payload[:first] + doubtful + command.payload[first + 12 :]
    said = reading(replace(command, payload=payload))
    assert re.search(r" at 2015-01-01 00:00 .*and 2030-01-15 09:00 UTC.* \(#\w{4}\)\.$", said), said
    assert "…" not in said


def test_a_controller_without_a_value_leaves_no_gap_in_the_line(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS62Remove_7.10_SUCCESS_COMMAND"]
    assert command.payload.endswith(b"\x05" + b"\x03\x00" * 5)
    said = reading(replace(command, payload=command.payload[:-10] + b"\x02\x00" + b"\x03\x00" * 4))
    assert re.search(r", or untie it: no, no and 2 more \(#\w{4}\)\.$", said)


@pytest.mark.parametrize("script", [0, 0x11, 0x0611, 0x12345, 0x0199])
def test_a_script_of_no_controller_is_explained_in_general_words(
    script: int, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages["ECS47Reset_7.8_SUCCESS_COMMAND"]
    payload = decode_payload(command)
    assert isinstance(payload, dlms.AccessRequest)
    changed = replace(payload, data=(dlms.double_long_unsigned(script),))
    said = reading(replace(command, payload=encode_payload(changed)))
    assert said.startswith("Asks the ESME X to switch an auxiliary load")


def test_without_its_command_a_response_names_no_controller(
    reference_messages: dict[str, Message],
) -> None:
    response = reference_messages["ECS47Activate_7.5_SUCCESS_RESPONSE"]
    assert response.cra is Cra.RESPONSE
    assert reading(response) == "The ESME X switched an auxiliary load."


@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        (
            "ECS42_7.1_ERROR",
            52,
            "enable the supply (close the load switch), but by script 52, disable",
        ),
        (
            "ECS43_7.2_SUCCESS",
            51,
            "disable the supply (open the load switch), but by script 51, enable",
        ),
        (
            "ECS44_7.3_SUCCESS",
            99,
            "arm the supply, but by script 99, reset the tariff block counters.",
        ),
        ("ECS05_1.7_SUCCESS", 7, "reset its tariff block counters, but by script 7."),
    ],
)
def test_a_script_that_is_not_its_use_cases_is_a_contradiction(
    name: str, script: int, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[f"{name}_COMMAND"]
    other = replace(command, payload=command.payload[:-1] + bytes([script]))
    said = reading(other)
    assert said.startswith(f"Contradiction: asks the ESME X to {words}")
    done = reading(reference_messages[f"{name}_RESPONSE"], other)
    assert " did not " in done or f"carried out script {script}" in done


@pytest.mark.parametrize("name", ["ECS47a_7.13_ALCS_ACTIVATE", "ECS47e_7.16_APC_OUTPUT"])
def test_a_pre_command_keeps_both_its_moments_whatever_the_clock_and_the_dates(
    name: str, reference_messages: dict[str, Message]
) -> None:
    command = replace(reference_messages[f"{name}_SUCCESS_COMMAND"], mac=None, signature=None)
    places = [found.start() + 2 for found in re.finditer(rb"\x09\x0c\x07", command.payload)]
    for pair in product(MOMENTS, repeat=2):
        payload = bytearray(command.payload)
        for at, moment in zip(places, pair, strict=True):
            payload[at : at + 12] = bytes.fromhex(moment)
        said = reading(replace(command, payload=bytes(payload)))
        assert re.search(r" %, from .{10,} to .{10,}\.$", said), (pair, said)
        assert "…" not in said


def test_a_mark_is_of_all_that_is_set_bookkeeping_too(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["ECS37_6.18.1_SUCCESS_COMMAND"]
    payload = decode_payload(command)
    assert isinstance(payload, dlms.AccessRequest)
    before, after = b"\x12\xff\xff", b"\x12\x00\x1e"  # the validity window of an entry
    assert before in command.payload
    other = replace(command, payload=command.payload.replace(before, after, 1))
    assert reading(other) != reading(command)


@pytest.mark.parametrize(
    ("name", "other", "words"),
    [
        ("ECS15a_3.3_SUCCESS", "ECS15c_3.3_ERROR", "clear its event log, but for auxiliary"),
        ("ECS82_4.18_SUCCESS", "ECS52_11.2_SUCCESS", "report its meter balance, but for "),
        ("ECS39a_6.20.1_SINGLE_ERROR", "ECS39b_6.20.2_SUCCESS", "its import MPAN, but for export"),
    ],
)
def test_a_command_for_what_its_use_case_does_not_ask_is_a_contradiction(
    name: str, other: str, words: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[f"{name}_COMMAND"]
    payload = reference_messages[f"{other}_COMMAND"].payload
    said = reading(replace(command, payload=payload))
    assert said.startswith("Contradiction: asks the ESME X to ")
    assert words in said


def test_no_reference_command_is_a_contradiction(reference_messages: dict[str, Message]) -> None:
    lines = [reading(each) for each in reference_messages.values() if each.cra is Cra.COMMAND]
    assert [line for line in lines if "Contradiction" in line] == []
