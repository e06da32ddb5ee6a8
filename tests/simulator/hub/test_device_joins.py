"""A premises' own Devices on the air: joining, agreeing keys, coming back, and why that fails."""

from dataclasses import replace
from functools import partial

import pytest
from hub_stage import Stage, all_received, copy_of, stage
from radio_bench import until
from tshark_judge import complaints, fields

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import JoinResult
from hht.gbcs.message import Cra
from hht.simulator.air.air import Link
from hht.simulator.air.pcap import PcapWriter
from hht.simulator.stack.node import JoinReason, RadioNode

JOIN_SECONDS = 3600
UNREACHABLE = Link(loss=1.0)
NEIGHBOUR = EntityId.parse("90-B3-D5-1F-30-A0-B3-F1")


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


def entity(on: Stage, label: str) -> EntityId:
    return on.site.device(label).entity_id


async def let_in(on: Stage, *labels: str):
    tunnel = await on.connect()
    for label in labels:
        await on.answer_to(tunnel, on.commands()[f"ccs01-{label.lower()}"])
        await until(partial(on.hub.premises.is_present, entity(on, label)))
    await all_received(tunnel)
    return tunnel


@pytest.mark.tshark
async def test_a_device_scans_associates_and_agrees_keys_with_hub_and_partner_for_all_to_read(
    own_site, tmp_path
):
    pcap = tmp_path / "joins.pcap"
    async with stage(own_site) as on:
        capture = PcapWriter.on(on.air, pcap)
        on.air.show_key("network key", on.hub.node.network.key)
        tunnel = await let_in(on, "ESME", "PPMID")
        command = next(v for k, v in on.commands().items() if k.startswith("cs03a1"))
        response, _ = await on.answer_to(tunnel, command)
        assert response.payload == der.encode_node(der.integer(JoinResult.SUCCESS))
        capture.close()
        esme, ppmid = (bytes(entity(on, each)).hex(":") for each in ("ESME", "PPMID"))
        shorts = {f"0x{on.hub.node.children[entity(on, e)]:04x}" for e in ("ESME", "PPMID")}
    assert complaints(pcap, "!(zbee_aps.type == 3 && zbee_aps.security == 1)") == []
    asked = fields(pcap, "wpan.src64", only="wpan.cmd == 1")
    assert {esme, ppmid} <= {row["wpan.src64"] for row in asked}
    keys = "zbee_zcl.cs.cmd.id == 0 && zbee_aps.cluster == 0x0800"
    begun = {
        (row["zbee_nwk.src"], row["zbee_nwk.dst"])
        for row in fields(pcap, "zbee_nwk.src", "zbee_nwk.dst", only="zbee_aps.cluster == 0x0800")
    }
    assert {(short, "0x0000") for short in shorts} <= begun, keys
    assert any({one, other} == shorts for one, other in begun), "CBKE between the two Devices"


async def test_a_device_out_of_range_does_not_join_until_it_is_heard(own_site):
    async with stage(own_site) as on:
        esme = entity(on, "ESME")
        on.air.set_link(esme, on.hub.node.eui64, UNREACHABLE)
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        radio = on.hub.radios.radios[esme]
        await until(lambda: radio.last is JoinReason.NO_BEACON)
        assert not on.hub.premises.in_han(esme)
        on.air.set_link(esme, on.hub.node.eui64, Link())
        on.air.clock.advance(10)
        await until(lambda: on.hub.premises.is_present(esme))


async def test_a_device_that_hears_only_a_neighbours_hub_at_first_looks_again(own_site):
    async with stage(own_site) as on:
        esme, neighbour = entity(on, "ESME"), RadioNode(on.air, NEIGHBOUR)
        neighbour.form(20, 0x1111, NEIGHBOUR, bytes(16))
        on.air.set_link(esme, on.hub.node.eui64, UNREACHABLE)
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        radio = on.hub.radios.radios[esme]
        await until(lambda: radio.last is JoinReason.NOT_PERMITTED)
        on.air.set_link(esme, on.hub.node.eui64, Link())
        on.air.clock.advance(10)
        await until(lambda: on.hub.premises.is_present(esme))


