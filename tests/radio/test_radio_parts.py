"""The parts of the dongle that need no dongle: fragments, lifelines, inboxes, filters, ZDO."""

import asyncio
import logging

import pytest

from hht.entity_id import EntityId
from hht.radio.cancel_scope import CancelScope
from hht.radio.errors import DongleLost, JoinFailed, JoinFailure, NetworkLost
from hht.radio.fragmentation import Reassembler, acknowledgement, group_id, split
from hht.radio.inbox import Inbox
from hht.radio.interpan import addressed_to
from hht.zse.frames import zdo

US = EntityId.parse("00-DB-12-34-56-78-90-B1")
PIECES = [b"one", b"two", b"three"]


def lost() -> DongleLost:
    return DongleLost("/dev/ttyUSB0", "unplugged")


def test_a_payload_that_fits_is_not_cut() -> None:
    assert split(bytes(82), 82, secured=False) == [bytes(82)]
    assert split(bytes(73), 82, secured=True) == [bytes(73)]
    assert split(b"", 82, secured=True) == [b""]


def test_fragments_leave_room_for_their_header_and_the_encryption() -> None:
    assert [len(piece) for piece in split(bytes(74), 82, secured=True)] == [71, 3]
    assert [len(piece) for piece in split(bytes(83), 82, secured=False)] == [80, 3]
    payload = bytes(range(256)) * 6
    assert b"".join(split(payload, 82, secured=True)) == payload


@pytest.mark.parametrize("room", [0, 9, 11])
def test_a_frame_without_room_for_payload_is_refused(room: int) -> None:
    with pytest.raises(
        ValueError, match=f"{room} bytes of payload in a frame, and the least is 12"
    ):
        split(b"", room, secured=False)
    assert len(split(bytes(9), 12, secured=True)) == 9


def test_no_more_than_255_fragments() -> None:
    assert len(split(bytes(71 * 255), 82, secured=True)) == 255
    with pytest.raises(ValueError, match="255"):
        split(bytes(71 * 255 + 1), 82, secured=True)


def test_group_ids_hold_count_and_index_and_acknowledge_one_fragment() -> None:
    assert group_id(2, 17) == 0x1102
    assert acknowledgement(0x1102) == 0xFF02


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_fragments_come_together_in_any_order(order: tuple[int, ...]) -> None:
    reassembler = Reassembler()
    *early, last = order
    for index in early:
        assert reassembler.feed("a", group_id(index, 3), PIECES[index]) is None
    assert reassembler.feed("a", group_id(last, 3), PIECES[last]) == b"onetwothree"


def test_only_the_first_fragment_has_the_count() -> None:
    reassembler = Reassembler()
    assert reassembler.feed("a", group_id(0, 3), b"A") is None
    assert [reassembler.feed("a", index, bytes([64 + index])) for index in (2, 1)][1] == b"AAB"
    assert reassembler.feed("b", 1, b"B") is None  # its first comes later
    assert reassembler.feed("b", group_id(0, 2), b"A") == b"AB"


def test_another_message_under_the_same_number_has_nothing_of_the_one_before() -> None:
    reassembler = Reassembler()
    for group, data in ((group_id(0, 3), b"old0"), (1, b"old1"), (group_id(0, 3), b"new0")):
        reassembler.feed("a", group, data)
    assert reassembler.feed("a", 1, b"new1") is None
    assert reassembler.feed("a", 2, b"new2") == b"new0new1new2"


def test_a_fragment_that_comes_twice_counts_once() -> None:
    reassembler = Reassembler()
    for index in (0, 0, 1, 1):
        assert reassembler.feed("a", group_id(index, 3), PIECES[index]) is None
    assert reassembler.feed("a", group_id(2, 3), PIECES[2]) == b"onetwothree"


def test_the_last_fragment_repeated_begins_no_new_message() -> None:
    reassembler = Reassembler()
    for index in range(3):
        whole = reassembler.feed("a", group_id(index, 3), PIECES[index])
    assert whole == b"onetwothree"
    assert reassembler.feed("a", group_id(2, 3), PIECES[2]) is None
    for index in range(8):  # the sequence number is used again much later
        reassembler.feed(index, group_id(0, 1), b"x")
    assert reassembler.feed("a", group_id(0, 2), b"new") is None
    assert reassembler.feed("a", group_id(1, 2), b"er") == b"newer"


def test_a_number_that_comes_round_soon_begins_another_message() -> None:
    reassembler = Reassembler()
    for index in range(3):
        reassembler.feed("a", group_id(index, 3), PIECES[index])
    assert reassembler.feed("a", group_id(0, 2), b"new") is None
    assert reassembler.feed("a", 1, b"er") == b"newer"
    assert reassembler.feed("a", group_id(0, 2), b"new") is None


def test_a_fragment_beyond_the_count_fills_no_gap() -> None:
    reassembler = Reassembler()
    for group, data in ((group_id(0, 2), b"one"), (7, b"else")):
        assert reassembler.feed("a", group, data) is None
    assert reassembler.feed("a", 1, b"two") == b"onetwo"


