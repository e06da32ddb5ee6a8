"""Blocks of a hub that may be broken or hostile: each message once, in bounded memory and time."""

import itertools
import sys
import tracemalloc
from types import FrameType
from typing import Any

import pytest
from gbt_samples import ESME, SUPPLIER, message
from present import present

from hht.gbcs.message import Cra, Headers
from hht.zse.gbt import Block, decode_block, split
from hht.zse.gbt_reassembly import MAX_AHEAD, MAX_MESSAGE, MAX_UNFINISHED, Reassembler


def block(number: int, data: bytes = b"x", *, last: bool = False, counter: int = 1) -> bytes:
    headers = Headers(Cra.RESPONSE, counter, ESME, SUPPLIER, 0x0102)
    return Block(headers, number, last, data).encode()


def test_blocks_in_order_are_acknowledged_and_give_the_message():
    receiver = Reassembler()
    for number, raw in enumerate(split(message(), 1200), 1):
        whole = receiver.feed(raw)
        answer = decode_block(present(receiver.answer))
        assert (answer.data, answer.acknowledged) == (b"", number)
    assert whole == message()


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_blocks_in_any_order_give_the_message_once(order):
    receiver, blocks = Reassembler(), split(message(), 1200)
    wholes = [receiver.feed(blocks[at]) for at in order]
    assert [whole for whole in wholes if whole] == [message()]
    assert wholes[-1] == message()


def test_a_lost_block_is_seen_in_the_acknowledgement():
    receiver, blocks = Reassembler(), split(message(), 1200)
    receiver.feed(blocks[0])
    receiver.feed(blocks[2])
    assert decode_block(present(receiver.answer)).acknowledged == 1
    assert receiver.feed(blocks[1]) == message()
    assert decode_block(present(receiver.answer)).acknowledged == 3


def test_the_last_block_sent_again_is_acknowledged_and_not_given_again():
    receiver, blocks = Reassembler(), split(message(), 1200)
    for raw in blocks:
        receiver.feed(raw)
    assert receiver.feed(blocks[2]) is None
    assert decode_block(present(receiver.answer)).acknowledged == 3


def test_a_message_sent_again_is_given_again_where_that_is_wanted():
    receiver, blocks = Reassembler(restarts=True), split(message(), 1200)
    for _ in range(2):
        assert [receiver.feed(raw) for raw in blocks][-1] == message()


def test_blocks_of_two_messages_may_mix():
    receiver = Reassembler()
    pairs = zip(split(message(), 1200), split(message(counter=2), 1200), strict=True)
    wholes = [receiver.feed(raw) for pair in pairs for raw in pair]
    assert wholes[-2:] == [message(), message(counter=2)]


def test_a_message_without_end_is_dropped_and_it_is_said():
    receiver = Reassembler()
    for number in range(1, 6):
        assert receiver.feed(block(number, bytes(60_000))) is None
    assert receiver.faults == [f"the message 1 of {ESME} grows without end and was dropped"]
    assert (receiver.answer, receiver.unfinished) == (None, 0)


def test_a_repeated_block_of_a_finished_message_starts_nothing():
    receiver, blocks = Reassembler(), split(message(), 1200)
    for raw in blocks:
        receiver.feed(raw)
    for raw in blocks:
        assert receiver.feed(raw) is None
        assert decode_block(present(receiver.answer)).acknowledged == 3
        assert receiver.faults == []
    assert receiver.unfinished == 0


def test_of_two_blocks_that_contradict_each_other_the_first_stays_and_it_is_said():
    receiver = Reassembler()
    receiver.feed(block(1, b"first"))
    assert receiver.feed(block(1, b"other")) is None
    assert receiver.faults == [
        f"Block 1 of the message 1 of {ESME} came again with other bytes; the first stays"
    ]
    assert receiver.feed(block(2, b"end", last=True)) == b"firstend"


def test_a_block_that_contradicts_a_finished_message_changes_nothing_and_it_is_said():
    receiver = Reassembler()
    assert receiver.feed(block(1, b"first", last=True)) == b"first"
    assert receiver.feed(block(1, b"other", last=True)) is None
    assert "the first stays" in receiver.faults[0]


def test_a_block_beyond_the_last_is_dropped_and_it_is_said_whichever_came_first():
    receiver = Reassembler()
    for raw in (block(1), block(4), block(3, last=True)):
        assert receiver.feed(raw) is None
    assert "1 block beyond it was dropped" in receiver.faults[0]
    assert receiver.feed(block(5)) is None
    assert "3 was the last" in receiver.faults[0]
    assert receiver.feed(block(2)) == b"xxx"


def test_the_first_block_that_says_it_is_the_last_stays_the_last():
    receiver = Reassembler()
    receiver.feed(block(3, last=True))
    receiver.feed(block(2, last=True))
    assert "3 was the last" in receiver.faults[0]


def test_messages_that_never_end_are_dropped_oldest_first_and_it_is_said():
    receiver = Reassembler()
    for counter in range(MAX_UNFINISHED + 1):
        receiver.feed(block(1, counter=counter))
    assert receiver.faults == [f"1 block of the message 0 of {ESME} was dropped: too many wait"]
    assert receiver.unfinished == MAX_UNFINISHED


def test_a_message_whose_blocks_go_on_coming_outlives_those_that_never_end():
    receiver = Reassembler()
    receiver.feed(block(1, counter=0))
    for counter in range(1, 100):
        receiver.feed(block(1, counter=counter))
        receiver.feed(block(1, counter=0))
    assert receiver.feed(block(2, last=True, counter=0)) == b"xx"


def test_unfinished_messages_never_hold_more_than_one_message_may():
    receiver = Reassembler()
    tracemalloc.start()
    for counter in range(2000):
        receiver.feed(block(1, bytes(60_000), counter=counter))
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert receiver.unfinished * 60_000 <= MAX_MESSAGE
    assert kept < 4 * MAX_MESSAGE


def test_a_block_too_far_beyond_a_gap_is_dropped_and_sent_again_it_is_taken():
    receiver = Reassembler()
    far = MAX_AHEAD + 1
    assert receiver.feed(block(far, last=True)) is None
    assert "it was dropped" in receiver.faults[0]
    for number in range(1, far):
        receiver.feed(block(number))
    assert receiver.feed(block(far, last=True)) == b"x" * far


def test_every_block_costs_the_same_however_many_there_are():
    """Counted in lines that are executed, not in seconds: the machine may be busy."""
    receiver = Reassembler()
    lines = 0

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return count

    costs = []
    for number in range(1, 2001):
        raw, lines = block(number), 0
        sys.settrace(count)
        receiver.feed(raw)
        sys.settrace(None)
        costs.append(lines)
    assert costs[-1] == costs[10]