async def test_a_device_that_is_switched_on_after_the_joining_time_finds_no_open_network(own_site):
    async with stage(own_site) as on:
        esme = entity(on, "ESME")
        on.hub.premises.switch(esme, on=False)
        on.hub.deliver_by_wan(on.commands()["ccs01-esme"].raw)
        assert on.hub.node.find_join_key is not None
        on.air.clock.advance(JOIN_SECONDS + 1)
        await until(lambda: on.hub.node.find_join_key is None)
        on.hub.premises.switch(esme, on=True)
        radio = on.hub.radios.radios[esme]
        await until(lambda: radio.last is JoinReason.NOT_PERMITTED)
        assert not on.hub.premises.in_han(esme)


async def test_a_device_whose_certificate_names_another_unit_is_not_let_in(own_site):
    async with stage(own_site) as on:
        esme, other = entity(on, "ESME"), entity(on, "PPMID")
        radio = on.hub.radios.radios[esme]
        radio.keys.identity = lambda: replace(own_site.authority.identity(other), entity_id=esme)
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        await until(lambda: radio.last is JoinReason.NO_LINK_KEY)
        assert not on.hub.premises.in_han(esme)
        assert "left" not in {entry["what"] for entry in on.hub.log.entries}, "no HHT has left"


async def test_a_partner_that_is_not_in_the_han_makes_the_join_answer_no_cbke_response(own_site):
    async with stage(own_site) as on:
        tunnel = await let_in(on, "ESME")
        command = next(v for k, v in on.commands().items() if k.startswith("cs03a1"))
        await tunnel.send(command.raw)
        await until(lambda: not on.hub.premises.is_ready(entity(on, "ESME")))
        on.air.clock.advance(5)
        answers = [m for m in await all_received(tunnel) if m.cra is Cra.RESPONSE]
        assert [m.payload for m in answers] == [
            der.encode_node(der.integer(JoinResult.NO_CBKE_RESPONSE))
        ]


async def test_commands_to_a_device_that_agrees_a_key_wait_for_their_turn(own_site):
    async with stage(own_site) as on:
        tunnel = await let_in(on, "ESME", "PPMID")
        commands = on.commands()
        join = next(v for k, v in commands.items() if k.startswith("cs03a1"))
        await tunnel.send(join.raw)
        await tunnel.send(commands["cs07-esme"].raw)
        heard = [m for m in await all_received(tunnel) if m.cra is Cra.RESPONSE]
        assert [m.message_code for m in heard] == [0x000D, 0x0013]
        assert bytes(entity(on, "PPMID")) in heard[1].payload


async def test_after_a_power_cut_of_the_hub_devices_rejoin_with_the_keys_that_they_hold(own_site):
    async with stage(own_site) as on:
        await let_in(on, "ESME", "PPMID")
        esme = entity(on, "ESME")
        before = on.hub.premises.chf.device_log.entries[esme].link_key
        on.hub.power_cut(5)
        assert not on.hub.premises.is_present(esme)
        on.air.clock.advance(6)
        await until(lambda: on.hub.premises.is_present(esme))
        assert esme in on.hub.node.children
        assert on.hub.premises.chf.device_log.entries[esme].link_key == before


async def test_a_device_taken_out_of_the_log_is_ordered_to_leave(own_site):
    async with stage(own_site) as on:
        await let_in(on, "PPMID")
        ppmid = entity(on, "PPMID")
        on.hub.premises.chf.device_log.remove(ppmid)
        on.hub.members.send_away()
        radio = on.hub.radios.radios[ppmid]
        await until(lambda: not radio.node.joined)
        assert not radio.member
        assert ppmid not in on.hub.node.children


async def test_a_display_that_sleeps_stays_awake_after_it_joined_and_then_finds_what_waits(
    own_site,
):
    asleep = {"PPMID": {"wake_minutes": 30.0, "awake_minutes": 10.0}}
    devices = tuple(
        replace(each, spec=replace(each.spec, **asleep.get(each.spec.type, {})))
        for each in own_site.devices
    )
    async with stage(replace(own_site, devices=devices)) as on:
        tunnel = await let_in(on, "ESME", "PPMID")
        ppmid, clock = entity(on, "PPMID"), on.air.clock
        radio, read = on.hub.radios.radios[ppmid], on.commands()["cs07-ppmid"]
        await until(lambda: radio.member)
        assert radio.node.powered
        clock.advance(10 * 60)
        await until(lambda: not radio.node.powered)
        await tunnel.send(read.raw)
        await until(lambda: on.hub.premises.waiting_for(ppmid) == 1)
        clock.advance(on.profile.response_seconds + 1)
        assert on.hub.premises.waiting_for(ppmid) == 1
