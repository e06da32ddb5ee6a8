"""APS data between a hub and a handheld: acknowledged, fragmented, secured, once."""

import asyncio
from collections.abc import Callable

import pytest
from radio_bench import CHANNEL, HHT, HUB, KEY_ESTABLISHMENT, LINK_KEY, TUNNELING, Bench, settled

from hht.entity_id import EntityId
from hht.simulator.air.air import Link, Transmission
from hht.simulator.stack.layers.aps import HOST_SECONDS
from hht.simulator.stack.node import RadioNode
from hht.simulator.stack.types import Received
from hht.zse.frames import zdo
from hht.zse.frames.aps import Fragment
from hht.zse.frames.mac import MacFrame, MacKind


async def joined(*, seed: int = 1, speed: float = 1.0) -> Bench:
    bench = Bench(seed=seed, speed=speed)
    assert (await bench.join()).ok
    await settled()
    return bench


@pytest.mark.parametrize("key", [LINK_KEY, None], ids=["link key", "network key alone"])
async def test_a_message_arrives_once_with_who_sent_it_and_how(key: bytes | None) -> None:
    bench = await joined()
    assert await bench.to_hub(b"hello", key)
    [got] = bench.at_hub
    assert (got.payload, got.cluster, got.profile) == (b"hello", TUNNELING, 0x0109)
    assert (got.sender_eui, got.sender_short) == (HHT, bench.hht.short_address)
    assert got.aps_encrypted is (key is not None)
    assert await bench.to_hht(b"and back", key)
    assert [each.payload for each in bench.at_hht] == [b"and back"]


@pytest.mark.parametrize("key", [LINK_KEY, None], ids=["link key", "network key alone"])
@pytest.mark.parametrize("size", [0, 70, 73, 74, 82, 83, 300, 1500])
async def test_a_message_of_any_size_comes_whole_in_frames_a_radio_can_send(
    size: int, key: bytes | None
) -> None:
    bench = await joined()
    sizes = list[int]()
    bench.air.tap(lambda sent: sizes.append(len(sent.frame)))
    payload = bytes(index & 0xFF for index in range(size))
    assert await bench.to_hht(payload, key)
    assert [each.payload for each in bench.at_hht] == [payload]
    assert max(sizes) <= 125


async def test_a_message_under_a_link_key_the_other_does_not_hold_is_not_taken() -> None:
    bench = await joined(speed=1000)
    assert not await bench.to_hub(b"secret", bytes(16))
    assert bench.at_hub == []


async def test_both_sides_take_a_new_link_key_into_use() -> None:
    bench = await joined()
    new = bytes(range(16))
    bench.hub.set_link_key(HHT, new)
    bench.hht.set_link_key(HUB, new)
    assert bench.hht.link_keys[HUB] == new
    assert await bench.to_hub(b"under the key from CBKE", new)


async def test_a_message_for_an_endpoint_that_is_not_there_goes_nowhere() -> None:
    bench = await joined()
    assert await bench.hht.send_unicast(
        0, TUNNELING, b"x", source_endpoint=1, destination_endpoint=9
    )
    assert bench.at_hub == []
    assert bench.hub.drops["a frame for an endpoint that is not here"] == 1


async def test_who_is_not_joined_cannot_send() -> None:
    assert not await Bench().to_hub(b"hello", None)


@pytest.mark.parametrize("seed", range(6))
async def test_a_poor_link_loses_frames_and_no_message(seed: int) -> None:
    bench = await joined(seed=seed, speed=200)
    bench.lose(0.4)
    messages = [bytes([number]) * 150 for number in range(10)]
    for message in messages:
        assert await bench.to_hub(message)
    assert [each.payload for each in bench.at_hub] == messages


async def test_a_link_that_carries_nothing_ends_in_failure_after_all_retries() -> None:
    bench = await joined(speed=1000)
    bench.lose(1.0)
    sent = list[Transmission]()
    bench.air.tap(sent.append)
    assert not await bench.to_hub(b"hello?")
    assert len(sent) == 4 * 4  # 1 + 3 APS sendings of 1 + 3 MAC sendings


