"""What should be a moment and is none is in the plain line, wherever in the message it is."""

import re
from dataclasses import replace

import pytest

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Message

_NO_DAY = r"impossible date 2030-02-30|2030-02-30 \(imp"
_COSEM_TIME = re.compile(rb"\x09\x0c\x07[\xd0-\xef]")
_ZCL_DATE = re.compile(rb"s[\x01-\x0c][\x01-\x1f]\xff")


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "pattern", "instead"),
    [
        ("ECS01a_1.1.1_IMMEDIATE_BLOCK_SUCCESS_COMMAND", _COSEM_TIME, "07ef0d04ff0a0000008000ff"),
        ("ECS01c_1.1.2_FUTURE_DATED_SUCCESS_COMMAND", _COSEM_TIME, "07ef0304ff190000008000ff"),
        ("ECS24b_4.11.2_SUCCESS_RESPONSE", _COSEM_TIME, "07ef0d04ff0a0000008000ff"),
        ("ECS18b_4.12.1_ERROR_RESPONSE", _COSEM_TIME, "07ef0304ff190000008000ff"),
        ("ECS18a_4.12.2_SUCCESS_RESPONSE", _COSEM_TIME, "07ef0304ff190000000fffff"),
        ("CCS06_8.9_SUCCESS_RESPONSE", _COSEM_TIME, "07ef0d04ff0a0000008000ff"),
        ("GCS01a_1.1.1_IMMEDIATE_TOU_SUCCESS_COMMAND", _ZCL_DATE, "820d04ff"),
        ("GCS05_2.1_FUTURE_DATED_ERROR_COMMAND", _ZCL_DATE, "82021eff"),
    ],
)
def test_a_moment_that_is_none_is_in_the_line_though_it_has_room_for_few_values(
    name: str, pattern: re.Pattern[bytes], instead: str, reference_messages: dict[str, Message]
) -> None:
    message = reference_messages[name]
    none = re.compile(r"impossible|wrong (time|zone)|\(deviation")
    assert not none.search(str(describe(message).reading))
    places = [found.end() - 4 for found in pattern.finditer(message.payload)]
    assert places
    if pattern is _COSEM_TIME:
        places = [place + 2 for place in places]
    for place in places:
        rest = message.payload[place + len(instead) // 2 :]
        payload = message.payload[:place] + bytes.fromhex(instead) + rest
        line = str(describe(replace(message, payload=payload)).reading)
        assert none.search(line), line
        assert len(line) <= LONGEST
        assert "…" not in line


@pytest.mark.shared
@pytest.mark.parametrize("end", ["07ee021eff093b3b63800087", "07ee020fff0963000080000f"])
@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ECS47a_7.13_APC_INPUT_SUCCESS_COMMAND", "from 2015-01-03 00:00"),
        ("ECS08a_2.1_FUTURE_DATED_SUCCESS_COMMAND", "at 2030-01-15 09:00"),
        ("ECS70Commission_8.1.1_SUCCESS_COMMAND", "between 2014-12-31 23:59"),
    ],
)
def test_a_second_moment_that_is_none_is_in_the_line_with_the_first(
    name: str, kept: str, end: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[name]
    last = list(_COSEM_TIME.finditer(command.payload))[-1].start() + 2
    payload = command.payload[:last] + bytes.fromhex(end) + command.payload[last + 12 :]
    line = str(describe(replace(command, payload=payload)).reading)
    assert kept in line
    assert re.search(_NO_DAY + r"|2030-02-15 (impossible|\(wrong) time", line)
    assert not line.endswith("…")
    assert "ECS08a" not in name or re.search(r" \(#[0-9A-F]{4}\)\.$", line)


@pytest.mark.shared
@pytest.mark.parametrize("cra", ["COMMAND", "PRECOMMAND"])
@pytest.mark.parametrize(
    ("end", "words"),
    [
        (b"20150101\xa230000Z00", "a time of another form."),
        (b"\xa2015010100300000", "no date and time."),
    ],
    ids=["another form", "no digits"],
)
def test_an_end_that_is_no_asn1_time_is_in_the_line_with_its_beginning(
    end: bytes, words: str, cra: str, reference_messages: dict[str, Message]
) -> None:
    command = reference_messages[f"GCS28_6.11_SUCCESS_{cra}"]
    payload = command.payload.replace(b"20150101003000Z", end[:15], 1)
    assert payload != command.payload
    line = str(describe(replace(command, payload=payload)).reading)
    assert "between 2014-12-31 23:30" in line
    assert line.endswith(words)
