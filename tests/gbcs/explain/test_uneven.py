"""A DLMS Response with fewer or more results than its Command has parts is not told as done."""

from dataclasses import replace

import pytest

from hht.gbcs.dlms import AccessResponse
from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Message
from hht.gbcs.payload import decode_payload, encode_payload


@pytest.mark.shared
@pytest.mark.parametrize(
    ("use_case", "results", "words"),
    [
        ("CCS01_8.11", 1, "gave 1 result for the 3 parts of the Command to "),
        ("CCS01_8.11", 4, "gave 4 results for the 3 parts of the Command to "),
        ("ECS70_6.11", 1, "gave 1 result for the 5 parts of the Command to "),
    ],
)
def test_a_response_with_other_than_one_result_a_part_is_not_told_as_done(
    reference_messages: dict[str, Message], use_case: str, results: int, words: str
) -> None:
    command = reference_messages[f"{use_case}_SUCCESS_COMMAND"]
    message = reference_messages[f"{use_case}_SUCCESS_RESPONSE"]
    payload = decode_payload(message)
    assert isinstance(payload, AccessResponse)
    codes, data = payload.results * 2, payload.data * 2
    changed = replace(payload, results=codes[:results], data=data[:results])
    told = describe(replace(message, payload=encode_payload(changed)), command=command)
    assert words in str(told.reading)
    assert "joining" not in str(told.reading)
