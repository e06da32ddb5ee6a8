"""The dongle in front of the virtual NCP, in every EZSP version since EmberZNet 6.7."""

import asyncio
from functools import partial
from typing import Any

import pytest
from radio_lab import (
    CHANNEL,
    HHT,
    HUB,
    HUB_ENDPOINT,
    LINK_KEY,
    PAN_ID,
    TUNNELING,
    Lab,
    hub_beacon,
    joined,
    lab,
    opened,
)
from virtual_time import virtual_loop

from hht.entity_id import EntityId
from hht.radio.dongle import Beacon, Dongle, Network
from hht.radio.errors import (
    DongleLost,
    DongleRefused,
    JoinFailed,
    JoinFailure,
    NetworkLost,
    NoEndpoint,
    NotDelivered,
    ScanTimeout,
)
from hht.simulator.air.air import Link
from hht.simulator.ncp.server import VERSIONS
from hht.simulator.stack.node import RadioNode
from hht.zse.interpan.frame import InterPanFrame

LINES = [*((version, "socket") for version in VERSIONS), (13, "pty"), (18, "pty")]
NEVER_ADMITTED = bytes(16)


def interpan(payload: bytes, source: EntityId, destination: EntityId) -> bytes:
    frame = InterPanFrame(
        source=source,
        source_pan=0xFFFF,
        destination=destination,
        destination_pan=0xFFFF,
        mac_sequence=1,
        cluster=0x0800,
        payload=payload,
    )
    return frame.encode()


@pytest.mark.parametrize(("version", "line"), LINES)
async def test_the_whole_path_from_scan_to_leave(version: int, line: str) -> None:
    async with lab(version, line) as at, opened(at) as dongle:
        assert (dongle.eui64, dongle.ezsp_version, dongle.board_name) == (
            HHT,
            version,
            "hht training",
        )
        beacon = await hub_beacon(dongle)
        assert beacon == Beacon(CHANNEL, PAN_ID, HUB, True, 255, -45, 2)
        await exchange_interpan(at, dongle)
        await dongle.join(beacon, LINK_KEY, timeout=5)
        assert await dongle.network() == Network(CHANNEL, PAN_ID, HUB, at.node.short_address)
        assert await dongle.discover_endpoint(TUNNELING) == HUB_ENDPOINT
        await exchange_messages(at, dongle)
        await dongle.leave()
        assert HHT not in at.hub.children


async def exchange_interpan(at: Lab, dongle: Dongle) -> None:
    """Both ways over inter-PAN, with the bytes unchanged."""
    heard = []
    at.hub.on_raw = lambda raw, lqi, rssi: heard.append(raw)
    await dongle.open_interpan(CHANNEL, PAN_ID)
    out = interpan(bytes(range(77)), HHT, HUB)
    await dongle.send_interpan(out)
    back = interpan(b"answer", HUB, HHT)
    at.hub.send_raw(back)
    frame = await dongle.receive_interpan(timeout=2)
    assert (frame.raw, frame.lqi, frame.rssi) == (back, 255, -45)
    assert heard == [out]
    await dongle.close_interpan()


async def exchange_messages(at: Lab, dongle: Dongle) -> None:
    """APS-encrypted messages both ways, in one frame and in many."""
    for payload in (b"short", bytes(range(256)) * 5):
        await dongle.send_unicast(
            TUNNELING, payload, endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=5
        )
        received = at.heard_by_hub[-1]
        assert (received.payload, received.aps_encrypted) == (payload, True)
        assert (received.source_endpoint, received.destination_endpoint) == (1, HUB_ENDPOINT)
        assert await at.hub_sends(payload)
        message = await dongle.receive(timeout=5)
        assert (message.payload, message.aps_encrypted, message.sender) == (payload, True, 0)
        assert (message.cluster, message.profile) == (TUNNELING, 0x0109)
        assert (message.source_endpoint, message.destination_endpoint) == (HUB_ENDPOINT, 1)


async def test_an_energy_scan_shows_the_busiest_channel() -> None:
    async with lab() as at, opened(at) as dongle:
        at.air.interference[20] = -60
        levels = await dongle.energy_scan(timeout=5)
    assert list(levels) == list(range(11, 27))
    assert max(levels, key=lambda channel: levels[channel]) == 20