def test_messages_do_not_mix_and_old_unfinished_ones_are_forgotten() -> None:
    reassembler = Reassembler()
    for name in "abcdef":
        assert reassembler.feed(name, group_id(0, 2), name.encode()) is None
    assert reassembler.feed("f", group_id(1, 2), b"!") == b"f!"
    assert reassembler.feed("a", group_id(1, 2), b"!") is None


async def test_a_cut_ends_all_that_waits_at_once_and_what_comes_later() -> None:
    line = CancelScope()
    waiting = [asyncio.create_task(line.hold(asyncio.sleep(9), 9)) for _ in range(3)]
    await asyncio.sleep(0)
    line.cut(lost)
    for task in waiting:
        with pytest.raises(DongleLost):
            await asyncio.wait_for(task, 0.2)
    with pytest.raises(DongleLost):
        await line.hold(asyncio.sleep(0))
    assert line.ended.is_set()


async def test_only_the_first_cut_counts() -> None:
    line = CancelScope()
    line.cut(lost)
    line.cut(lambda: NetworkLost("x"))
    with pytest.raises(DongleLost):
        line.check()


async def test_a_branch_ends_with_its_line_but_not_the_other_way() -> None:
    line = CancelScope()
    branch, other = line.branch(), line.branch()
    other.cut(lambda: NetworkLost("x"))
    line.check()
    line.cut(lost)
    with pytest.raises(DongleLost):
        branch.check()
    with pytest.raises(NetworkLost):
        other.check()


async def test_a_caller_that_is_cancelled_gets_no_other_error() -> None:
    line = CancelScope()
    task = asyncio.create_task(line.hold(asyncio.sleep(9)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_is_held_keeps_its_own_result_error_and_time() -> None:
    line = CancelScope()
    assert await line.hold(asyncio.sleep(0, "result")) == "result"
    with pytest.raises(ZeroDivisionError):
        await line.hold(divide())
    with pytest.raises(TimeoutError):
        await line.hold(asyncio.sleep(9), 0.01)


async def divide() -> float:
    return 1 / 0


async def test_an_inbox_keeps_order_and_loses_nothing_to_a_timeout() -> None:
    line, inbox = CancelScope(), Inbox[int]()
    for _ in range(50):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await inbox.take(line.hold)
    for number in range(3):
        inbox.put(number)
    assert [await inbox.take(line.hold) for _ in range(3)] == [0, 1, 2]
    asyncio.get_running_loop().call_soon(inbox.put, 7)
    assert await inbox.take(line.hold) == 7


async def test_a_full_inbox_keeps_what_came_first_and_counts_the_rest() -> None:
    inbox = Inbox[int](most=3)
    for number in range(5):
        inbox.put(number)
    assert (inbox.take_now(), inbox.dropped) == ([0, 1, 2], 2)
    inbox.put(6)
    assert (inbox.take_now(), inbox.dropped) == ([6], 2)


def data_frame(control: str, pan: str, address: bytes) -> bytes:
    return bytes.fromhex(f"{control} 01 {pan}") + address + bytes(20)


def test_the_manufacturing_library_keeps_only_frames_for_us() -> None:
    pans = (0xFFFF, 0x1A62)
    ours = US.little_endian
    assert addressed_to(data_frame("21cc", "ffff", ours), US, pans)
    assert addressed_to(data_frame("01cc", "621a", ours), US, pans)
    assert addressed_to(data_frame("41cc", "621a", ours), US, pans)
    assert not addressed_to(data_frame("21cc", "3412", ours), US, pans)
    assert not addressed_to(data_frame("21cc", "ffff", bytes(8)), US, pans)
    assert not addressed_to(data_frame("61 88", "621a", b"\xff\xff"), US, pans)
    assert not addressed_to(data_frame("23cc", "ffff", ours), US, pans)  # a MAC command
    assert not addressed_to(b"\x02\x00\x01", US, pans)  # an acknowledgement


def test_match_desc_request_and_response() -> None:
    assert zdo.match_request(9, 0, 0x0109, (0x0704,)).hex() == "09000009010104070" + "0"
    assert zdo.matched_endpoints(bytes.fromhex("09 00 0000 02 05 07")) == [5, 7]
    assert zdo.matched_endpoints(bytes.fromhex("09 81 0000 00")) == []
    assert zdo.matched_endpoints(b"\x09") == []


def test_a_failed_join_says_why_and_what_to_do_in_one_line() -> None:
    error = JoinFailed("/dev/ttyUSB0", JoinFailure.NO_NETWORK_KEY, "NO_NETWORK_KEY_RECEIVED")
    assert str(error) == (
        "/dev/ttyUSB0: Not joined: no network key came that our link key opens "
        "(NO_NETWORK_KEY_RECEIVED). Check that the hub has admitted this HHT and that its "
        "Install Code is right."
    )


async def test_keys_are_not_in_the_logs_even_at_debug(caplog: pytest.LogCaptureFixture) -> None:
    from radio_lab import LINK_KEY, joined, lab

    with caplog.at_level(logging.DEBUG):
        async with lab() as at, joined(at):
            pass
    spelled = ":".join(f"{byte:02x}" for byte in LINK_KEY)
    text = caplog.text.lower()
    assert LINK_KEY.hex() not in text
    assert spelled not in text