async def test_a_host_has_the_machines_time_for_a_fragment_however_fast_the_premises_run() -> None:
    bench = await joined(speed=300)
    bench.hub.aps.host_seconds = HOST_SECONDS
    handed_on = list[int]()

    def slowly(_received: Received, piece: Fragment, acknowledge: Callable[[], None]) -> None:
        handed_on.append(piece.index)
        bench.hub.clock.call_later(15.0, acknowledge)  # 50 ms of the machine

    bench.hht.aps.on_piece = slowly
    assert await bench.to_hht(bytes(200))
    assert handed_on == [0, 1, 2]


async def test_frames_that_come_twice_are_taken_once() -> None:
    bench = await joined()
    bench.air.duplicates = 1.0
    for number in range(5):
        assert await bench.to_hub(bytes([number]))
    assert [each.payload for each in bench.at_hub] == [bytes([n]) for n in range(5)]


async def test_a_message_whose_acknowledgement_is_lost_is_sent_again_and_taken_once() -> None:
    bench = await joined(speed=100)
    sends = bench.hub.network.send

    def lose_one(*_args: object, **_more: object) -> bool:
        bench.hub.network.send = sends  # type: ignore[method-assign]
        return False

    bench.hub.network.send = lose_one  # type: ignore[method-assign]
    assert await bench.to_hub(b"only once")
    assert [each.payload for each in bench.at_hub] == [b"only once"]
    assert bench.hub.drops["a frame that came before"] == 1


@pytest.mark.parametrize("seed", range(4))
async def test_late_frames_break_no_message_apart_and_bring_none_twice(seed: int) -> None:
    bench = await joined(seed=seed, speed=100)
    bench.air.late, bench.air.late_by = 0.3, 0.5
    messages = [bytes([number]) * 200 for number in range(5)]
    for message in messages:
        assert await bench.to_hub(message)
    await bench.air.clock.sleep(2)
    assert [each.payload for each in bench.at_hub] == messages


async def test_a_frame_recorded_and_sent_again_is_refused() -> None:
    bench = await joined()
    sent = list[Transmission]()
    bench.air.tap(sent.append)
    await bench.to_hub(b"once")
    [data] = [each.frame for each in sent if each.sender == HHT and each.frame[0] == 0x61]
    bench.hht.send_raw(data)
    await settled()
    assert len(bench.at_hub) == 1
    assert bench.hub.drops["a frame counter that was heard before"] == 1


async def test_a_frame_in_clear_is_not_taken_by_a_secured_network() -> None:
    bench = await joined()
    bench.hht.network.send_in_clear(0, bytes.fromhex("0001040709010103") + b"clear")
    await settled()
    assert bench.at_hub == []
    assert bench.hub.drops.total() == 1


async def test_messages_sent_at_once_all_arrive() -> None:
    bench = await joined()
    payloads = {bytes([number]) * 200 for number in range(8)}
    done = await asyncio.gather(*(bench.to_hht(payload) for payload in payloads))
    assert all(done)
    assert {each.payload for each in bench.at_hht} == payloads


async def test_a_stranger_with_the_network_key_is_sent_away() -> None:
    bench = await joined(speed=1000)
    stranger = RadioNode(bench.air, EntityId(b"STRANGER"))
    stranger.channel, stranger.pan_id, stranger.short_address = CHANNEL, bench.hub.pan_id, 0x7777
    stranger.network.start(bench.hub.network.key)
    left = list[EntityId]()
    stranger.on_left = left.append
    assert not await stranger.send_unicast(
        0, TUNNELING, b"let me in", source_endpoint=1, destination_endpoint=1
    )
    assert left == [stranger.eui64]
    assert bench.at_hub == []


async def ask(bench: Bench, cluster: int, request: bytes) -> tuple[int, bytes]:
    sent = await bench.hht.send_unicast(
        0, cluster, request, source_endpoint=0, destination_endpoint=0, profile=0
    )
    assert sent
    await settled()
    answer = bench.at_hht.pop()
    return answer.cluster, answer.payload


async def test_the_hub_tells_where_its_tunnel_server_is() -> None:
    bench = await joined()
    request = zdo.match_request(0x21, 0, 0x0109, (TUNNELING,))
    assert request.hex() == "2100000901010407" + "00"
    assert await ask(bench, 0x0006, request) == (0x8006, bytes.fromhex("2100000001" + "01"))


