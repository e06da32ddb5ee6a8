"""The WAN comes back in the middle: what the DCC delivers itself is a replay from the HHT."""

from dataclasses import replace

import pytest
from hub_stage import Stage, all_received, copy_of, received, stage

from hht.gbcs.correlation import key_of
from hht.gbcs.message import Cra, Message
from hht.simulator.hub.faults.in_force import Faults
from hht.simulator.site.spec import Fault, Step

NAP = 30 * 60


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


def answers(messages: list[Message]) -> list[Message]:
    return [each for each in messages if each.cra is Cra.RESPONSE]


def by_wan(on: Stage, name: str) -> Message:
    command = on.commands()[name]
    on.hub.deliver_by_wan(command.raw)
    return command.message


async def test_an_hht_that_hears_everything_hears_the_answer_to_the_wan_too(own_site):
    async with stage(own_site) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        command = by_wan(on, "ccs01-esme")
        assert [key_of(each) for each in answers(await all_received(tunnel))] == [key_of(command)]


async def test_else_the_answer_goes_to_the_wan_and_to_no_hht(own_site):
    async with stage(own_site, copies_to_hht=False) as on:
        tunnel = await on.connect()
        by_wan(on, "ccs01-esme")
        assert await all_received(tunnel) == []
        assert on.hub.premises.is_present(own_site.device("ESME").entity_id)
        found = [(row["what"], row.get("by")) for row in on.hub.log.entries]
        assert ("command", "WAN") in found
        assert ("response", None) in found


async def test_the_same_command_from_the_hht_is_a_replay_which_nobody_answers(own_site):
    async with stage(own_site) as on:
        by_wan(on, "ccs01-esme")
        by_wan(on, "ecs70-esme")
        tunnel = await on.connect()
        await all_received(tunnel)
        await tunnel.send(on.commands()["ecs70-esme"].raw)
        messages = await all_received(tunnel)
        assert [each.cra for each in messages] == [Cra.ALERT]
        assert "8f3e" in messages[0].payload.hex()
        assert messages[0].originator == own_site.device("ESME").entity_id


async def test_a_command_that_the_hht_was_first_with_is_refused_to_the_wan(own_site):
    async with stage(own_site, copies_to_hht=False) as on:
        tunnel = await on.connect()
        command = on.commands()["ccs01-esme"]
        response, _ = await on.answer_to(tunnel, command)
        on.hub.deliver_by_wan(command.raw)
        assert await all_received(tunnel) == []
        assert key_of(response) == key_of(command.message)
        assert on.hub.premises.chf.log[-1].code == 0x8F3E


async def test_the_answer_of_a_sleeping_meter_goes_to_the_wan_after_a_restart_too(own_site):
    asleep = tuple(
        replace(each, spec=replace(each.spec, wake_minutes=30 if each.spec.type == "GSME" else 0))
        for each in own_site.devices
    )
    sleepy = replace(own_site, devices=asleep)
    async with stage(sleepy, copies_to_hht=False) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-gsme"])
        await all_received(tunnel)
        await tunnel.close()
        by_wan(on, "gcs28-gsme")
        local = on.commands()["cs07-gsme"]
    async with stage(sleepy, copies_to_hht=False) as on:
        tunnel = await on.connect()
        await tunnel.send(local.raw)
        assert await all_received(tunnel) == []
        on.air.clock.advance(NAP)
        assert key_of(await received(tunnel)) == key_of(local.message)
        assert await all_received(tunnel) == []


async def test_the_fault_delivers_the_named_steps_of_the_job_byte_for_byte(own_site, monkeypatch):
    step = Step("clock", ("ESME",))
    fault = Fault("wan-returns", after="joined", duration=60, commands=(step,))
    chosen = replace(own_site, spec=replace(own_site.spec, faults=(fault,)))
    async with stage(chosen) as on:
        Faults(on.hub, on.air, chosen)
        delivered: list[bytes] = []
        monkeypatch.setattr(on.hub.premises, "deliver", delivered.append)
        tunnel = await on.connect()
        await all_received(tunnel)
        assert delivered == [on.commands()["ecs70-esme"].raw]
        assert on.hub.wan
        on.air.clock.advance(61)
        await all_received(tunnel)
        assert not on.hub.wan
