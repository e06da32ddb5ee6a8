"""Each fault of a dongle does what its name says, seen by a host that reads bytes."""

import asyncio
import os
import termios
import tty

import pytest
from ash_by_hand import RST, HostByHand, on_the_line
from patience import PATIENCE
from radio_bench import until
from radio_lab import HHT, lab

from hht.errors import HhtError
from hht.simulator.air.air import Air
from hht.simulator.ncp.faults.catalogue import FAULTS, find_fault
from hht.simulator.ncp.faults.impostors import IMPOSTORS
from hht.simulator.ncp.server import serve_pty
from hht.simulator.stack.node import RadioNode

RSTACK_SOFTWARE = on_the_line(b"\xc1\x02\x0b")


async def first_bytes(address: str, said: bytes, at_least: int) -> bytes:
    host = await HostByHand.connect(address)
    host.writer.write(said)
    heard = b""
    async with asyncio.timeout(PATIENCE):
        while len(heard) < at_least:
            heard += await host.reader.read(200)
    host.close()
    return heard


@pytest.mark.parametrize(
    ("name", "hears"),
    [
        ("echo", RST),
        ("gps", b"$GPGGA"),
        ("gecko-bootloader", b"Gecko Bootloader"),
        ("router-firmware", b"router firmware"),
        ("router-steering", b"Scan complete handler"),
        ("znp", b"\xfe\x06\x41\x80"),
        ("znp-error", b"\xfe\x03\x60"),
        ("spinel", b"\x7e\x80\x06"),
        ("cpc", b"\x14\x00\x0a"),
        ("modem", b"ERROR"),
        ("garbage-reply", b"\xf8\x00\xe0"),
        ("zeroes", bytes(64)),
        ("drip", b"\xc1"),
    ],
)
async def test_an_impostor_answers_in_place_of_a_co_processor(name: str, hears: bytes) -> None:
    async with lab() as at:
        at.server.switch_on([name])
        assert hears in await first_bytes(at.address, RST, len(hears))


async def test_an_impostor_may_say_nothing_or_hang_up() -> None:
    async with lab() as at:
        at.server.switch_on(["silent"])
        host = await HostByHand.connect(at.address)
        host.writer.write(RST)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await host.reader.read(1)
        at.server.switch_on(["closes-at-once"])
        gone = await HostByHand.connect(at.address)
        assert await gone.reader.read(1) == b""


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("reset-ash-1", on_the_line(b"\xc1\x01\x0b")),
        ("reset-assert", on_the_line(b"\xc1\x02\x06")),
        ("reset-watchdog", on_the_line(b"\xc1\x02\x03")),
        ("reset-unknown", on_the_line(b"\xc1\x02\xee")),
        ("reset-error", on_the_line(b"\xc2\x02\x51")),
        ("reset-error-unknown", on_the_line(b"\xc2\x02\xf7")),
        ("reset-twice", 2 * RSTACK_SOFTWARE),
        ("reset-flood", 50 * RSTACK_SOFTWARE),
        ("reset-garbled", b"\xc1\x02\x0b\x00\x00\x7e"),
        ("reset-in-pieces", RSTACK_SOFTWARE),
    ],
)
async def test_a_reset_is_answered_as_the_fault_has_it(name: str, answer: bytes) -> None:
    async with lab() as at:
        at.server.switch_on([name])
        assert await first_bytes(at.address, RST, len(answer)) == answer


async def test_frames_of_the_connection_before_may_come_first() -> None:
    async with lab() as at:
        at.server.switch_on(["reset-stale-frames"])
        heard = await first_bytes(at.address, RST, 20)
        assert heard.startswith(bytes.fromhex("355da1"))
        assert heard.endswith(RSTACK_SOFTWARE)


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("error-later", on_the_line(b"\xc2\x02\x51")),
        ("error-later-receive", on_the_line(b"\xc2\x02\x81")),
        ("error-later-assert", on_the_line(b"\xc2\x02\x06")),
        ("restart-later", on_the_line(b"\xc1\x02\x06")),
        ("power-on-later", on_the_line(b"\xc1\x02\x02")),
    ],
)
async def test_the_co_processor_fails_or_restarts_in_the_middle(name: str, then: bytes) -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on([name])
        for number in range(5):
            await host.ask(f"{number:02x} 00 01 05 00")
        await host.send("06 00 01 05 00")
        assert await host.line() == then
        assert (await host.reset())[:1] == b"\xc1"
        await host.agree(13)
        assert await host.ask("02 00 01 05 00") == "02 80 01 05 00"
        host.close()


