"""Joining a hub's network, and every way in which that does not work."""

import pytest
from radio_bench import CHANNEL, HHT, HUB, LINK_KEY, NETWORK_KEY, PAN_ID, Bench, settled, until
from virtual_time import virtual_loop

from hht.entity_id import EntityId
from hht.simulator.air.air import Link
from hht.simulator.stack.node import JoinReason, RadioNode
from hht.zse.frames.aps import ApsFrame, ApsKind, TransportKey
from hht.zse.frames.mac import MacCommand, MacFrame

OTHER = EntityId.parse("90-B3-D5-1F-30-A0-B3-F1")


async def test_a_device_with_the_right_link_key_is_joined_in_a_few_milliseconds() -> None:
    bench = Bench()
    joined = list[EntityId]()
    bench.hub.on_joined = lambda eui, short: joined.append(eui)
    before = virtual_loop().time()
    result = await bench.join()
    assert virtual_loop().time() - before < 0.1
    await settled()
    assert result.ok
    assert bench.hht.network.key == NETWORK_KEY
    assert bench.hub.children == {HHT: result.short}
    assert (bench.hht.short_address, bench.hht.pan_id) == (result.short, PAN_ID)
    assert joined == [HHT]
    assert bench.hht.link_keys[HUB] == bench.hub.link_keys[HHT] == LINK_KEY


@pytest.mark.parametrize(
    ("link_keys", "reason"),
    [
        (None, JoinReason.NOT_PERMITTED),
        ({}, JoinReason.REFUSED),
        ({HHT: bytes(16)}, JoinReason.NO_KEY),
    ],
    ids=["association closed", "device not admitted", "another install code"],
)
async def test_the_trust_centre_decides_who_joins(
    link_keys: dict[EntityId, bytes] | None, reason: JoinReason
) -> None:
    bench = Bench(speed=100)
    bench.hub.find_join_key = None if link_keys is None else link_keys.get
    result = await bench.join()
    assert (result.ok, result.reason) == (False, reason)
    assert not bench.hht.joined
    assert bench.hub.children == {}


async def test_a_network_that_is_not_there_is_not_joined() -> None:
    bench = Bench(speed=100)
    for channel, pan_id, network in ((20, PAN_ID, HUB), (CHANNEL, 1, HUB), (CHANNEL, PAN_ID, HHT)):
        result = await bench.hht.join(channel, pan_id, network, LINK_KEY)
        assert result.reason is JoinReason.NO_BEACON


async def test_a_hub_that_goes_silent_after_its_beacon_is_distinguished_from_one_that_refuses() -> (
    None
):
    bench = Bench(speed=100)
    deaf = bench.hub.trust_centre.command

    def beacons_only(mac: object) -> None:
        deaf(mac)  # type: ignore[arg-type]
        bench.hub.trust_centre.command = lambda mac: None  # type: ignore[method-assign]

    bench.hub.trust_centre.command = beacons_only  # type: ignore[method-assign]
    assert (await bench.join()).reason is JoinReason.NO_RESPONSE


async def test_a_join_that_failed_can_be_tried_again() -> None:
    bench = Bench(speed=100)
    bench.hub.find_join_key = {HHT: bytes(16)}.get
    assert not (await bench.join()).ok
    bench.hub.find_join_key = {HHT: LINK_KEY}.get
    assert (await bench.join()).ok


async def test_an_association_request_that_comes_twice_does_not_lead_the_network_key_astray() -> (
    None
):
    bench = Bench(speed=100)
    centre, asked = bench.hub.trust_centre, list[MacFrame]()
    answer = centre.command

    def late_again(mac: MacFrame) -> None:
        answer(mac)
        if mac.payload[0] == MacCommand.ASSOCIATION_REQUEST:
            asked.append(mac)
        elif mac.payload[0] == MacCommand.DATA_REQUEST and asked:
            answer(asked.pop())

    centre.command = late_again  # type: ignore[method-assign]
    assert (await bench.join()).ok


