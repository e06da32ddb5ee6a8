"""The gas supply is told as done only where a Response reports the state that was asked for."""

from dataclasses import replace

import pytest

from hht.gbcs.explain.describe import describe
from hht.gbcs.message import Message


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
def test_a_supply_in_another_state_than_was_asked_for_is_not_told_as_done(
    reference_messages: dict[str, Message], name: str, status: int, words: str
) -> None:
    message = reference_messages[name]
    changed = replace(message, payload=message.payload[:-1] + bytes([status]))
    assert str(describe(changed).reading).endswith(words)