async def test_messages_wait_in_order_until_they_are_received() -> None:
    async with lab() as at, joined(at) as dongle:
        for number in range(40):
            assert await at.hub_sends(bytes([number]) * 100)
        received = [(await dongle.receive(timeout=5)).payload[0] for _ in range(40)]
    assert received == list(range(40))


async def test_what_arrived_is_given_even_after_the_dongle_is_gone() -> None:
    async with lab() as at, joined(at) as dongle:
        assert await at.hub_sends(b"arrived")
        await dongle.discover_endpoint(TUNNELING)  # its answer comes after what was sent before
        at.server.hang_up()
        await asyncio.wait_for(dongle.lost.wait(), 2)
        assert (await dongle.receive(timeout=1)).payload == b"arrived"
        with pytest.raises(DongleLost):
            await dongle.receive(timeout=1)


async def test_mfglib_hears_inter_pan_where_mac_filters_do_not() -> None:
    """Each frame once, though it is not acknowledged and the hub repeats it; nothing of others."""
    async with lab() as at, opened(at, reception="mfglib") as dongle:
        await dongle.open_interpan(CHANNEL, PAN_ID)
        stranger = RadioNode(at.air, EntityId(bytes(7) + b"\x09"))
        stranger.channel = CHANNEL
        await dongle.send_interpan(interpan(b"question", HHT, HUB))
        assert not at.hub.send_raw(interpan(b"for another", HUB, EntityId(bytes(8))))
        assert not at.hub.send_raw(interpan(b"answer", HUB, HHT))
        assert not at.hub.send_raw(interpan(b"more", HUB, HHT))
        payloads = [(await dongle.receive_interpan(timeout=2)).raw[30:] for _ in range(2)]
        assert payloads == [b"answer", b"more"]
        with pytest.raises(TimeoutError):
            await dongle.receive_interpan(timeout=0.05)
        await dongle.close_interpan()
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)


async def test_no_inter_pan_frame_is_heard_before_and_after_it_is_open() -> None:
    async with lab() as at, opened(at) as dongle:
        at.node.channel = CHANNEL
        at.hub.send_raw(interpan(b"too early", HUB, HHT))
        await dongle.open_interpan(CHANNEL, PAN_ID)
        with pytest.raises(TimeoutError):
            await dongle.receive_interpan(timeout=0.05)
        await dongle.close_interpan()
        at.hub.send_raw(interpan(b"too late", HUB, HHT))
        with pytest.raises(TimeoutError):
            await dongle.receive_interpan(timeout=0.05)