async def test_joining_again_gives_a_fresh_start_with_the_same_address() -> None:
    bench = Bench()
    first = await bench.join()
    await settled()
    again = await bench.join()
    assert again.ok
    assert await bench.to_hub(b"still here")
    assert again.short == first.short


@pytest.mark.parametrize("seed", range(20))
async def test_joining_gets_through_a_third_of_the_frames_lost(seed: int) -> None:
    bench = Bench(seed=seed, speed=50)
    bench.lose(0.33)
    assert (await bench.join()).ok


async def test_joining_works_over_a_slow_air() -> None:
    bench = Bench(speed=20)
    bench.air.latency, bench.air.jitter = 0.02, 0.01
    assert (await bench.join()).ok
    assert await bench.to_hub(b"slowly")


async def test_of_two_hubs_on_one_channel_only_the_one_asked_for_is_joined() -> None:
    bench = Bench()
    other = RadioNode(bench.air, OTHER)
    other.form(CHANNEL, 0x1111, OTHER, bytes(range(16, 32)))
    other.find_join_key = {HHT: LINK_KEY}.get
    assert (await bench.join()).ok
    assert other.children == {}
    assert await bench.to_hub(b"for the one")
    assert other.drops.total() == 0


async def test_a_scan_hears_every_hub_with_its_signal_and_whether_it_lets_anyone_in() -> None:
    bench = Bench()
    other = RadioNode(bench.air, OTHER)
    other.form(20, 0x1111, OTHER, bytes(16))
    bench.air.set_link(HHT, OTHER, Link(lqi=90, rssi=-84))
    seen = list[EntityId]()
    heard = await bench.hht.active_scan(
        range(11, 27), 30, lambda beacon: seen.append(beacon.extended_pan_id)
    )
    signals = {b.extended_pan_id: (b.channel, b.pan_id, b.permit_joining, b.lqi) for b in heard}
    assert signals == {HUB: (CHANNEL, PAN_ID, True, 255), OTHER: (20, 0x1111, False, 90)}
    assert seen == [HUB, OTHER]
    assert bench.hht.channel == 11


@pytest.mark.parametrize("dwell", [0.03, None], ids=["in a moment", "as long as a radio"])
async def test_a_scan_hears_hubs_over_a_slow_air(dwell: float | None) -> None:
    bench = Bench()
    bench.hht.scanner.dwell = dwell
    bench.air.latency, bench.air.jitter = 0.02, 0.005
    assert len(await bench.hht.active_scan([CHANNEL], 140)) == 1


async def test_a_scan_hears_a_hub_though_the_machine_stops_for_a_moment() -> None:
    bench = Bench()
    bench.air.latency = 0.02
    bench.air.tap(lambda sent: bench.air.clock.advance(1.0 if sent.sender == HUB else 0.0))
    assert len(await bench.hht.active_scan([CHANNEL], 140)) == 1


async def test_a_hub_without_power_is_not_heard() -> None:
    bench = Bench()
    bench.hub.power_off()
    assert await bench.hht.active_scan([CHANNEL], 30) == []


async def test_a_power_cut_at_the_hub_throws_the_handheld_out_at_its_next_frame() -> None:
    bench = Bench(speed=100)
    await bench.join()
    left = list[EntityId]()
    bench.hht.on_left = left.append
    bench.hub.power_off()
    assert not await bench.to_hub(b"into the dark")
    bench.hub.power_on()
    assert not await bench.to_hub(b"to a hub that forgot us")
    assert left == [HHT]
    assert not bench.hht.joined
    assert (await bench.join()).ok
    assert await bench.to_hub(b"back")


async def test_a_device_that_the_hub_removes_hears_of_it_and_is_locked_out() -> None:
    bench = Bench(speed=100)
    await bench.join()
    await settled()
    left = list[EntityId]()
    bench.hht.on_left = left.append
    bench.hub.remove(HHT)
    await until(lambda: left)
    assert left == [HHT]
    assert bench.hub.children == {}
    assert not await bench.to_hub(b"gone")


