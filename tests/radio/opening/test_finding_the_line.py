"""The dongle's speed is found, said, and remembered; nothing that answers otherwise hangs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from ash_by_hand import on_the_line
from line_doubles import RSTACK_SOFTWARE, NcpByHand, SlowNcp, Thing, on_pty, on_socket
from virtual_time import virtual_loop

from hht.radio.dongle import Dongle
from hht.radio.errors import (
    DongleAbsent,
    DongleError,
    DongleLost,
    DongleSilent,
    DongleSlow,
    FirmwareUnfit,
    WrongDevice,
)
from hht.radio.ezsp.link import CLOSE_SECONDS, OPENING_SECONDS
from hht.radio.opening.line_memory import LineMemory
from hht.radio.opening.lines import KNOWN_SPEEDS, Flow, Line
from hht.radio.opening.questions import HOME, ZNP_PING

PATIENCE = 0.2
ZWAVE_VERSION = bytes.fromhex("06 01 10 01 15 5A 2D 57 61 76 65 20 37 2E 31 35 00 01 95")
DECONZ_STATE = bytes.fromhex("C0 0E 01 00 07 00 22 00 C8 FF C0")


async def found_line(
    address: str, memory: LineMemory | None = None, patience: float = PATIENCE
) -> Line | None:
    dongle = await Dongle.open(address, patience=patience, memory=memory)
    await dongle.close()
    return dongle.line


@pytest.mark.parametrize("speed", KNOWN_SPEEDS)
async def test_a_dongle_of_any_known_speed_is_found(speed: int) -> None:
    ncp = NcpByHand()
    ncp.at_speed = speed
    async with on_pty(ncp) as address:
        assert await found_line(address) == Line(speed)


async def test_a_dongle_that_takes_two_seconds_to_reset_is_found_on_its_line() -> None:
    ncp = NcpByHand()
    ncp.at_speed = KNOWN_SPEEDS[0]
    ncp.reset_takes = 2.0
    async with on_pty(ncp) as address:
        assert await found_line(address, patience=6) == Line(KNOWN_SPEEDS[0])


async def test_the_line_that_was_found_is_said() -> None:
    ncp = NcpByHand()
    ncp.at_speed = 57600
    async with on_pty(ncp) as address:
        dongle = await Dongle.open(address, patience=PATIENCE)
        await dongle.close()
    assert str(dongle.line) == "57600 baud, no RTS/CTS"


async def test_the_port_of_a_dongle_that_needs_rts_cts_is_set_so() -> None:
    """As far as a pseudo-terminal shows it: it has the setting, and no wires."""
    ncp = NcpByHand()
    ncp.needs_rts_cts = True
    async with on_pty(ncp) as address:
        assert await found_line(address) == Line(115200, Flow.HARDWARE)


def test_what_is_remembered_is_written_past_no_link_and_waits_for_no_pipe(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "dongles.json").symlink_to("mine")
    os.mkfifo(tmp_path / "dongles.new")
    memory, line = LineMemory(tmp_path), Line(460800, Flow.HARDWARE)
    memory.keep("/dev/ttyUSB0", line)
    assert memory.recall("/dev/ttyUSB0") == line
    assert (tmp_path / "mine").read_text() == "precious"


async def test_a_remembered_line_is_tried_first(tmp_path: Path) -> None:
    ncp = NcpByHand()
    ncp.at_speed = KNOWN_SPEEDS[-1]
    async with on_pty(ncp) as address:
        await found_line(address, LineMemory(tmp_path))
        ncp.heard_in_all = b""
        resets: list[int] = []
        answer, ncp.reset_answer = ncp.reset_answer, b""
        ncp.send, send = lambda data: resets.append(ncp.speed()) or send(answer), ncp.send
        with pytest.raises(DongleError):
            await found_line(address, LineMemory(tmp_path))
    assert resets[0] == KNOWN_SPEEDS[-1]


async def test_a_speed_in_the_address_is_the_only_one_tried() -> None:
    speeds: set[int] = set()
    thing = Thing(lambda heard: speeds.add(thing.speed()) or b"")
    async with on_pty(thing) as address:
        with pytest.raises(DongleSilent):
            await Dongle.open(f"{address}?baud=57600", patience=PATIENCE)
    assert speeds == {57600}


@pytest.mark.parametrize("stalls", [[], [4.0, 4.0]], ids=["idle machine", "busy machine"])
async def test_the_search_for_a_silent_dongle_ends_within_19_s(stalls: list[float]) -> None:
    left = iter(stalls)

    def silence(_heard: bytes) -> bytes:
        virtual_loop().spend(next(left, 0.0))  # the machine does something else meanwhile
        return b""

    async with on_pty(Thing(silence)) as address:
        began = virtual_loop().time()
        with pytest.raises(DongleSilent, match="Nothing answers at any known speed"):
            await Dongle.open(address)
        assert virtual_loop().time() - began < 19 + CLOSE_SECONDS


async def test_a_dongle_that_answers_each_question_late_opens_or_is_too_slow_within_22_s() -> None:
    for seconds, small_tables in ((1.0, True), (1.9, False)):
        async with on_socket(slow_ncp(seconds, small_tables=small_tables)) as address:
            await found_line(address, patience=6)
    async with on_socket(slow_ncp(1.9, small_tables=True)) as address:
        began = virtual_loop().time()
        with pytest.raises(DongleSlow, match="does not answer everything in time"):
            await found_line(address, patience=6)
        assert virtual_loop().time() - began < OPENING_SECONDS + CLOSE_SECONDS


def slow_ncp(seconds: float, *, small_tables: bool) -> SlowNcp:
    ncp = SlowNcp(seconds)
    if small_tables:
        ncp.answers[0x52] = ncp.status() + b"\x02\x00"  # getConfigurationValue: to be grown
    return ncp


async def test_a_server_sets_the_line_itself() -> None:
    async with on_socket(NcpByHand()) as address:
        assert await found_line(address) is None


THINGS: dict[str, tuple[Callable[[], Thing], type[DongleError], str]] = {
    "silence": (Thing, DongleSilent, "Nothing answers|no dongle answers"),
    "echo": (lambda: Thing(lambda heard: heard), WrongDevice, "an echo"),
    "a login that echoes": (
        lambda: Thing(lambda heard: heard + (b"\r\nPassword: " if b"AT" in heard else b"")),
        WrongDevice,
        "a computer's login",
    ),
    "noise": (
        lambda: Thing(lambda heard: bytes(byte ^ 0xE7 for byte in heard) * 2),
        DongleSilent,
        "nothing that can be read",
    ),
    "bootloader": (
        lambda: Thing(lambda heard: b"\r\nGecko Bootloader v1.12.00\r\nBL > "),
        WrongDevice,
        "in its bootloader",
    ),
    "ZNP, which says nothing to a reset": (
        lambda: Thing(
            lambda heard: bytes.fromhex("FE 02 61 01 59 06 3D") if ZNP_PING in heard else b""
        ),
        WrongDevice,
        "Texas Instruments",
    ),
    "a Z-Wave stick": (
        lambda: Thing(lambda heard: ZWAVE_VERSION if HOME in heard else b"\x15"),
        WrongDevice,
        "Z-Wave stick",
    ),
    "deCONZ, which says nothing to a reset": (
        lambda: Thing(
            lambda heard: DECONZ_STATE if HOME in heard else b"",
        ),
        WrongDevice,
        "deCONZ",
    ),
    "a modem that answers to AT alone": (
        lambda: Thing(lambda heard: b"\r\nOK\r\n" if b"AT" in heard else b""),
        WrongDevice,
        "modem",
    ),
}


@pytest.mark.parametrize("name", THINGS)
@pytest.mark.parametrize("where", [on_pty, on_socket])
async def test_something_else_is_named(name: str, where: Callable[..., object]) -> None:
    make, kind, says = THINGS[name]
    async with where(make()) as address:  # type: ignore[attr-defined]
        with pytest.raises(kind, match=says) as failed:
            await Dongle.open(address, patience=PATIENCE)
    assert failed.value.where == address
    assert failed.value.remedy


@pytest.mark.parametrize(
    ("speed", "says_to_text", "named"),
    [
        (57600, b"\r\nGecko Bootloader v1.12.00\r\n1. upload gbl\r\nBL > ", "in its bootloader"),
        (38400, b"\r\nOK\r\n", "This is a modem"),
    ],
)
async def test_something_else_is_named_at_whatever_speed_it_has(
    speed: int, says_to_text: bytes, named: str
) -> None:
    def answer(heard: bytes) -> bytes:
        if other.speed() != speed:
            return b""
        return says_to_text if b"AT\r\n" in heard else b""

    other = Thing(answer)
    async with on_pty(other) as address:
        began = virtual_loop().time()
        with pytest.raises(WrongDevice, match=named):
            await Dongle.open(address)
        assert virtual_loop().time() - began < 12


async def test_a_greeting_names_what_says_little_later() -> None:
    cli = Thing(lambda heard: b"\r\n? \r\n> ", banner=b"\r\nZigbee router firmware 7.4.3\r\n> ")
    async with on_socket(cli) as address:
        with pytest.raises(WrongDevice, match=r"router firmware.*'Zigbee router firmware 7\.4\.3'"):
            await Dongle.open(address, patience=PATIENCE)


async def test_a_servers_greeting_is_no_reason_to_give_up() -> None:
    ncp = NcpByHand()
    ncp.banner = b"ser2net port tcp,2000 device serialdev,/dev/ttyUSB0\r\n"
    async with on_socket(ncp) as address:
        await found_line(address)


async def test_behind_a_server_no_remedy_is_about_the_address() -> None:
    ncp = NcpByHand()

    def stop(ncp: NcpByHand) -> bool:
        ncp.send(on_the_line(b"\xc2\x02\x51"))
        return True

    ncp.on_data = stop
    async with on_socket(ncp) as address:
        with pytest.raises(DongleLost, match="server's settings"):
            await Dongle.open(address, patience=PATIENCE)


@pytest.mark.parametrize(
    ("babble", "says"),
    [
        (b"\x7d" * 200, "Nothing but the byte 7D comes"),
        (bytes(range(1, 250, 7)), "sends all the time without being asked, as no dongle does"),
    ],
    ids=("one byte", "many bytes"),
)
@pytest.mark.real_time("there is always something to read")
async def test_a_line_that_never_falls_silent_is_not_taken_for_one_that_was_pulled_out(
    babble: bytes, says: str
) -> None:
    thing = Thing()
    thing.babble = babble
    async with on_pty(thing) as address:
        with pytest.raises(DongleSilent, match=says):
            await Dongle.open(f"{address}?baud=115200", patience=PATIENCE)


@pytest.mark.parametrize(
    ("ncp", "says"),
    [
        (NcpByHand(4), "too old: it speaks EZSP 4.*Update its firmware"),
        (NcpByHand(7), "too old: it speaks EZSP 7"),
        (NcpByHand(15), "EZSP 15, which hht does not know. Update hht"),
        (NcpByHand(255), "EZSP 255, which hht does not know"),
        (NcpByHand(13, stack_type=1), "no ZigBee mesh stack"),
    ],
)
async def test_firmware_that_cannot_be_used_is_named(ncp: NcpByHand, says: str) -> None:
    async with on_socket(ncp) as address:
        with pytest.raises(FirmwareUnfit, match=says):
            await Dongle.open(address, patience=PATIENCE)


@pytest.mark.parametrize("blank", [bytes(8), b"\xff" * 8])
async def test_a_dongle_without_an_eui_64_is_not_used(blank: bytes) -> None:
    ncp = NcpByHand()
    ncp.answers[0x26] = blank
    async with on_socket(ncp) as address:
        with pytest.raises(FirmwareUnfit, match="no EUI-64 of its own"):
            await Dongle.open(address, patience=PATIENCE)


async def test_a_boards_name_writes_no_control_characters() -> None:
    ncp = NcpByHand()
    ncp.answers[0x0B] = b"\x10" + b"\x1b[31mred".ljust(16, b"\xff")
    async with on_socket(ncp) as address:
        dongle = await Dongle.open(address, patience=PATIENCE)
        await dongle.close()
    assert dongle.board_name == r"\x1b[31mred"


@pytest.mark.parametrize(
    "reset_answer",
    [
        RSTACK_SOFTWARE * 2,
        RSTACK_SOFTWARE * 50,
        b"\x1a" + on_the_line(b"\xc1\x02\x0c"),
        b"\x1a" + on_the_line(b"\xc1\x02\xee"),
        on_the_line(b"\xc2\x02\x51") + RSTACK_SOFTWARE,  # it had stopped, and this ends it
        on_the_line(b"\x35" + bytes(5)) + RSTACK_SOFTWARE,  # left over in a server's buffer
    ],
)
async def test_a_reset_may_be_answered_in_many_ways(reset_answer: bytes) -> None:
    ncp = NcpByHand()
    ncp.reset_answer = reset_answer
    async with on_pty(ncp) as address:
        assert await found_line(address) == Line()


async def test_a_dongle_that_answers_a_reset_alone_is_reported() -> None:
    ncp = NcpByHand()
    ncp.on_data = lambda ncp: True
    async with on_socket(ncp) as address:
        with pytest.raises(DongleSilent, match="answers a reset, but not the question"):
            await Dongle.open(address, patience=PATIENCE)


async def test_a_dongle_that_stops_with_an_error_while_it_opens_says_why() -> None:
    ncp = NcpByHand()

    def stop(ncp: NcpByHand) -> bool:
        ncp.send(on_the_line(b"\xc2\x02\x51"))
        return True

    ncp.on_data = stop
    async with on_pty(ncp) as address:
        with pytest.raises(DongleLost, match=r"nobody acknowledged what it sent.*0x51"):
            await Dongle.open(address, patience=PATIENCE)


async def test_a_server_that_hangs_up_at_once_is_distinguished_from_a_dongle_that_goes() -> None:
    thing = Thing()

    def hang_up(heard: bytes) -> bytes:
        thing.hang_up()
        return b""

    thing.answer = hang_up
    async with on_socket(thing) as address:
        with pytest.raises(DongleAbsent, match="closes the connection at once"):
            await Dongle.open(address, patience=PATIENCE)