@pytest.mark.parametrize("version", [8, 13, 14, 18])
async def test_a_wrong_install_code_is_no_network_key(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        beacon = await hub_beacon(dongle)
        at.air.clock.speed = 100
        with pytest.raises(JoinFailed) as failed:
            await dongle.join(beacon, NEVER_ADMITTED, timeout=5)
        assert failed.value.reason is JoinFailure.NO_NETWORK_KEY
        with pytest.raises(NetworkLost):
            await dongle.network()


@pytest.mark.parametrize("version", [8, 13, 14, 18])
async def test_a_hub_that_does_not_know_the_hht_refuses_it(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        at.hub.find_join_key = dict[EntityId, bytes]().get
        with pytest.raises(JoinFailed) as failed:
            await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)
        assert failed.value.reason is JoinFailure.REFUSED


@pytest.mark.parametrize("version", [8, 14])
async def test_a_hub_out_of_reach_has_no_beacon(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        beacon = await hub_beacon(dongle)
        at.hub.power_off()
        at.air.clock.speed = 100
        with pytest.raises(JoinFailed) as failed:
            await dongle.join(beacon, LINK_KEY, timeout=5)
        assert failed.value.reason is JoinFailure.NO_BEACON


async def test_a_join_that_takes_too_long_has_no_answer() -> None:
    async with lab() as at, opened(at) as dongle:
        beacon = await hub_beacon(dongle)
        at.hub.power_off()
        with pytest.raises(JoinFailed) as failed:
            await dongle.join(beacon, LINK_KEY, timeout=0.05)
        assert failed.value.reason is JoinFailure.NO_ANSWER
        assert "Install Code" in str(failed.value)
        assert LINK_KEY.hex() not in str(failed.value).lower()


@pytest.mark.parametrize("version", [8, 13, 18])
async def test_a_hub_that_removes_the_hht_ends_what_waits(version: int) -> None:
    async with lab(version) as at, joined(at) as dongle:
        receiving = asyncio.create_task(dongle.receive(timeout=5))
        await asyncio.sleep(0.02)
        at.hub.remove(HHT)
        with pytest.raises(NetworkLost):
            await asyncio.wait_for(receiving, 2)
        with pytest.raises(NetworkLost):
            await dongle.send_unicast(
                TUNNELING, b"", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=1
            )
        assert not dongle.lost.is_set()
        await dongle.leave()
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)


@pytest.mark.parametrize("version", [8, 12, 13, 14])
async def test_a_link_key_from_cbke_takes_the_place_of_the_install_codes(version: int) -> None:
    async with lab(version) as at, joined(at) as dongle:
        fresh = bytes(range(100, 116))
        await dongle.set_link_key(HUB, fresh)
        at.hub.set_link_key(HHT, fresh)
        await dongle.send_unicast(
            TUNNELING, b"new key", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=2
        )
        assert at.heard_by_hub[-1].payload == b"new key"
        assert await at.hub_sends(b"new key", key=fresh)
        assert (await dongle.receive(timeout=2)).payload == b"new key"


@pytest.mark.parametrize("version", [8, 14])
async def test_a_message_without_acknowledgement_is_not_delivered(version: int) -> None:
    async with lab(version) as at, joined(at) as dongle:
        at.hub.power_off()
        at.air.clock.speed = 100
        with pytest.raises(NotDelivered):
            await dongle.send_unicast(
                TUNNELING, bytes(500), endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=5
            )


async def test_a_message_is_given_up_after_its_time() -> None:
    async with lab() as at, joined(at) as dongle:
        at.air.set_link(HUB, HHT, Link(loss=1.0))
        with pytest.raises(NotDelivered, match=r"0\.05 s"):
            await dongle.send_unicast(
                TUNNELING, b"", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=0.05
            )


async def test_a_payload_beyond_255_fragments_is_refused() -> None:
    async with lab() as at, joined(at) as dongle:
        with pytest.raises(DongleRefused, match="20000 bytes do not go into 255 APS fragments"):
            await dongle.send_unicast(
                TUNNELING, bytes(20_000), endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=1
            )


@pytest.mark.parametrize("room", [0, 11])
async def test_a_dongle_whose_frames_have_no_room_for_payload_is_said(room: int) -> None:
    async with lab() as at, joined(at) as dongle:
        at.server.ezsp_faults.replaced["maximumPayloadLength"] = bytes([room])
        with pytest.raises(DongleRefused, match=f"{room} bytes of payload in a frame"):
            await dongle.send_unicast(
                TUNNELING, b"", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=1
            )


async def test_a_cluster_that_nobody_serves_has_no_endpoint() -> None:
    async with lab() as at, joined(at) as dongle:
        with pytest.raises(NoEndpoint):
            await dongle.discover_endpoint(0x0702)


async def test_membership_outlives_the_program_that_joined() -> None:
    async with lab() as at:
        async with joined(at) as dongle:
            before = await dongle.network()
        async with opened(at) as dongle:
            assert await dongle.resume(timeout=5) == before
            await dongle.send_unicast(
                TUNNELING, b"back", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=2
            )
        assert at.heard_by_hub[-1].payload == b"back"


async def test_a_membership_that_the_hub_forgot_is_not_resumed() -> None:
    async with lab() as at:
        async with joined(at):
            pass
        at.hub.power_off()
        at.hub.power_on()
        async with opened(at) as dongle:
            assert await dongle.resume(timeout=5) is None
            await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)


