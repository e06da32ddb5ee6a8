"""bellows keeps each of the private parts that bellows_adapter.py uses, and they do what it needs.

When one of these fails after an update of bellows, bellows_adapter.py is what has to follow.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from ash_by_hand import FLAG, on_the_line
from bellows.ash import AshProtocol
from bellows.exception import InvalidCommandError
from bellows.ezsp import EZSP
from line_doubles import NcpByHand, News, on_pty

from hht.radio.ezsp.bellows_adapter import VERSIONS, AnswerUnreadable, Fields, Ncp
from hht.radio.opening.lines import Line
from hht.radio.opening.trouble import NO_ACKNOWLEDGEMENT, Trouble

USED = (
    *("version", "nop", "getEui64", "getMfgToken", "getValue", "setValue", "addEndpoint"),
    *("getConfigurationValue", "setConfigurationValue", "maximumPayloadLength", "getNodeId"),
    *("startScan", "stopScan", "networkFoundHandler", "scanCompleteHandler"),
    *("energyScanResultHandler", "sendRawMessageExtended", "rawTransmitCompleteHandler"),
    *("macFilterMatchMessageHandler", "macPassthroughMessageHandler", "mfglibRxHandler"),
    *("mfglibStart", "mfglibEnd", "mfglibSetChannel", "mfglibSendPacket"),
    *("setLogicalAndRadioChannel", "setInitialSecurityState", "joinNetwork", "networkInit"),
    *("leaveNetwork", "getNetworkParameters", "pollForData", "clearKeyTable"),
    *("stackStatusHandler", "sendUnicast", "sendReply", "messageSentHandler"),
    *("incomingMessageHandler", "invalidCommand"),
)


class Ear:
    """Keeps what the adapter reports."""

    def __init__(self) -> None:
        self.callbacks: list[tuple[str, Fields]] = []
        self.troubles: list[Trouble] = []
        self.news = News()

    def callback(self, name: str, fields: Fields) -> None:
        self.callbacks.append((name, fields))
        self.news.come()

    def failed(self, trouble: Trouble) -> None:
        self.troubles.append(trouble)
        self.news.come()


class Bench:
    def __init__(self, other: NcpByHand, ear: Ear, ncp: Any) -> None:
        self.other, self.ear, self.ncp = other, ear, ncp


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """An adapter that has reset a dongle of EZSP 13 and agreed on that version."""
    other, ear = NcpByHand(), Ear()
    async with on_pty(other) as address:
        ncp: Any = Ncp(address, ear)
        await ncp.open_line(Line())
        await ncp.reset()
        assert (await ncp.ask_firmware()).stack_name == "7.4.3.0"
        await ncp.agree(13)
        yield Bench(other, ear, ncp)
        await ncp.disconnect()


@pytest.mark.parametrize("version", sorted(each for each in VERSIONS if each >= 8))
def test_every_version_has_every_command_that_is_used(version: int) -> None:
    commands = EZSP._BY_VERSION[version].COMMANDS
    assert not [name for name in USED if name not in commands]
    for name in USED:
        number, tx, rx = commands[name]
        assert (type(number), type(tx), type(rx)) == (int, dict, dict)
    assert {"addOrUpdateKeyTableEntry", "importLinkKey"} & set(commands)


def test_the_versions_are_those_that_were_tried() -> None:
    assert {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19} == VERSIONS


async def test_a_command_gets_the_fields_of_its_answer(bench: Bench) -> None:
    (eui64,) = await bench.ncp.command("getEui64")
    assert eui64.serialize() == bytes.fromhex("B1 90 78 56 34 12 DB 00")


async def test_a_callback_comes_with_its_names(bench: Bench) -> None:
    bench.other.after[0x05] = [(0x19, b"\x90")]
    await bench.ncp.command("nop")
    await bench.ear.news.until(lambda: bench.ear.callbacks)
    assert [(name, int(fields["status"])) for name, fields in bench.ear.callbacks] == [
        ("stackStatusHandler", 0x90)
    ]


async def test_a_callback_with_the_number_of_an_open_question_is_no_answer(bench: Bench) -> None:
    """Firmware gives a callback the number of the last command: only the frame id differs."""
    bench.other.answers[0x26] = None
    asking = asyncio.ensure_future(bench.ncp.command("getEui64"))
    await bench.other.news.until(lambda: 0x26 in bench.other.asked)
    for sequence in range(4):
        bench.other.data(bytes([sequence, 0x90, 1, 0x19, 0x00, 0x90]))
        bench.other.data(bytes([sequence, 0x80, 1, 0x19, 0x00, 0x91]))
    await bench.ear.news.until(lambda: len(bench.ear.callbacks) == 8)
    assert not asking.done()
    for sequence in range(4):
        bench.other.data(bytes([sequence, 0x80, 1, 0x26, 0x00]) + bytes(8))
    (eui64,) = await asyncio.wait_for(asking, 2)
    assert eui64.serialize() == bytes(8)


async def test_an_answer_cut_short_fails_at_once(bench: Bench) -> None:
    bench.other.answers[0x26] = b"\x01"
    with pytest.raises(AnswerUnreadable):
        await asyncio.wait_for(bench.ncp.command("getEui64"), 1)
    bench.other.answers[0x26] = bytes(8)
    await asyncio.wait_for(bench.ncp.command("getEui64"), 1)


async def test_an_unknown_command_fails_by_its_own_error(bench: Bench) -> None:
    asking = asyncio.ensure_future(bench.ncp.command("nop"))
    bench.other.answers[0x05] = None
    await bench.other.news.until(lambda: 0x05 in bench.other.asked)
    for sequence in range(4):
        bench.other.data(bytes([sequence, 0x80, 1, 0x58, 0x00, 0x31]))
    with pytest.raises(InvalidCommandError, match="ERROR_INVALID_FRAME_ID"):
        await asyncio.wait_for(asking, 1)


async def test_a_given_up_question_blocks_no_other(bench: Bench) -> None:
    bench.other.answers[0x05] = None
    asking = asyncio.ensure_future(bench.ncp.command("nop"))
    await bench.other.news.until(lambda: 0x05 in bench.other.asked)
    bench.ncp.give_up("nop")
    await asyncio.wait_for(bench.ncp.command("getEui64"), 1)
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_the_four_byte_status_below_ezsp_14_is_read_as_such(bench: Bench) -> None:
    bench.other.answers[0x1A] = (0x4D).to_bytes(4, "little")
    (status,) = await bench.ncp.command("startScan", 1, 0x07FFF800, 3)
    assert status.name == "MAC_SCANNING"
    bench.other.answers[0x1A] = b"\x3d" + b"\x01\x02\x03"  # no status: surplus
    (status,) = await bench.ncp.command("startScan", 1, 0x07FFF800, 3)
    assert status.name == "MAC_SCANNING"
    bench.other.answers[0x1A] = b"\x3d"
    (status,) = await bench.ncp.command("startScan", 1, 0x07FFF800, 3)
    assert status.name == "MAC_SCANNING"


async def test_repeated_frames_are_counted(bench: Bench) -> None:
    lost = iter([True, False])
    bench.other.on_data = lambda other: next(lost, False)
    bench.other.answers[0x05] = b""
    bench.ncp.ash._t_rx_ack = 0.05
    await bench.ncp.command("nop")
    assert bench.ncp.ash.repeated == 1


async def test_a_reset_and_an_error_are_reported_with_their_codes(bench: Bench) -> None:
    bench.other.send(on_the_line(b"\xc1\x02\x03"))
    bench.other.send(on_the_line(b"\xc2\x02\x51"))
    await bench.ear.news.until(lambda: len(bench.ear.troubles) == 2)
    assert [trouble.reason for trouble in bench.ear.troubles] == [
        "it reset itself: its firmware hung (watchdog), 0x03",
        "it stopped with an error: nobody acknowledged what it sent (ACK timeout), 0x51",
    ]


async def test_frames_that_are_never_acknowledged_are_reported(bench: Bench) -> None:
    bench.other.on_data = lambda other: True
    bench.ncp.ash._t_rx_ack = 0.01
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bellows.ash.T_RX_ACK_MIN", 0.01)
        patch.setattr("bellows.ash.T_RX_ACK_MAX", 0.01)
        with pytest.raises(TimeoutError):
            await bench.ncp.command("nop")
    assert bench.ear.troubles == [NO_ACKNOWLEDGEMENT]


async def test_the_first_bytes_are_kept(bench: Bench) -> None:
    bench.ncp.ash.first.clear()
    bench.other.send(b"hello" * 300 + bytes([FLAG]))
    await bench.ncp.command("nop")
    assert bytes(bench.ncp.ash.first) == (b"hello" * 300)[:1024]


def test_bellows_still_handles_a_frame_by_the_methods_that_are_overridden() -> None:
    for name in ("frame_received", "rstack_frame_received", "error_frame_received"):
        assert callable(getattr(AshProtocol, name))
    assert callable(AshProtocol._write_frame)