async def test_a_match_for_what_no_endpoint_has_finds_none() -> None:
    bench = await joined()
    for about, profile, cluster in ((0, 0x0109, 0x0702), (0, 0x0104, TUNNELING)):
        request = zdo.match_request(1, about, profile, (cluster,))
        assert (await ask(bench, 0x0006, request))[1] == bytes.fromhex("0100000000")
    strange = zdo.match_request(1, 0x5555, 0x0109, (TUNNELING,))
    assert (await ask(bench, 0x0006, strange))[1] == bytes.fromhex("0181000000")


async def test_the_hub_lists_and_describes_its_endpoints() -> None:
    bench = await joined()
    assert await ask(bench, 0x0005, b"\x05\x00\x00") == (0x8005, bytes.fromhex("050000000101"))
    described = bytes.fromhex("0600000010" + "01" + "0901" + "0000" + "00" + "010407" + "010008")
    described = described[:4] + bytes([len(described) - 5]) + described[5:]
    assert await ask(bench, 0x0004, b"\x06\x00\x00\x01") == (0x8004, described)
    assert (await ask(bench, 0x0004, b"\x06\x00\x00\x09"))[1] == bytes.fromhex("0683000000")
    assert KEY_ESTABLISHMENT.to_bytes(2, "little") in described


async def test_the_hub_tells_its_addresses() -> None:
    bench = await joined()
    answer = bytes.fromhex("0700") + HUB.little_endian + b"\x00\x00"
    assert await ask(bench, 0x0000, b"\x07" + HUB.little_endian + b"\x00\x00") == (0x8000, answer)
    assert await ask(bench, 0x0001, b"\x07\x00\x00\x00\x00") == (0x8001, answer)


async def test_inter_pan_frames_reach_whom_they_name_and_everyone_if_they_name_none() -> None:
    bench = Bench()
    heard = list[bytes]()
    bench.hub.on_raw = lambda frame, lqi, rssi: heard.append(frame)
    bench.hht.channel = CHANNEL
    stub = bytes.fromhex("0b00" + "0300080901") + b"\x01\x02\x00"
    for_hub = MacFrame(MacKind.DATA, 1, stub, 0xFFFF, HUB, 0xFFFF, HHT, True)
    for_all = MacFrame(MacKind.DATA, 2, stub, 0xFFFF, 0xFFFF, 0xFFFF, HHT)
    for_other = MacFrame(MacKind.DATA, 3, stub, 0xFFFF, HHT, 0xFFFF, HHT, True)
    other_pan = MacFrame(MacKind.DATA, 4, stub, 0x7777, HUB, 0x7777, HHT, True)
    acknowledged = [
        bench.hht.send_raw(frame.encode()) for frame in (for_hub, for_all, for_other, other_pan)
    ]
    await settled()
    assert heard == [for_hub.encode(), for_all.encode()]
    assert acknowledged == [True, True, False, False]


async def test_a_node_whose_mac_is_silent_acknowledges_nothing_and_still_hears() -> None:
    bench = Bench()
    heard = list[bytes]()
    bench.hub.on_any = lambda frame, lqi, rssi: heard.append(frame)
    bench.hub.mac_silent = True
    bench.hht.channel = CHANNEL
    frame = MacFrame(MacKind.DATA, 1, b"\x0b\x00", 0xFFFF, HUB, 0xFFFF, HHT, True).encode()
    assert not bench.hht.send_raw(frame)
    await settled()
    assert heard == [frame] * 4


async def test_a_promiscuous_listener_hears_every_frame_of_its_channel() -> None:
    bench = await joined()
    ear = RadioNode(bench.air, EntityId(b"LISTENER"))
    ear.channel = CHANNEL
    heard = list[tuple[bytes, int, int]]()
    ear.on_any = lambda *what: heard.append(what)
    bench.air.set_link(HHT, ear.eui64, Link(lqi=77, rssi=-71))
    await bench.to_hub(b"hello")
    await settled()
    assert heard[0][1:] == (77, -71)
    assert len(heard) == 2  # the message and its acknowledgement