@pytest.mark.parametrize("version", [8, 13, 14])
async def test_a_member_comes_back_to_a_hub_that_has_another_network_key(version: int) -> None:
    """Its link key is enough (Trust Centre rejoin), on whichever channel the hub is now."""
    async with lab(version) as at:
        async with joined(at):
            pass
        at.hub.find_member_key = {HHT: LINK_KEY}.get
        at.hub.trust_centre.forget_all()
        at.hub.network.start(bytes(range(16, 32)))
        at.hub.move(24, at.hub.pan_id)
        at.hub.find_join_key = None
        async with opened(at) as dongle:
            assert await dongle.resume(timeout=5) is None
            assert (await dongle.rejoin(timeout=20)).channel == 24
            await dongle.send_unicast(
                TUNNELING, b"back", endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=2
            )
        assert at.heard_by_hub[-1].payload == b"back"


async def test_who_is_no_member_any_more_does_not_come_back_and_may_try_again() -> None:
    async with lab() as at:
        async with joined(at):
            pass
        at.hub.trust_centre.forget_all()
        at.hub.network.start(bytes(range(16, 32)))
        async with opened(at) as dongle:
            assert await dongle.resume(timeout=5) is None
            with pytest.raises(JoinFailed):
                await dongle.rejoin(timeout=20)
            at.hub.find_member_key = {HHT: LINK_KEY}.get
            assert (await dongle.rejoin(timeout=20)).extended_pan_id == HUB


async def test_a_fresh_dongle_cannot_come_back() -> None:
    async with lab() as at, opened(at) as dongle:
        with pytest.raises(JoinFailed):
            await dongle.rejoin(timeout=5)


async def test_there_is_nothing_to_resume_on_a_fresh_dongle() -> None:
    async with lab() as at, opened(at) as dongle:
        assert await dongle.resume(timeout=5) is None


async def test_a_second_join_leaves_the_first_network() -> None:
    async with lab() as at, joined(at) as dongle:
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)
        assert await dongle.discover_endpoint(TUNNELING) == HUB_ENDPOINT


async def test_a_scan_that_does_not_end_is_stopped_and_can_be_repeated() -> None:
    async with lab() as at, opened(at) as dongle:
        at.node.scanner.dwell = None
        with pytest.raises(ScanTimeout):
            await dongle.active_scan(duration=6, timeout=0.1)
        at.node.scanner.dwell = 0.001
        assert await hub_beacon(dongle)


async def test_a_cancelled_scan_leaves_none_running() -> None:
    async with lab() as at, opened(at) as dongle:
        at.node.scanner.dwell = None
        scanning = asyncio.create_task(dongle.active_scan(duration=6, timeout=5))
        await asyncio.sleep(0.05)
        scanning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await scanning
        at.node.scanner.dwell = 0.001
        assert await hub_beacon(dongle)


async def test_a_channel_outside_the_band_is_refused_in_the_dongles_words() -> None:
    async with lab() as at, opened(at) as dongle:
        with pytest.raises(DongleRefused, match="INVALID_CHANNEL_MASK"):
            await dongle.active_scan([9], timeout=1)


async def test_the_link_quality_is_that_of_the_last_message() -> None:
    async with lab() as at, joined(at) as dongle:
        at.air.set_link(HUB, HHT, Link(lqi=120, rssi=-80))
        assert await at.hub_sends(b"weak")
        await dongle.receive(timeout=2)
        quality = await dongle.link_quality()
    assert quality is not None
    assert (quality.lqi, quality.rssi) == (120, -80)


def without(at: Lab, command: str) -> None:
    """Make the virtual NCP's firmware one that does not have a command."""
    at.server.device.ezsp.commands.pop(command)


async def hears_the_hub(at: Lab, dongle: Dongle, payload: bytes) -> bool:
    """One attempt over inter-PAN, in which the hub says something."""
    await dongle.open_interpan(CHANNEL, PAN_ID)
    await dongle.send_interpan(interpan(b"question", HHT, HUB))
    at.hub.send_raw(interpan(payload, HUB, HHT))
    try:
        return (await dongle.receive_interpan(timeout=0.1)).raw.endswith(payload)
    except TimeoutError:
        return False
    finally:
        await dongle.close_interpan()


