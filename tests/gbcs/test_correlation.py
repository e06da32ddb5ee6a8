"""Which Command a Response is explained with: none that only its file's name speaks for."""

from dataclasses import replace

import pytest

from hht.entity_id import EntityId
from hht.gbcs.correlation import Commands, Doubt, Pair
from hht.gbcs.message import Cra, Message

PARTY, DEVICE = EntityId(bytes([9]) * 8), EntityId(bytes(8))
UNSIGNED = Message(Cra.COMMAND, 1, PARTY, DEVICE, 0x0062, b"\x01")
COMMAND = replace(UNSIGNED, mac=bytes(12))
RESPONSE = Message(Cra.RESPONSE, 1, DEVICE, PARTY, 0x0062, b"\x00")


@pytest.mark.parametrize(
    ("commands", "pair"),
    [
        ([COMMAND], Pair(COMMAND)),
        ([UNSIGNED], Pair(UNSIGNED, Doubt.UNSIGNED)),
        ([replace(UNSIGNED, payload=b"\x02"), COMMAND], Pair(COMMAND)),
        ([COMMAND, replace(UNSIGNED, payload=b"\x02")], Pair(COMMAND)),
        ([COMMAND, COMMAND], Pair(COMMAND)),
        ([replace(COMMAND, payload=b"\x02"), COMMAND], Pair(doubt=Doubt.SEVERAL)),
        ([UNSIGNED, replace(UNSIGNED, payload=b"\x02")], Pair(doubt=Doubt.SEVERAL)),
        ([replace(COMMAND, counter=2)], Pair()),
    ],
    ids=["one", "unsigned", "before", "after", "twice", "two differ", "two unsigned", "another"],
)
def test_a_command_that_nothing_proves_is_doubted_or_left_out(
    commands: list[Message], pair: Pair
) -> None:
    found = Commands([*commands, RESPONSE], None)
    assert found.for_response(len(commands), RESPONSE) == pair
