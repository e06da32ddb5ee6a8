"""The premises live as fast as the scenario says: one time for hub and handheld."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hub_stage import all_received, copy_of, received, stage
from radio_bench import until
from virtual_time import virtual_loop

from hht.clock import ScaledClock
from hht.gbcs.correlation import key_of
from hht.gbcs.message import Cra
from hht.hub_profile import load_profile
from hht.simulator.air.air import Air
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.hub_log import read_log
from hht.simulator.hub.state_file import StateFile
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode
from hht.training.scenario.load import load_scenario

HOUR = 3600


def hub_at(site: Site, speed: float) -> tuple[Air, Hub]:
    air = Air(seed=1)
    node = RadioNode(air, site.spec.hub.gpf)
    memory = StateFile(site.run_dir / "hub-state.json")
    return air, Hub(node, site, load_profile(), memory, ScaledClock(speed))


def test_a_site_keeps_its_speed(tmp_path: Path) -> None:
    spec = load_scenario("gsme-asleep").site
    assert prepare_site(spec, tmp_path / "a").speed == spec.speed == 20
    assert prepare_site(spec, tmp_path / "b", speed=300).speed == 300
    again, still = (prepare_site(spec, tmp_path / "b", speed=each) for each in (7, None))
    assert again.speed == still.speed == 300
    assert again.started == still.started


async def test_the_window_closes_in_the_time_of_the_premises_not_of_the_radio(
    site: Site, tmp_path: Path
) -> None:
    air, hub = hub_at(copy_of(site, tmp_path), speed=36_000)
    hub.power_on()
    assert hub.window_seconds_left
    await asyncio.sleep(0.15)
    assert hub.window_seconds_left == 0
    assert air.clock.speed == 1
    hub.stop()


async def test_eighteen_hours_pass_in_a_class(site: Site, tmp_path: Path) -> None:
    """The HHT is thrown out by the premises' clock, and its tunnel with it."""
    own = copy_of(site, tmp_path)
    async with stage(own) as on:
        await on.connect()
        assert on.hub.premises.hhts
        on.hub.clock.speed = 18 * HOUR / 0.2
        await until(lambda: on.hub.premises.hhts == [])
        assert any(row["what"] == "stay-ended" for row in read_log(own.run_dir))


async def test_a_hub_that_has_ended_does_nothing_any_more(site: Site, tmp_path: Path) -> None:
    """Neither the hours of an HHT run on, nor a power cut."""
    own = copy_of(site, tmp_path)
    async with stage(own) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-esme"])
        on.hub.stop()
        ended = read_log(own.run_dir)
        on.hub.clock.advance(20 * HOUR)
        await asyncio.sleep(0.1)
        on.hub.power_cut(5)
        on.hub.stop()
        on.hub.clock.advance(6)
        await asyncio.sleep(0.1)
        assert not on.hub.node.powered
        assert [row["what"] for row in read_log(own.run_dir)[len(ended) :]] == ["power-cut"]


async def test_a_late_timer_is_noticed() -> None:
    clock = ScaledClock(speed=100)
    clock.call_later(0, lambda: virtual_loop().spend(0.05))
    clock.call_later(1, lambda: None)
    await asyncio.sleep(0.1)
    assert clock.worst_delay == pytest.approx(0.04, abs=0.001)


def test_a_handhelds_own_patience_is_the_premises() -> None:
    profile = load_profile().at_speed(20)
    assert (profile.response_seconds, profile.busy_retry_seconds) == (3, 9)
    assert profile.window_minutes == load_profile().window_minutes
    assert load_profile().at_speed(3600).response_seconds == 1


async def test_a_message_for_a_sleeper_outlives_a_restart_of_the_hub(
    site: Site, tmp_path: Path
) -> None:
    own = copy_of(site, tmp_path)
    sleepy = tuple(
        replace(each, spec=replace(each.spec, wake_minutes=10 if each.spec.type == "GSME" else 0))
        for each in own.devices
    )
    own = replace(own, devices=sleepy)
    async with stage(own) as on:
        tunnel = await on.connect()
        await on.answer_to(tunnel, on.commands()["ccs01-gsme"])
        await on.hub.clock.sleep(0)
        clock = on.commands()["gcs28-gsme"]
        await tunnel.send(clock.raw)
        await asyncio.sleep(0.1)
    async with stage(own) as on:
        on.hub.clock.advance(11 * 60)
        await asyncio.sleep(0.05)
        tunnel = await on.connect()
        heard = [key_of(message) for message in await all_received(tunnel)]
        assert key_of(clock.message) in heard


async def test_a_device_that_is_there_from_the_beginning_answers_at_once(
    tmp_path: Path,
) -> None:
    own = prepare_site(load_scenario("sub-ghz-scan").site, tmp_path / "run", seed=1)
    async with stage(own) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        assert len(on.hub.premises.chf.device_log.entries) == 3
        await tunnel.send(on.commands()["ccs06"].raw)
        assert (await received(tunnel)).cra is Cra.RESPONSE


async def test_a_command_over_the_wan_makes_the_local_one_a_replay_and_is_heard(
    site: Site, tmp_path: Path
) -> None:
    async with stage(copy_of(site, tmp_path)) as on:
        tunnel = await on.connect()
        await all_received(tunnel)
        command = on.commands()["ccs01-esme"]
        on.hub.deliver_by_wan(command.raw)
        heard = await all_received(tunnel)
        assert key_of(command.message) in [key_of(message) for message in heard]
        await tunnel.send(command.raw)
        after = await all_received(tunnel)
        assert [message.cra for message in after] == [Cra.ALERT]


async def test_a_response_over_the_wan_is_not_kept_for_an_hht_that_is_not_there(
    site: Site, tmp_path: Path
) -> None:
    async with stage(copy_of(site, tmp_path)) as on:
        command = on.commands()["ccs01-esme"]
        on.hub.deliver_by_wan(command.raw)
        await asyncio.sleep(0.05)
        assert on.hub.tunnels.outbox == []
