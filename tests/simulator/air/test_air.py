"""The medium itself: who hears what, how well, how late, and the same again with one seed."""

import asyncio

import pytest

from hht.clock import ScaledClock
from hht.entity_id import EntityId
from hht.simulator.air.air import Air, Link, Transmission

FRAME = bytes.fromhex("0188070000ffff0000") + b"payload"
ASKING = b"\x21" + FRAME[1:]
BROADCAST_ENERGY = -97


class Ear:
    """A station that keeps what it hears."""

    def __init__(self, air: Air, name: str, channel: int = 15) -> None:
        self.eui64 = EntityId(name.encode().ljust(8, b"-"))
        self.channel = channel
        self.powered = True
        self.heard: list[tuple[bytes, int, int]] = []
        air.attach(self)

    def hear(self, frame: bytes, lqi: int, rssi: int) -> None:
        self.heard.append((frame, lqi, rssi))

    def acknowledges(self, frame: bytes) -> bool:
        return self.eui64.startswith(b"B")


def three(seed: int = 1) -> tuple[Air, Ear, Ear, Ear]:
    air = Air(seed, ScaledClock())
    return air, Ear(air, "A"), Ear(air, "B"), Ear(air, "C")


async def test_a_frame_reaches_every_station_on_its_channel_but_its_sender() -> None:
    air, a, b, c = three()
    c.channel = 16
    air.set_link(a.eui64, b.eui64, Link(lqi=120, rssi=-70))
    assert air.transmit(FRAME, 15, a)
    assert b.heard == []  # never before the loop runs again
    await asyncio.sleep(0)
    assert (a.heard, b.heard, c.heard) == ([], [(FRAME, 120, -70)], [])


async def test_a_station_without_power_or_out_of_reach_hears_nothing() -> None:
    air, a, b, c = three()
    b.powered = False
    air.set_link(a.eui64, c.eui64, Link(rssi=-97))
    air.transmit(FRAME, 15, a)
    await asyncio.sleep(0)
    assert b.heard == c.heard == []


async def test_a_frame_that_wants_an_acknowledgement_is_repeated_until_it_has_one() -> None:
    air, a, b, _c = three()
    sent = list[Transmission]()
    air.tap(sent.append)
    assert air.transmit(ASKING, 15, a)
    assert [each.frame for each in sent] == [ASKING, b"\x02\x00\x07"]
    b.powered = False
    sent.clear()
    assert not air.transmit(ASKING, 15, a)
    assert [each.frame for each in sent] == [ASKING] * 4


async def test_the_share_of_frames_lost_is_the_links() -> None:
    air, a, b, c = three()
    air.set_link(a.eui64, b.eui64, Link(loss=0.3))
    for _ in range(1000):
        air.transmit(FRAME, 15, a)
    await asyncio.sleep(0)
    assert len(b.heard) == pytest.approx(700, abs=50)
    assert len(c.heard) == 1000


@pytest.mark.parametrize(
    ("noise", "expected"), [(-80, 500), (-63, 250), (-60, 0), (-40, 0)], ids=str
)
async def test_interference_destroys_what_does_not_clear_it_on_its_channel_alone(
    noise: int, expected: int
) -> None:
    air, a, b, c = three()
    c.channel = 16
    air.set_link(a.eui64, b.eui64, Link(rssi=-60))
    air.set_link(a.eui64, c.eui64, Link(rssi=-60))
    air.interference[15] = noise
    for _ in range(500):
        air.transmit(FRAME, 15, a)
        air.transmit(FRAME, 16, a)
    await asyncio.sleep(0)
    assert len(b.heard) == pytest.approx(expected, abs=45)
    assert len(c.heard) == 500


async def test_an_energy_scan_shows_what_interferes_and_what_was_sent_while_it_stayed() -> None:
    air, a, b, c = three()
    c.channel, b.channel = 20, 21
    air.set_link(a.eui64, b.eui64, Link(rssi=-50))
    air.interference[20] = -45
    air.transmit(FRAME, 22, a)
    air.transmit(FRAME, 21, b)
    began = air.clock.elapsed()
    levels = [air.energy(channel, a, began) for channel in (11, 20, 21, 22)]
    assert levels[1] == -45
    assert levels[2] == -50
    for quiet in (levels[0], levels[3]):  # nothing there, and nothing but its own frame
        assert BROADCAST_ENERGY <= quiet < BROADCAST_ENERGY + 10


async def test_a_network_that_sends_nothing_while_an_energy_scan_stays_is_not_heard() -> None:
    air, a, b, _c = three()
    air.transmit(FRAME, 15, b)
    air.clock.advance(1)
    assert air.energy(15, a, air.clock.elapsed()) < BROADCAST_ENERGY + 10


async def test_latency_is_virtual_time_and_keeps_the_order() -> None:
    air, a, b, _c = three()
    air.latency = 60
    for number in range(3):
        air.transmit(FRAME + bytes([number]), 15, a)
    await asyncio.sleep(0)
    assert b.heard == []
    air.clock.advance(60)
    await asyncio.sleep(0.01)
    assert [frame[-1] for frame, _, _ in b.heard] == [0, 1, 2]


async def test_late_and_double_frames_come_at_the_share_asked_for() -> None:
    air, a, b, _c = three()
    air.late, air.late_by, air.duplicates = 0.5, 60, 0.2
    for _ in range(400):
        air.transmit(FRAME, 15, a)
    await asyncio.sleep(0)
    assert len(b.heard) == pytest.approx(240, abs=40)
    air.clock.advance(60)
    await asyncio.sleep(0.01)
    assert len(b.heard) == pytest.approx(480, abs=30)


async def test_the_same_seed_draws_the_same_luck() -> None:
    async def luck(seed: int) -> list[bytes]:
        air, a, b, _c = three(seed)
        air.set_link(a.eui64, b.eui64, Link(loss=0.5))
        for number in range(50):
            air.transmit(FRAME + bytes([number]), 15, a)
        await asyncio.sleep(0)
        return [frame for frame, _, _ in b.heard]

    assert await luck(7) == await luck(7)
    assert await luck(7) != await luck(8)
