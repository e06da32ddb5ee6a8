"""Whatever a dongle sends, no frame makes the program fail, hang or lose the dongle."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable

import pytest
from ash_by_hand import on_the_line, randomised
from line_doubles import NcpByHand, Thing, on_pty, on_socket
from radio_lab import joined, lab

from hht.entity_id import EntityId
from hht.radio.dongle import Beacon, Dongle
from hht.radio.errors import DongleError
from hht.simulator.ncp.schemas import schemas

VERSIONS = [8, 9, 12, 13, 14, 16, 18, 19]
BEACON = Beacon(15, 0x1A62, EntityId(bytes(8)), True, 255, -40)
SIZES = (0, 1, 2, 3, 5, 8, 13, 21, 40, 60, 100)


@pytest.mark.parametrize("version", VERSIONS)
async def test_callbacks_of_every_frame_id_and_length_lose_nothing(version: int) -> None:
    """Known and unknown ids, too short, right by chance, too long; then the dongle still works."""
    ncp = NcpByHand(version)
    known = {schema[0] for schema in schemas(version).values()}
    unheard = {0x19}  # a stack status ends a membership: that is another test
    luck = random.Random(version)
    async with on_socket(ncp) as address:
        dongle = await Dongle.open(address)
        for number in sorted((known | {0x00FF, 0x0FFF, 0xFFFF}) - unheard):
            for size in SIZES:
                ncp.callback(number, luck.randbytes(size))
            await asyncio.sleep(0)
        await dongle.active_scan(timeout=5)
        assert not dongle.lost.is_set()
        count, _ = dongle.link.unreadable
        assert count > len(known)
        await dongle.close()


@pytest.mark.parametrize("version", [8, 13, 14, 18])
async def test_messages_and_stack_statuses_of_any_content_lose_nothing(version: int) -> None:
    """As a member: incoming messages, sent messages and statuses with drawn contents."""
    async with lab(version) as at, joined(at) as dongle:
        known = schemas(version)
        luck = random.Random(version)
        for name in ("incomingMessageHandler", "messageSentHandler", "rawTransmitCompleteHandler"):
            for size in range(60):
                header = b"\x00\x90\x01" + known[name][0].to_bytes(2, "little")
                dongle.link.ncp.frame_received(header + luck.randbytes(size))
        assert (await dongle.network()).channel == 15


@pytest.mark.parametrize("short", [b"", b"\x00", b"\x00\x80", b"\x00\x80\x01", b"\x00\x80\x01\x26"])
async def test_an_ezsp_frame_without_a_whole_header_is_passed_over(short: bytes) -> None:
    ncp = NcpByHand()
    async with on_socket(ncp) as address:
        dongle = await Dongle.open(address)
        ncp.data(short)
        await dongle.active_scan(timeout=5)
        await dongle.close()


OPERATIONS: dict[str, Callable[[Dongle], Awaitable[object]]] = {
    "energy scan": lambda dongle: dongle.energy_scan(timeout=0.2),
    "active scan": lambda dongle: dongle.active_scan(timeout=0.2),
    "open inter-PAN": lambda dongle: dongle.open_interpan(15, 0xFFFF),
    "send inter-PAN": lambda dongle: dongle.send_interpan(bytes(40)),
    "close inter-PAN": lambda dongle: dongle.close_interpan(),
    "ping": lambda dongle: dongle.ping(),
    "resume": lambda dongle: dongle.resume(timeout=0.1),
    "try keys": lambda dongle: dongle.try_keys(),
    "join": lambda dongle: dongle.join(BEACON, bytes(16), timeout=0.1),
    "network": lambda dongle: dongle.network(),
    "leave": lambda dongle: dongle.leave(),
}


@pytest.mark.parametrize("seed", range(24))
async def test_answers_of_any_length_and_content_end_in_an_error_of_the_dongle(seed: int) -> None:
    luck = random.Random(seed)
    ncp = NcpByHand(luck.choice(VERSIONS))

    def spoil(fields: bytes | None) -> bytes | None:
        kind = luck.randrange(12)
        if kind == 0:
            return None
        return luck.randbytes(luck.choice(SIZES)) if kind < 4 else fields

    async with on_socket(ncp) as address:
        dongle = await Dongle.open(address, patience=0.3)
        ncp.spoil = spoil
        for operation in luck.choices(list(OPERATIONS.values()), k=12):
            with contextlib.suppress(DongleError):
                async with asyncio.timeout(10):
                    await operation(dongle)
        await dongle.close()


def drawn_ash(luck: random.Random) -> bytes:
    """A frame that may be right, damaged, of any kind, or no frame at all."""
    body = bytes([luck.randrange(256)]) + randomised(luck.randbytes(luck.choice(SIZES)))
    frame = bytearray(on_the_line(body))
    kind = luck.randrange(4)
    if kind == 0:
        frame[luck.randrange(len(frame))] ^= 1 << luck.randrange(8)
    if kind == 1:
        frame = bytearray(luck.randbytes(luck.choice(SIZES)))
    return bytes(frame)


@pytest.mark.parametrize("seed", range(8))
async def test_drawn_ash_frames_end_in_an_error_or_in_nothing(seed: int) -> None:
    """On an open dongle they may be a reset or an error; anything else is passed over."""
    luck = random.Random(seed)
    ncp = NcpByHand()
    async with on_pty(ncp) as address:
        dongle = await Dongle.open(address, patience=0.3)
        for _ in range(60):
            ncp.send(drawn_ash(luck))
            await asyncio.sleep(0)
        with contextlib.suppress(DongleError):
            async with asyncio.timeout(10):
                await dongle.active_scan(timeout=1)
        await dongle.close()


@pytest.mark.parametrize("seed", range(4))
async def test_a_thing_that_answers_anything_is_given_up_in_time(seed: int) -> None:
    luck = random.Random(seed)
    thing = Thing(lambda heard: drawn_ash(luck) * luck.randrange(3))
    async with on_pty(thing) as address:
        with pytest.raises(DongleError) as failed:
            async with asyncio.timeout(10):
                await Dongle.open(address, patience=0.1)
    assert failed.value.remedy