async def test_a_device_that_leaves_says_so() -> None:
    bench = Bench()
    await bench.join()
    await settled()
    left = list[EntityId]()
    bench.hub.on_left = left.append
    bench.hht.leave()
    await settled()
    assert left == [HHT]
    assert bench.hub.children == {}
    assert not bench.hht.joined


async def test_a_handheld_finds_its_hub_again_on_another_channel() -> None:
    bench = Bench(speed=100)
    await bench.join()
    await settled()
    bench.hub.channel = 24
    assert not await bench.to_hub(b"where are you")
    result = await bench.hht.rejoining.with_key(range(11, 27))
    assert result.ok
    assert bench.hht.channel == 24
    assert await bench.to_hub(b"there you are")


async def test_an_orphan_hears_where_its_hub_is_now_and_keeps_its_address() -> None:
    bench = Bench(speed=100)
    await bench.join()
    await settled()
    short = bench.hht.short_address
    bench.hub.move(24, PAN_ID + 1)
    result = await bench.hht.rejoining.as_orphan(range(11, 27))
    assert (result.ok, result.short) == (True, short)
    assert (bench.hht.channel, bench.hht.pan_id) == (24, PAN_ID + 1)
    assert await bench.to_hub(b"there you are")


async def test_a_stranger_gets_no_answer_as_an_orphan_and_stays_where_it_was() -> None:
    bench = Bench(speed=1000)
    bench.hht.channel = 13
    assert (await bench.hht.rejoining.as_orphan([CHANNEL])).reason is JoinReason.NO_RESPONSE
    assert (bench.hht.channel, bench.hht.joined) == (13, False)


async def test_who_never_joined_cannot_rejoin() -> None:
    bench = Bench(speed=1000)
    assert (await bench.hht.rejoining.with_key([CHANNEL])).reason is JoinReason.NO_BEACON
    bench.hht.extended_pan_id = HUB
    assert (await bench.hht.rejoining.with_key([CHANNEL])).reason is JoinReason.NO_RESPONSE


async def test_a_network_key_sent_in_clear_is_not_taken() -> None:
    bench = Bench(speed=100)

    def in_clear(destination: int, command: TransportKey, link_key: bytes) -> None:
        frame = ApsFrame(ApsKind.COMMAND, 1, command.encode())
        bench.hub.network.send_in_clear(destination, frame.encode())

    bench.hub.aps.send_transport_key = in_clear  # type: ignore[method-assign]
    assert (await bench.join()).reason is JoinReason.NO_KEY
    assert bench.hht.drops["a network key in clear"] > 0


async def test_noise_on_the_hubs_channel_hides_it_until_it_moves_or_the_noise_ends() -> None:
    bench = Bench(speed=200)
    bench.air.set_link(HUB, HHT, Link(rssi=-70))
    bench.air.interference[CHANNEL] = -60
    assert (await bench.join()).reason is JoinReason.NO_BEACON
    levels = await bench.hht.energy_scan([CHANNEL, 20], 30)
    assert levels[CHANNEL] == -60 > levels[20]
    bench.hub.channel = 20
    assert (await bench.hht.join(20, PAN_ID, HUB, LINK_KEY)).ok
    bench.air.interference.clear()
    bench.hub.channel = CHANNEL
    assert (await bench.join()).ok


async def test_a_device_that_was_removed_cannot_rejoin() -> None:
    bench = Bench(speed=100)
    await bench.join()
    await settled()
    bench.hub.trust_centre.forget(HHT)
    assert (await bench.hht.rejoining.with_key([CHANNEL])).reason is JoinReason.REFUSED
    bench.hub.power_off()
    assert (await bench.hht.rejoining.with_key([CHANNEL])).reason is JoinReason.NO_BEACON
