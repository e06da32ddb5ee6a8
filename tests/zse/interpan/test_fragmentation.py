"""IPMF: fragments of a message over the inter-PAN link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hht.zse.errors import MalformedFrame
from hht.zse.interpan.fragmentation import (
    ACCEPTED,
    FAILED,
    Fragment,
    FragmentAnswer,
    Reassembler,
    decode_ipmf,
    is_ipmf,
    split,
)

MESSAGE = bytes(range(200))


def test_a_fragment_and_its_answer_have_the_known_bytes():
    assert Fragment(1, 3, b"abc").encode() == bytes.fromhex("00010303616263")
    assert FragmentAnswer(1, ACCEPTED).encode() == bytes.fromhex("800100")


def test_fragments_fill_a_frame_of_125_bytes():
    assert [len(piece.data) for piece in split(MESSAGE)] == [91, 91, 18]


def test_a_zcl_frame_is_not_taken_for_a_fragment():
    assert not is_ipmf(bytes.fromhex("0100000200"))
    assert not is_ipmf(bytes.fromhex("1800000b0000"))
    assert is_ipmf(Fragment(0, 1, b"a").encode())


@given(message=st.binary(min_size=1, max_size=1500), size=st.integers(10, 91))
def test_split_then_reassembled_is_the_message(message, size):
    receiver = Reassembler()
    pieces = split(message, size)
    sent = [decode_ipmf(piece.encode()) for piece in pieces]
    results = [receiver.feed(each) for each in sent if isinstance(each, Fragment)]
    assert all(answer == FragmentAnswer(at, ACCEPTED) for at, (answer, _) in enumerate(results))
    assert [whole for _, whole in results] == [None] * (len(pieces) - 1) + [message]


def test_a_fragment_sent_again_after_a_lost_answer_is_taken_once():
    receiver = Reassembler()
    first, second, third = split(MESSAGE)
    sent = [first, first, second, second, third, third]
    wholes = [receiver.feed(piece) for piece in sent]
    assert all(answer.status == ACCEPTED for answer, _ in wholes)
    assert [whole for _, whole in wholes] == [None, None, None, None, MESSAGE, None]


def test_a_missing_fragment_fails_the_message_and_the_next_begins_again():
    receiver = Reassembler()
    first, _, third = split(MESSAGE)
    receiver.feed(first)
    assert receiver.feed(third) == (FragmentAnswer(2, FAILED), None)
    assert [receiver.feed(piece)[1] for piece in split(MESSAGE)][-1] == MESSAGE


def test_a_message_begun_again_replaces_the_unfinished_one():
    receiver = Reassembler()
    receiver.feed(split(bytes(200))[0])
    assert [receiver.feed(piece)[1] for piece in split(MESSAGE)][-1] == MESSAGE
    assert [receiver.feed(piece)[1] for piece in split(MESSAGE)][-1] == MESSAGE


def test_more_than_1500_bytes_are_refused_on_both_sides():
    with pytest.raises(MalformedFrame):
        split(bytes(1501))
    receiver = Reassembler()
    pieces = [Fragment(index, 20, bytes(91)) for index in range(20)]
    assert [receiver.feed(piece)[0].status for piece in pieces][16] == FAILED


@given(raw=st.binary(max_size=20))
def test_any_bytes_decode_or_are_malformed(raw):
    try:
        read = decode_ipmf(raw)
    except MalformedFrame:
        return
    assert read.encode() == raw
