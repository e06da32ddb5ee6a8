"""General Block Transfer: blocks of large GBCS messages, lost, repeated and out of order."""

import itertools
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.zse.errors import MalformedFrame
from hht.zse.gbt import Reassembler, Transfer, acknowledgement, decode_block, is_block, split

SUPPLIER = EntityId.parse("90-B3-D5-1F-30-01-00-00")
ESME = EntityId.parse("00-DB-12-34-56-78-90-A0")


def message(size=3000, counter=1):
    payload = bytes(at % 256 for at in range(size))
    return Message(Cra.COMMAND, counter, SUPPLIER, ESME, 0x0102, payload, mac=bytes(12)).encode()


def test_a_block_has_the_known_bytes():
    first = split(message(), 1200)[0]
    assert first[:34].hex() == (
        "dd" "0901" "0000000000000001" "0890b3d51f30010000" "0800db1234567890a0"
        "00" "020102" "00"
    )  # fmt: skip
    assert first[34:51].hex() == "8204be1100000000e001000100008204b0"
    assert len(first) == 51 + 1200


def test_only_the_last_block_says_so():
    blocks = [decode_block(raw) for raw in split(message(), 1200)]
    assert [(block.number, block.last) for block in blocks] == [(1, False), (2, False), (3, True)]


def test_a_block_is_told_from_a_message():
    assert is_block(split(message(), 1200)[0])
    assert not is_block(message())


def test_blocks_in_order_are_acknowledged_and_give_the_message():
    receiver = Reassembler()
    for number, raw in enumerate(split(message(), 1200), 1):
        whole = receiver.feed(raw)
        answer = decode_block(receiver.answer)
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
    assert decode_block(receiver.answer).acknowledged == 1
    assert receiver.feed(blocks[1]) == message()
    assert decode_block(receiver.answer).acknowledged == 3


def test_the_last_block_sent_again_is_acknowledged_and_not_given_again():
    receiver, blocks = Reassembler(), split(message(), 1200)
    for raw in blocks:
        receiver.feed(raw)
    assert receiver.feed(blocks[2]) is None
    assert decode_block(receiver.answer).acknowledged == 3


def test_a_message_sent_anew_is_given_anew():
    receiver, blocks = Reassembler(), split(message(), 1200)
    for _ in range(2):
        assert [receiver.feed(raw) for raw in blocks][-1] == message()


def test_blocks_of_two_messages_may_mix():
    receiver = Reassembler()
    pairs = zip(split(message(), 1200), split(message(counter=2), 1200), strict=True)
    wholes = [receiver.feed(raw) for pair in pairs for raw in pair]
    assert wholes[-2:] == [message(), message(counter=2)]


@pytest.mark.parametrize("window", [1, 2, 5])
def test_a_transfer_with_losses_both_ways_gets_there(window):
    transfer, receiver = Transfer(message(5000), 1200, window), Reassembler()
    lost = random.Random(window)
    whole = None
    for _ in range(40):
        for raw in transfer.due():
            if lost.random() < 0.4:
                continue
            whole = receiver.feed(raw) or whole
            if receiver.answer and lost.random() < 0.6:
                transfer.take(decode_block(receiver.answer))
    assert transfer.done
    assert whole == message(5000)


def test_an_acknowledgement_of_another_message_is_not_taken():
    transfer = Transfer(message(), 1200)
    other = decode_block(acknowledgement(decode_block(split(message(counter=2), 1200)[0]), 1))
    assert not transfer.take(other)
    assert not transfer.done


def test_a_message_without_end_is_given_up():
    receiver = Reassembler()
    raw = split(message(60000), 60000)[0]
    block = decode_block(raw)
    for number in range(2, 6):
        receiver.feed(replace(block, number=number, last=False).encode())
    with pytest.raises(MalformedFrame, match="without end"):
        receiver.feed(replace(block, number=6, last=False).encode())


BLOCK = split(message(), 1200)[2]


@settings(max_examples=200)
@given(raw=st.binary(max_size=80), head=st.integers(0, 60), tail=st.integers(0, 600))
def test_any_bytes_are_a_block_or_malformed(raw, head, tail):
    for candidate in (raw, BLOCK[:head] + raw, BLOCK[:head] + raw[:1] + BLOCK[head + 1 :]):
        try:
            block = decode_block(candidate)
        except MalformedFrame:
            continue
        assert block.encode() == candidate
