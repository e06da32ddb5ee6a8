"""General Block Transfer: blocks of large GBCS messages, lost, repeated and out of order."""

import random

import pytest
from gbt_samples import message
from hypothesis import given
from hypothesis import strategies as st

from hht.zse.errors import MalformedFrame
from hht.zse.gbt import Transfer, acknowledgement, decode_block, is_block, split
from hht.zse.gbt_reassembly import Reassembler


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


def test_a_block_is_distinguished_from_a_message():
    assert is_block(split(message(), 1200)[0])
    assert not is_block(message())


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


BLOCK = split(message(), 1200)[2]


@given(raw=st.binary(max_size=80), head=st.integers(0, 60), tail=st.integers(0, 600))
def test_any_bytes_are_a_block_or_malformed(raw, head, tail):
    for candidate in (raw, BLOCK[:head] + raw, BLOCK[:head] + raw[:1] + BLOCK[head + 1 :]):
        try:
            block = decode_block(candidate)
        except MalformedFrame:
            continue
        assert block.encode() == candidate
