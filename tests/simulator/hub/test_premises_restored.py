"""CCS03: a hub takes over another's CHF Device Log and forms its HAN again, without the HHT."""

import asyncio
import contextlib
from dataclasses import replace

import pytest
from hub_stage import Stage, all_received, copy_of, received, stage
from patience import PATIENCE
from radio_bench import until

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import outcome_of
from hht.session.admission import admission
from hht.session.discovery import HubSeen, find_hubs
from hht.session.errors import SessionError
from hht.session.han_membership import Han
from hht.session.membership import agree_han_key, join_han
from hht.session.tunnel import Tunnel
from hht.session.tunnel_opening import open_tunnel
from hht.simulator.head_end.compose import payloads
from hht.simulator.head_end.compose.envelope import Address, protect
from hht.simulator.pki.remote_parties import PARTIES

OLD_NETWORK = EntityId.parse("00-DB-00-00-00-00-77-A3")
COUNTER = 10**13


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


def ccs03(on: Stage, hashes: dict[EntityId, bytes]) -> bytes:
    """The restored log, from the broker on behalf of the supplier."""
    broker, supplier = PARTIES[Role.ACCESS_CONTROL_BROKER], PARTIES[Role.SUPPLIER]
    address = Address(broker, on.site.spec.hub.chf, COUNTER, behalf=(supplier, COUNTER))
    payload = payloads.restore_log(COUNTER, OLD_NETWORK, hashes)
    return protect(address, payloads.CCS03, payload, on.site.keys, critical=False)


async def meters_in(on: Stage) -> Tunnel:
    tunnel = await on.connect()
    for name in ("ccs01-esme", "ccs01-gsme"):
        await on.answer_to(tunnel, on.commands()[name])
    await all_received(tunnel)
    return tunnel


def hashes_of(on: Stage) -> dict[EntityId, bytes]:
    entries = on.hub.premises.chf.device_log.entries
    return {entity: entry.key_hash for entity, entry in entries.items()}


async def restore(on: Stage, tunnel: Tunnel, hashes: dict[EntityId, bytes]) -> Message:
    """The Response to CCS03, and the old network is gone."""
    await tunnel.send(ccs03(on, hashes))
    messages = [await received(tunnel)]
    while messages[-1].cra is not Cra.RESPONSE:
        messages.append(await received(tunnel))
    on.air.clock.advance(2)
    await until(lambda: on.hub.node.extended_pan_id == OLD_NETWORK)
    return messages[-1]


async def until_ended(tunnel: Tunnel) -> None:
    async with asyncio.timeout(PATIENCE):
        with contextlib.suppress(SessionError):
            while True:
                await tunnel.receive()
                tunnel.confirm()


async def connect_again(on: Stage) -> Tunnel:
    """Under the restored Extended PAN ID; the hub's radio address is its label's as ever."""
    place, gpf = on.site.spec.hub.place, on.site.spec.hub.gpf
    hubs = await find_hubs(on.dongle, [place.channel])
    (beacon,) = (hub.beacon for hub in hubs if hub.gpf == OLD_NETWORK)
    by_label = HubSeen(replace(beacon, extended_pan_id=gpf))
    async with admission(on.dongle, by_label, on.identity, on.profile) as asking:
        await asking.agree_link_key()
        await asking.register(on.site.spec.hub.chf)
    await join_han(on.dongle, HubSeen(replace(beacon, allowing_join=True)), on.identity)
    han = Han(on.dongle, by_label)
    await agree_han_key(han, on.identity)
    return await open_tunnel(han, on.profile)


async def test_the_network_is_formed_again_under_the_restored_extended_pan_id(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        pan_id, key = on.hub.node.pan_id, on.hub.node.network.key
        response = await restore(on, tunnel, hashes_of(on))
        assert outcome_of(response).positive
        assert on.hub.node.pan_id != pan_id
        assert on.hub.node.network.key != key
        hubs = await find_hubs(on.dongle, [on.site.spec.hub.place.channel])
        assert [hub.gpf for hub in hubs] == [OLD_NETWORK]


async def test_the_hht_is_thrown_out_and_comes_in_again_from_outside(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        await restore(on, tunnel, hashes_of(on))
        await until_ended(tunnel)
        assert on.hub.premises.hhts == []
        assert own_site.hht not in on.hub.premises.chf.device_log.entries
        assert on.hub.node.children == {}
        tunnel = await connect_again(on)
        await all_received(tunnel)
        response, _ = await on.answer_to(tunnel, on.commands()["ecs70-esme"])
        assert response.originator == own_site.device("ESME").entity_id


async def test_devices_come_back_by_the_key_they_hold_and_by_no_other(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        esme, gsme, ppmid = (own_site.device(n).entity_id for n in ("ESME", "GSME", "PPMID"))
        log = on.hub.premises.chf.device_log
        before = log.entries[esme].link_key
        hashes = hashes_of(on) | {gsme: bytes(16), ppmid: bytes(16)}
        await restore(on, tunnel, hashes)
        await until(lambda: on.hub.premises.is_present(esme))
        assert log.entries[esme].link_key != before, "the Trust Centre gave it another"
        assert not on.hub.premises.is_present(gsme)
        assert not on.hub.premises.is_present(ppmid)
        assert log.entries[gsme].key_hash == bytes(16)


async def test_a_device_that_was_off_comes_back_when_it_is_on(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        esme = own_site.device("ESME").entity_id
        on.hub.premises.switch(esme, on=False)
        await restore(on, tunnel, hashes_of(on))
        assert not on.hub.premises.is_present(esme)
        on.hub.premises.switch(esme, on=True)
        await until(lambda: on.hub.premises.is_present(esme))


async def test_an_hht_of_the_restored_log_is_let_in_as_an_hht(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        hashes = hashes_of(on)
        on.hub.end_residency()
        await tunnel.stop()
        await on.dongle.leave()
        on.hub.deliver(ccs03(on, hashes))
        on.air.clock.advance(2)
        await until(lambda: on.hub.node.extended_pan_id == OLD_NETWORK)
        await connect_again(on)
        assert on.hub.premises.hhts == [own_site.hht]


async def test_a_hub_killed_before_it_formed_its_network_again_does_so_when_it_is_back(own_site):
    async with stage(own_site) as on:
        tunnel = await meters_in(on)
        await tunnel.send(ccs03(on, hashes_of(on)))
        await until(lambda: on.hub.premises.chf.device_log.restored)
    async with stage(own_site) as on:
        on.air.clock.advance(2)
        await until(lambda: on.hub.node.extended_pan_id == OLD_NETWORK)
        meter = own_site.device("ESME").entity_id
        await until(lambda: on.hub.premises.is_present(meter))
        key = on.hub.node.network.key
    async with stage(own_site) as on:
        assert on.hub.node.extended_pan_id == OLD_NETWORK
        assert on.hub.node.network.key == key