@pytest.mark.parametrize("version", [8, 14])
async def test_firmware_without_mac_filters_uses_its_manufacturing_library(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        without(at, "setValue")
        assert await hears_the_hub(at, dongle, b"one")
        assert await hears_the_hub(at, dongle, b"two")
        without(at, "mfglibStart")
        with pytest.raises(DongleRefused):
            await dongle.open_interpan(CHANNEL, PAN_ID)
        assert not dongle.lost.is_set()


async def test_firmware_whose_mac_filters_let_nothing_through_hears_at_the_second_attempt() -> None:
    """As reported of firmware after EmberZNet 7.1.1; what works is kept to."""
    async with lab() as at, opened(at) as dongle:
        at.node.on_raw = None
        heard = [await hears_the_hub(at, dongle, bytes([number])) for number in range(4)]
    assert heard == [False, True, True, True]


async def test_mac_filters_that_work_are_kept_to_and_acknowledge() -> None:
    async with lab() as at, opened(at) as dongle:
        for number in range(3):
            assert await hears_the_hub(at, dongle, bytes([number]))
        await dongle.open_interpan(CHANNEL, PAN_ID)
        assert at.hub.send_raw(interpan(b"acknowledged", HUB, HHT))


async def test_a_way_of_reception_can_be_insisted_on() -> None:
    async with lab() as at, opened(at, reception="mac-filter") as dongle:
        without(at, "setValue")
        with pytest.raises(DongleRefused):
            await dongle.open_interpan(CHANNEL, PAN_ID)


@pytest.mark.parametrize("version", [8, 14])
async def test_a_member_has_its_parent_polled_where_the_firmware_can(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        polls: list[int] = []
        commands = at.server.device.ezsp.commands
        poll = commands["pollForData"]
        commands["pollForData"] = lambda fields: polls.append(fields["interval"]) or poll(fields)
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)
        assert polls == [240]
        without(at, "pollForData")
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)


@pytest.mark.parametrize("version", [8, 14])
async def test_a_join_drops_old_keys_and_takes_only_an_encrypted_network_key(version: int) -> None:
    async with lab(version) as at, opened(at) as dongle:
        asked: list[tuple[str, Any]] = []
        commands = at.server.device.ezsp.commands
        for name in ("clearKeyTable", "setInitialSecurityState", "joinNetwork"):
            commands[name] = partial(record, asked, name, commands[name])
        await dongle.join(await hub_beacon(dongle), LINK_KEY, timeout=5)
    assert [name for name, _ in asked] == [
        "clearKeyTable",
        "setInitialSecurityState",
        "joinNetwork",
    ]
    state = asked[1][1]["state"]
    assert state.bitmask == 0x0900  # preconfigured key, encrypted network key required
    assert state.preconfiguredKey.serialize() == LINK_KEY
    assert asked[2][1]["nodeType"] == 3  # an end device


def record(asked: list[tuple[str, Any]], name: str, command: Any, fields: Any) -> Any:
    asked.append((name, fields))
    return command(fields)


@pytest.mark.parametrize("status", ["CHANNEL_CHANGED", "NETWORK_CLOSED", "NODE_ID_CHANGED"])
async def test_a_network_that_only_changes_is_not_lost(status: str) -> None:
    import bellows.types as t

    async with lab(8) as at, joined(at) as dongle:
        dongle.link.callback("stackStatusHandler", {"status": getattr(t.EmberStatus, status)})
        assert await dongle.discover_endpoint(TUNNELING) == HUB_ENDPOINT


async def test_line_noise_costs_time_but_no_message() -> None:
    async with lab() as at, joined(at) as dongle:
        at.server.faults.luck.seed(7)
        at.server.faults.noise = 0.0005
        for number in range(30):
            payload = bytes([number]) * 60
            await dongle.send_unicast(
                TUNNELING, payload, endpoint=HUB_ENDPOINT, aps_encryption=True, timeout=20
            )
            assert at.heard_by_hub[-1].payload == payload


def test_importing_the_dongle_does_not_import_bellows() -> None:
    import subprocess
    import sys

    code = "import sys, hht.radio.dongle; sys.exit('bellows' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_opening_over_a_socket_does_not_wait_for_two_seconds() -> None:
    async with lab() as at:
        start = virtual_loop().time()
        async with opened(at):
            assert virtual_loop().time() - start < 1
