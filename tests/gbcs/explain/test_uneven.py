"""A Response that does not answer each part of its Command is not said to be done."""

from dataclasses import replace

import pytest
from payload_encoding import encode_payload

from hht.gbcs.completeness import shortfall
from hht.gbcs.correlation import key_of
from hht.gbcs.dlms import AccessResponse, Result
from hht.gbcs.explain.describe import describe
from hht.gbcs.gbz import GbzPayload
from hht.gbcs.judgement import judge
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.gbcs.payload import Payload, decode_payload


@pytest.mark.shared
@pytest.mark.parametrize(
    ("use_case", "results", "words"),
    [
        ("CCS01_8.11", 1, "gave 1 result for the 3 parts of the Command to "),
        ("CCS01_8.11", 4, "gave 4 results for the 3 parts of the Command to "),
        ("ECS70_6.11", 1, "gave 1 result for the 5 parts of the Command to "),
    ],
)
def test_a_response_with_other_than_one_result_a_part_is_not_explained_as_done(
    reference_messages: dict[str, Message], use_case: str, results: int, words: str
) -> None:
    command = reference_messages[f"{use_case}_SUCCESS_COMMAND"]
    message = reference_messages[f"{use_case}_SUCCESS_RESPONSE"]
    payload = decode_payload(message)
    assert isinstance(payload, AccessResponse)
    codes, data = payload.results * 2, payload.data * 2
    changed = replace(payload, results=codes[:results], data=data[:results])
    described = describe(replace(message, payload=encode_payload(changed)), command=command)
    assert words in str(described.reading)
    assert "joining" not in str(described.reading)


@pytest.mark.shared
@pytest.mark.parametrize("use_case", ["CCS01_8.11", "ECS70_6.11", "GCS23_6.6", "GCS05_2.1"])
def test_a_response_that_leaves_parts_of_its_command_out_is_no_success(
    reference_messages: dict[str, Message], use_case: str
) -> None:
    name = next(
        name
        for name in reference_messages
        if name.startswith(use_case) and "SUCCESS_COMMAND" in name
    )
    command = reference_messages[name]
    message = reference_messages[name.replace("COMMAND", "RESPONSE")]
    short = replace(message, payload=encode_payload(without_last(decode_payload(message))))
    assert outcome_of(message, command=command).positive
    assert not outcome_of(short, command=command).positive
    judged = judge(short, None, command)
    assert judged.positive is None
    assert judged.summary.endswith("what became of each is not certain.")
    said = str(describe(short, command=command).reading)
    assert said.startswith("It is not certain what the ")


@pytest.mark.shared
def test_fewer_outcomes_than_credentials_are_no_success(
    reference_messages: dict[str, Message],
) -> None:
    name = "CS02bSupplierBySupplier_6.15.1_IMMEDIATE_ERROR"
    command = reference_messages[f"{name}_COMMAND"]
    answer = decode_payload(reference_messages[f"{name}_RESPONSE"])
    other = decode_payload(
        reference_messages["CS02bNOByNOHandover_6.21_SUCCESS_RESPONSE"]
    )  # of two credentials
    assert shortfall(answer, decode_payload(command), command.message_code) == ""
    expected = "2 outcomes for the 3 parts of the Command"
    assert shortfall(other, decode_payload(command), command.message_code) == expected


@pytest.mark.shared
@pytest.mark.parametrize(
    "component",
    ["01 0702 0005 08000B 0800", "01 0700 0005 08000B 0B00", "01 0705 0006 090003 00 0000"],
    ids=["another command", "another cluster", "another cluster's own response"],
)
def test_an_answer_to_another_gas_command_is_no_success(
    reference_messages: dict[str, Message], component: str
) -> None:
    command = reference_messages["GCS32_7.2_SUCCESS_COMMAND"]
    message = reference_messages["GCS32_7.2_SUCCESS_RESPONSE"]
    other = replace(message, payload=bytes.fromhex(f"0109 01 {component}"))
    assert not outcome_of(other, command=command).positive
    said = str(describe(other, command=command).reading)
    assert "it gave an answer that is not one to the Command to disable the supply" in said


@pytest.mark.shared
def test_a_gas_command_answered_twice_and_another_not_at_all_is_no_success(
    reference_messages: dict[str, Message],
) -> None:
    command = reference_messages["GCS05_2.1_IMMEDIATE_SUCCESS_COMMAND"]
    message = reference_messages["GCS05_2.1_IMMEDIATE_SUCCESS_RESPONSE"]
    payload = decode_payload(message)
    assert isinstance(payload, GbzPayload)
    twice = replace(payload, components=(payload.components[0], *payload.components[:-1]))
    other = replace(message, payload=encode_payload(twice))
    said = str(describe(other, command=command).reading)
    assert f"it gave no answer to 1 of the {len(payload.components)} parts of the Command" in said


def test_a_response_with_results_and_values_of_other_numbers_is_no_success() -> None:
    uneven = AccessResponse(0, (), (Result(1, 0),))
    assert shortfall(uneven, None, 0xEEEE) == "1 result and no values"


@pytest.mark.shared
def test_every_reference_response_answers_each_part_of_its_command(
    reference_messages: dict[str, Message],
) -> None:
    commands = {
        key_of(each): each for each in reference_messages.values() if each.cra is Cra.COMMAND
    }
    for message in reference_messages.values():
        if message.cra is Cra.RESPONSE and key_of(message) in commands:
            asked = decode_payload(commands[key_of(message)])
            assert shortfall(decode_payload(message), asked, message.message_code) == ""


@pytest.mark.shared
def test_a_lone_response_shorter_than_any_command_of_its_use_case_is_no_success(
    reference_messages: dict[str, Message],
) -> None:
    message = reference_messages["CCS01_8.11_SUCCESS_RESPONSE"]
    short = replace(message, payload=encode_payload(without_last(decode_payload(message))))
    assert outcome_of(message).positive
    assert not outcome_of(short).positive
    assert "joining" not in str(describe(short).reading)


def without_last(payload: Payload) -> Payload:
    """Take the last part from a Response."""
    match payload:
        case AccessResponse():
            return replace(payload, results=payload.results[:-1], data=payload.data[:-1])
        case GbzPayload():
            return replace(payload, components=payload.components[:-1])
    raise AssertionError(payload)
