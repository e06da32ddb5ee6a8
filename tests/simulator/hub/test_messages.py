"""GBCS messages through the hub: to the Devices and back, by the tunnel, whatever happens."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from hub_stage import Stage, all_received, copy_of, received, stage
from radio_bench import settled, until

from hht.gbcs.correlation import CorrelationKey, key_of
from hht.gbcs.message import Cra, Message
from hht.hub_profile import load_profile
from hht.session.errors import SessionError, TunnelRefused
from hht.session.tunnel import Tunnel
from hht.session.tunnel_opening import open_tunnel
from hht.simulator.air.air import Link
from hht.simulator.devices.core.device import Device
from hht.simulator.site.spec import Fault
from hht.simulator.stack.layers.trust_centre import HEARD_SECONDS
from hht.zse import gbt
from hht.zse.gbt import Block, decode_block
from hht.zse.gbt_reassembly import Reassembler
from hht.zse.tunneling import (
    RequestTunnel,
    RequestTunnelResponse,
    TransferData,
    TransferDataError,
    TransferStatus,
    TunnelClosure,
    TunnelStatus,
    decode_tunnel_command,
)
from hht.zse.zcl import TUNNELING, ZclFrame

HOUR = 3600
FORGETS = {"repeats_in_new_tunnel": False}


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


def codes(messages: list[Message]) -> list[str]:
    """Which alerts: CS14, or the code of a generic one."""
    return ["CS14" if each.message_code == 0x18 else alert_code(each) for each in messages]


def alert_code(alert: Message) -> str:
    known = ("8183", "8f3e", "8f84", "819d", "8f1e")
    return next(code for code in known if code in alert.payload.hex())


async def keys_received(tunnel: Tunnel) -> set[CorrelationKey]:
    """Which Commands were answered by what comes now."""
    return {key_of(each) for each in await all_received(tunnel) if each.cra is Cra.RESPONSE}


async def test_a_command_for_the_chf_is_answered_by_it(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        command = on.commands()["ccs01-esme"]
        response, _ = await on.answer_to(tunnel, command)
        assert response.originator == own_site.spec.hub.chf
        assert response.recipient == command.message.originator
        assert response.counter == command.message.counter
        assert response.mac


async def test_a_meter_let_in_joins_and_the_hht_hears_of_it(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        alerts = await all_received(tunnel)
        assert codes(alerts) == ["CS14", "CS14", "8183"]
        meter = own_site.device("ESME").entity_id
        assert on.hub.premises.is_present(meter)
        assert alerts[-1].originator == meter


async def test_every_command_of_the_job_gets_its_response(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        for command in on.commands().values():
            response, _ = await on.answer_to(tunnel, command)
            assert response.originator == command.message.recipient
        joined = on.hub.premises.fleet.joining[own_site.spec.hub.gpf].device_log.entries
        assert set(joined) == {own_site.device(each).entity_id for each in ("GSME", "PPMID")}


async def test_alerts_are_not_copied_where_the_profile_says_so(own_site):
    async with stage(own_site, copies_to_hht=False) as on:
        tunnel = await on.connect()
        _, alerts = await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        assert alerts + await all_received(tunnel) == []


async def test_a_command_that_comes_twice_is_executed_once(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        command = on.commands()["ccs01-esme"]
        await on.answer_to(tunnel, command)
        await all_received(tunnel)
        entries = len(on.hub.premises.chf.device_log.entries)
        await tunnel.send(command.raw)
        messages = await all_received(tunnel)
        assert [each.cra for each in messages] == [Cra.ALERT]
        assert codes(messages) == ["8f3e"]
        assert len(on.hub.premises.chf.device_log.entries) == entries


async def test_what_is_for_nobody_here_gets_no_answer(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        stranger = replace(on.commands()["ccs01-esme"].message, recipient=own_site.hht)
        await tunnel.send(stranger.encode())
        await tunnel.send(b"\xdd junk")
        assert await all_received(tunnel) == []


async def test_a_command_waits_for_a_device_that_is_off(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        meter = own_site.device("ESME").entity_id
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        await all_received(tunnel)
        on.hub.premises.switch(meter, on=False)
        await tunnel.send(on.commands()["ecs70-esme"].raw)
        assert await all_received(tunnel) == []
        on.hub.premises.switch(meter, on=True)
        assert (await received(tunnel)).cra is Cra.RESPONSE


async def test_a_command_that_waited_too_long_lapses_and_the_chf_says_so(own_site):
    async with stage(own_site, residency_hours=100) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        for name in ("ecs70-esme", "gcs28-gsme"):
            await tunnel.send(on.commands()[name].raw)
        assert await all_received(tunnel) == []
        on.air.clock.advance(on.profile.response_seconds + 1)
        assert codes(await all_received(tunnel)) == ["8f84"]
        on.air.clock.advance(on.profile.gsme_response_hours * HOUR)
        assert codes(await all_received(tunnel)) == ["819d"]


async def test_a_gsme_answers_when_it_wakes(own_site):
    asleep = tuple(
        replace(each, spec=replace(each.spec, wake_minutes=30 if each.spec.type == "GSME" else 0))
        for each in own_site.devices
    )
    async with stage(replace(own_site, devices=asleep)) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-gsme"])
        await all_received(tunnel)
        await tunnel.send(on.commands()["gcs28-gsme"].raw)
        assert await all_received(tunnel) == []
        on.air.clock.advance(31 * 60)
        assert (await received(tunnel)).cra is Cra.RESPONSE


async def test_a_meter_with_another_install_code_does_not_join(own_site):
    wrong = tuple(replace(each, install_code=bytes(16)) for each in own_site.devices)
    async with stage(replace(own_site, devices=wrong)) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        assert codes(await all_received(tunnel)) == ["CS14"]
        on.air.clock.advance(HEARD_SECONDS)
        assert not on.hub.premises.is_present(own_site.device("ESME").entity_id)
        log = on.hub.premises.chf.log
        await until(lambda: any(entry.code == 0x8F48 for entry in log))


def large(on: Stage, size: int = 4000) -> Message:
    command = on.commands()["ccs01-esme"].message
    return replace(command, payload=bytes(size))


async def test_a_large_command_comes_in_blocks(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        await tunnel.send(large(on).encode())
        alerts = await all_received(tunnel)
        assert len(alerts) == 1
        assert "MAC" in on.hub.premises.chf.log[-1].text


async def test_a_large_message_for_the_hht_goes_in_blocks(own_site):
    async with stage(own_site, **FORGETS) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.hub.tunnels.outbox.append(large(on).encode())
        on.hub.tunnels.flush()
        assert await received(tunnel) == large(on)
        await until(lambda: on.hub.tunnels.outbox == [])


async def test_a_lost_block_is_sent_again(own_site, monkeypatch):
    async with stage(own_site, gbt_timeout_seconds=1) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        taken = Reassembler.feed
        lost: list[Block] = []

        def feed(self: Reassembler, raw: bytes) -> bytes | None:
            block = decode_block(raw)
            if not lost and block.number == 2:
                lost.append(block)
                self.answer, self.faults = None, []
                return None
            return taken(self, raw)

        monkeypatch.setattr(Reassembler, "feed", feed)
        on.hub.tunnels.outbox.append(large(on).encode())
        on.hub.tunnels.flush()
        assert await received(tunnel) == large(on)
        assert lost


async def test_an_hht_is_thrown_out_after_eighteen_hours(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        on.air.clock.advance(18 * HOUR - 60)
        assert on.hub.premises.hhts == [own_site.hht]
        on.air.clock.advance(61)
        with pytest.raises(SessionError, match="ended"):
            await asyncio.wait_for(tunnel.receive(), 5)
        assert on.hub.premises.hhts == []
        assert own_site.hht not in on.hub.node.children


async def test_a_power_cut_ends_the_membership_and_keeps_what_was_not_delivered(own_site):
    async with stage(own_site, **FORGETS) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        await all_received(tunnel)
        command = on.commands()["ecs70-esme"]
        on.hub.tunnels.close()
        on.hub.deliver(command.raw)
        on.hub.power_cut(5)
        assert on.hub.premises.hhts == []
        on.air.clock.advance(6)
        await until(lambda: on.hub.node.powered)
        await on.dongle.leave()
        tunnel = await on.connect()
        assert key_of(command.message) in await keys_received(tunnel)
        assert on.hub.premises.is_present(own_site.device("ESME").entity_id)


async def test_a_hub_made_again_over_its_memory_is_the_same_hub(own_site):
    async with stage(own_site, **FORGETS) as on:
        tunnel = await on.connect()
        for name in ("ccs01-esme", "ccs01-gsme"):
            await on.answer_to(tunnel, on.commands()[name])
        await all_received(tunnel)
        on.hub.tunnels.close()
        undelivered = on.commands()["ecs70-esme"]
        on.hub.deliver(undelivered.raw)
        before = on.hub
        commands = on.commands()
    async with stage(own_site, **FORGETS) as on:
        after = on.hub
        assert after.premises.hhts == []
        meters = [own_site.device(name).entity_id for name in ("ESME", "GSME")]
        await until(lambda: all(map(after.premises.is_present, meters)))
        for device in before.premises.fleet:
            entity = device.entity_id
            assert after.premises.in_han(entity) == before.premises.in_han(entity)
            again = after.premises.fleet[entity]
            assert isinstance(again, Device)
            assert again.counters == device.counters
        assert after.node.network.frame_counter > before.node.network.frame_counter
        tunnel = await on.connect()
        assert key_of(undelivered.message) in await keys_received(tunnel)
        await tunnel.send(commands["ecs70-esme"].raw)
        assert codes(await all_received(tunnel)) == ["8f3e"]


@pytest.mark.parametrize("repeats", [False, True])
async def test_what_a_dead_handheld_may_not_have_read_comes_again_where_a_hub_repeats(
    own_site, repeats
):
    async with stage(own_site, repeats_in_new_tunnel=repeats) as on:
        first = await on.connect()
        response, _ = await on.answer_to(first, on.commands()["ccs01-esme"])
        await all_received(first)
        kept, waiting = bool(on.hub.tunnels.outbox), on.hub.tunnels.waiting
        assert (kept, waiting) == (repeats, 0), "what was sent waits for nothing, kept or not"
        await first.stop()
        second = await open_tunnel(on.han, on.profile)
        assert (response in await all_received(second)) == repeats
        await second.close()
        third = await open_tunnel(on.han, on.profile)
        assert await all_received(third) == []


async def test_what_a_device_does_at_a_later_time_is_reported_to_the_hht(own_site, monkeypatch):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        alerts = await all_received(tunnel)
        later = iter([[alerts[0].encode()]])
        monkeypatch.setattr(on.hub.premises.fleet, "tick", lambda now: next(later, []))
        on.air.clock.advance(11)
        assert await all_received(tunnel) == [alerts[0]]


async def test_the_device_log_shows_how_well_each_device_is_heard(own_site):
    async with stage(own_site) as on:
        on.air.set_link(own_site.hht, on.hub.node.eui64, Link(lqi=99, rssi=-77))
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-gsme"])
        meter = own_site.device("GSME")
        await until(lambda: on.hub.premises.is_present(meter.entity_id))
        entries = on.hub.premises.chf.device_log.entries
        heard = {entity: entry.quality for entity, entry in entries.items()}
        assert heard[own_site.hht].rssi[1] == -77
        assert heard[own_site.hht].lqi[1] == 99
        assert heard[meter.entity_id].rssi[1] == meter.spec.rssi
        assert all(quality.last_heard for quality in heard.values())


async def test_a_tunnel_may_be_refused(own_site):
    async with stage(own_site, busy_retry_seconds=0) as on:
        on.hub.tunnels.status = TunnelStatus.BUSY
        with pytest.raises(TunnelRefused, match="BUSY"):
            await on.connect()


async def test_a_hub_may_ask_for_the_tunnel_itself(own_site):
    async with stage(own_site, tunnel_hub_opens=True) as on:
        tunnel = await on.connect()
        response, _ = await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        assert response.cra is Cra.RESPONSE


async def test_messages_may_have_a_header_byte_each_way(own_site):
    async with stage(own_site, tunnel_header=True) as on:
        tunnel = await on.connect()
        response, _ = await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        assert response.cra is Cra.RESPONSE


async def test_a_tunnel_opened_again_replaces_the_old_one(own_site):
    async with stage(own_site) as on:
        first = await on.connect()
        await all_received(first)
        await first.stop()
        second = await open_tunnel(on.han, on.profile)
        assert second.number != first.number
        response, _ = await on.answer_to(second, on.commands()["ccs01-esme"])
        assert response.cra is Cra.RESPONSE


class Line:
    """A tunnel server without a radio: what it sent, and to whom it delivered."""

    def __init__(self, own_site, **changes):
        from hht.clock import ScaledClock
        from hht.simulator.hub.tunnel_server import TunnelServer

        self.sent = []
        self.delivered: list[bytes] = []
        profile = replace(load_profile(), **changes)
        clock = ScaledClock()
        self.server = TunnelServer(profile, clock, self.send, self.delivered.append, lambda: None)

    async def send(self, hht, frame: ZclFrame) -> bool:
        self.sent.append((hht, decode_tunnel_command(frame)))
        return True

    async def take(self, hht, command):
        self.server.handle(hht, command, 9)
        await settled()
        return self.sent[-1][1]


async def test_a_tunnel_is_granted_as_asked_or_refused_with_the_reason(own_site):
    line, hht, other = Line(own_site), own_site.hht, own_site.spec.hub.chf
    for request, status in (
        (RequestTunnel(protocol=1), TunnelStatus.PROTOCOL_NOT_SUPPORTED),
        (RequestTunnel(flow_control=True), TunnelStatus.FLOW_CONTROL_NOT_SUPPORTED),
        (RequestTunnel(), TunnelStatus.SUCCESS),
    ):
        answer = await line.take(hht, request)
        assert isinstance(answer, RequestTunnelResponse)
        assert answer.status == status
    assert (await line.take(other, RequestTunnel())).status == TunnelStatus.NO_MORE_TUNNEL_IDS
    line.server.close()


async def test_data_outside_a_tunnel_or_over_its_size_is_refused(own_site):
    line, hht = Line(own_site), own_site.hht
    error = await line.take(hht, TransferData(7, b"\xdd\x00"))
    assert error == TransferDataError(7, TransferStatus.NO_SUCH_TUNNEL, from_server=True)
    tunnel = (await line.take(hht, RequestTunnel())).tunnel
    error = await line.take(hht, TransferData(tunnel, b"\xdd" + bytes(1500)))
    assert error.status == TransferStatus.DATA_OVERFLOW
    await line.take(hht, TransferData(tunnel, b"\xddmessage"))
    assert line.delivered == [b"\xddmessage"]
    line.server.end()
    await settled()
    assert line.sent[-1][1] == TunnelClosure(tunnel)
    line.server.close()


async def test_the_tunnel_answers_nobody_without_an_established_key(own_site):
    async with stage(own_site) as on:
        await all_received(await on.connect())
        heard: list[ZclFrame] = []
        on.node.on_message = lambda got: heard.append(ZclFrame.decode(got.payload))
        request = RequestTunnel().frame(1).encode()
        for forgotten in (False, True):
            if forgotten:
                on.hub.han.forget(own_site.hht)
            key = on.node.link_keys[on.hub.node.eui64] if forgotten else None
            await on.node.send_unicast(
                0, TUNNELING, request, source_endpoint=1, destination_endpoint=2, aps_key=key
            )
        await until(lambda: len(heard) == 2)
        assert [frame.payload.hex() for frame in heard] == ["007e", "007e"]


async def test_the_hub_says_what_it_is_when_asked(own_site):
    async with stage(own_site) as on:
        await all_received(await on.connect())
        heard: list[bytes] = []
        on.node.on_message = lambda got: heard.append(got.payload)
        for cluster, asked in ((0x0000, "11000400"), (0x0800, "0000")):
            read = bytes.fromhex("000500" + asked)
            await on.node.send_unicast(0, cluster, read, source_endpoint=1, destination_endpoint=2)
        await until(lambda: len(heard) == 2)
        assert [raw.hex() for raw in heard] == [
            "180501" + "1100003001" + "040086",
            "180501" + "0000001902" + "00",
        ]


def fault(what: str, after: str, **changes: Any) -> Fault:
    return replace(Fault(what, after, 1, 0, 0, "", 15, 0), **changes)


async def with_faults(own_site, *faults: Fault):
    from hht.simulator.hub.faults.in_force import Faults

    spec = replace(own_site.spec, faults=faults)
    return replace(own_site, spec=spec), Faults


async def test_faults_happen_at_their_moment_and_end(own_site):
    chosen, faults = await with_faults(
        own_site,
        fault("noise", "admitted", level=-20, duration=60),
        fault("device-off", "admitted", device="ESME", duration=60),
        fault("drop-frames", "admitted", level=0.5, duration=60),
        fault("wan-returns", "admitted"),
        fault("window-closed", "admitted", seconds=100),
    )
    async with stage(chosen) as on:
        faults(on.hub, on.air, chosen)
        ends = on.hub.node.eui64, chosen.hht
        meter = chosen.device("ESME").entity_id
        on.hub.milestones.reached("admitted")
        await settled()
        assert on.air.interference == {15: -20}
        assert on.air.link(*ends).loss == 0.5
        assert meter in on.hub.premises.switched_off
        assert on.hub.wan
        on.air.clock.advance(61)
        await settled()
        assert on.air.interference == {}
        assert on.air.link(*ends).loss == 0
        assert meter not in on.hub.premises.switched_off
        assert on.hub.window_seconds_left
        on.air.clock.advance(61)
        await settled()
        assert on.hub.window_seconds_left == 0


async def test_a_power_cut_in_the_middle_of_a_job_can_be_worked_through(own_site):
    chosen, faults = await with_faults(own_site, fault("power-cut", "command", number=2))
    async with stage(chosen, **FORGETS) as on:
        faults(on.hub, on.air, chosen)
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        await all_received(tunnel)
        command = on.commands()["ccs01-gsme"]
        await tunnel.send(command.raw)
        await until(lambda: not on.hub.node.powered)
        await tunnel.stop()
        on.air.clock.advance(6)
        await until(lambda: on.hub.node.powered)
        await on.dongle.leave()
        tunnel = await on.connect()
        await until(lambda: on.hub.premises.is_present(own_site.device("ESME").entity_id))
        gsme = own_site.device("GSME").entity_id
        assert not on.hub.premises.in_han(gsme), "joining has ended with the power"
        assert key_of(command.message) in await keys_received(tunnel)


def test_blocks_of_the_stand_in_fit_its_tunnel(own_site):
    profile = load_profile()
    message = Message(Cra.COMMAND, 1, own_site.hht, own_site.hht, 1, bytes(9000)).encode()
    blocks = gbt.split(message, profile.gbt_block_size)
    assert max(map(len, blocks)) <= profile.tunnel_max_transfer