@pytest.mark.parametrize(
    ("name", "command", "answer"),
    [
        ("ezsp-4", "00 00 00 04", "00 80 00 04 02 30 74"),
        ("ezsp-20", "00 00 00 04", "00 80 00 14 02 30 74"),
        ("stack-type-1", "00 00 00 04", "00 80 00 0d 01 30 74"),
        ("nothing-known", "05 00 01 05 00", "05 80 01 58 00 31"),
        ("overflow", "05 00 01 05 00", "05 81 01 05 00"),
        ("answers-cut", "05 00 01 26 00", "05 80 01 26 00"),
        ("eui64-cut", "05 00 01 26 00", "05 80 01 26 00 b1"),
        ("eui64-blank", "05 00 01 26 00", "05 80 01 26 00 ff ff ff ff ff ff ff ff"),
        ("answers-longer", "05 00 01 05 00", "05 80 01 05 00 aa bb"),
        ("no-mac-filters", "05 00 01 ab 00 09 02 26 00", "05 80 01 ab 00 37"),
        ("mfglib-refused", "05 00 01 83 00 01", "05 80 01 83 00 70"),
        ("raw-refused", "05 00 01 51 00 03 01 02 03 00 00", "05 80 01 51 00 70"),
        ("scan-busy", "05 00 01 1a 00 01 00 80 00 00 03", "05 80 01 1a 00 4d 00 00 00"),
        ("no-channel", "05 00 01 b9 00 0f", "05 80 01 b9 00 70"),
        ("fixed-tables", "05 00 01 53 00 1e 08 00", "05 80 01 53 00 35"),
    ],
)
async def test_an_answer_is_what_the_fault_makes_of_it(
    name: str, command: str, answer: str
) -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on([name])
        assert await host.ask(command) == answer
        host.close()


async def test_fixed_tables_leave_two_mac_filters_after_a_reset() -> None:
    async with lab() as at:
        at.server.switch_on(["fixed-tables"])
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        assert await host.ask("02 00 01 52 00 2c") == "02 80 01 52 00 00 02 00"
        assert await host.ask("03 00 01 ab 00 09 06 26 00 2a 00 25 00") == "03 80 01 ab 00 36"
        host.close()


async def test_a_refusal_may_be_for_one_call_alone() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on(["scan-busy-once"])
        scan = "1a 00 01 00 80 00 00 03"
        assert await host.ask(f"02 00 01 {scan}") == "02 80 01 1a 00 4d 00 00 00"
        assert await host.ask(f"03 00 01 {scan}") == "03 80 01 1a 00 00 00 00 00"
        host.close()


async def test_an_unanswered_command_leaves_the_rest_alone() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on(["no-op-unanswered"])
        await host.send("02 00 01 05 00")
        assert (await host.ask("03 00 01 26 00")).startswith("03 80 01 26 00")
        host.close()


async def test_callbacks_that_are_short_long_or_unknown_follow_an_early_command() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on(["callbacks-short", "callbacks-unknown", "callbacks-long"])
        await host.ask("02 00 01 26 00")
        heard = [await host.receive() for _ in range(9)]
        assert heard[0] == "02 90 01 45 00 00 01"
        assert heard[7] == "02 90 01 ff 0f 7a 7a"
        assert len(bytes.fromhex(heard[8])) == 65
        host.close()


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("scan-then-restart", on_the_line(b"\xc1\x02\x06")),
        ("scan-then-error", on_the_line(b"\xc2\x02\x51")),
    ],
)
async def test_a_scan_ends_in_an_accident(name: str, then: bytes) -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on([name])
        await host.ask("02 00 01 1a 00 00 00 80 00 00 03")
        while await host.line() != then:  # the level it found may come before
            pass
        host.close()


async def test_mac_filters_can_be_deaf() -> None:
    async with lab() as at:
        host = await HostByHand.connect(at.address)
        await host.agree(13)
        at.server.switch_on(["filters-deaf"])
        await host.ask("02 00 01 ab 00 09 02 26 00")
        await host.ask("03 00 01 b9 00 0f")
        to_us = f"21 cc 07 ff ff {HHT.little_endian.hex(' ')} 62 1a {'00 ' * 8}0b 00 03 00 08 09 01"
        heard: list[bytes] = []
        at.air.tap(lambda sent: heard.append(sent.frame))
        at.hub.send_raw(bytes.fromhex(to_us))
        await until(lambda: heard)
        assert await host.ask("04 00 01 05 00") == "04 80 01 05 00"
        host.close()


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals on Windows")
async def test_a_pty_with_a_speed_understands_no_other() -> None:
    server = await serve_pty(RadioNode(Air(seed=1), HHT), baud=460800)
    line = os.open(server.address, os.O_RDWR | os.O_NOCTTY)
    try:
        tty.setraw(line)
        assert await asked(line, RST) != RSTACK_SOFTWARE
        settings = termios.tcgetattr(line)
        settings[4] = settings[5] = termios.B460800
        termios.tcsetattr(line, termios.TCSANOW, settings)
        assert await asked(line, RST) == RSTACK_SOFTWARE
    finally:
        os.close(line)
        await server.close()


async def asked(line: int, question: bytes) -> bytes:
    """What comes back on a file descriptor, read from another thread."""
    os.write(line, question)
    return await asyncio.to_thread(os.read, line, 200)


@pytest.mark.parametrize("name", sorted(FAULTS))
async def test_every_fault_can_be_switched_on_and_the_server_closed_all_the_same(
    name: str,
) -> None:
    async with lab() as at:
        at.server.switch_on([name])
        host = await HostByHand.connect(at.address)
        host.writer.write(RST)
        await asyncio.sleep(0)
        host.close()


def test_impostors_are_faults_and_an_unknown_name_is_refused_with_the_known_ones() -> None:
    assert set(IMPOSTORS) <= set(FAULTS)
    with pytest.raises(HhtError, match="no dongle fault 'gremlin'"):
        find_fault("gremlin")
