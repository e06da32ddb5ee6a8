"""How long an HHT may come and stay, with and without the 60-minute limit (SECMP0037)."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hub_stage import Stage, copy_of, stage
from present import present
from radio_bench import until

from hht.entity_id import EntityId
from hht.hub_profile import load_profile
from hht.session.errors import WindowClosed
from hht.zse.install_code import InstallCode
from hht.zse.interpan.admission import Admission

MINUTE, HOUR = 60, 3600
A_COMMAND: Any = None
OTHER = EntityId.parse("90-B3-D5-1F-30-A0-B3-F1")


@pytest.fixture
def own_site(site, tmp_path):
    return copy_of(site, tmp_path / "run")


def of_profile(name: str) -> dict[str, object]:
    """What differs between the stand-in and that profile."""
    profile = load_profile(name)
    return {"window_minutes": profile.window_minutes, "residency_hours": profile.residency_hours}


async def power_cycle(on: Stage) -> None:
    on.hub.power_cut(5)
    on.air.clock.advance(6)
    await until(lambda: on.hub.node.powered)


async def test_with_the_limit_the_window_is_open_for_sixty_minutes_from_each_power_on(own_site):
    async with stage(own_site, **of_profile("stand-in")) as on:
        for _ in range(2):
            on.air.clock.advance(59 * MINUTE)
            assert 0 < present(on.hub.window_seconds_left) < 61
            on.air.clock.advance(MINUTE)
            assert on.hub.window_seconds_left == 0
            with pytest.raises(WindowClosed):
                await on.be_admitted()
            await power_cycle(on)
        await on.be_admitted()


async def test_without_the_limit_an_hht_is_admitted_at_any_time(own_site):
    async with stage(own_site, **of_profile("no-limit")) as on:
        on.air.clock.advance(1000 * HOUR)
        assert on.hub.window_seconds_left is None
        await on.be_admitted()
        await power_cycle(on)
        assert on.hub.window_seconds_left is None


@pytest.mark.parametrize("profile", ["stand-in", "no-limit"])
@pytest.mark.parametrize("first", ["18 hours", "power-on"])
async def test_membership_ends_after_eighteen_hours_or_at_the_next_power_on(
    own_site, profile, first
):
    async with stage(own_site, **of_profile(profile)) as on:
        await on.connect()
        on.air.clock.advance(17 * HOUR)
        await settled(lambda: on.hub.premises.hhts == [own_site.hht])
        if first == "power-on":
            await power_cycle(on)
        else:
            on.air.clock.advance(HOUR)
        await until(lambda: on.hub.premises.hhts == [])
        assert own_site.hht not in on.hub.node.children


async def test_a_stay_begins_again_with_each_admission(own_site):
    """What ended one stay, the 18 hours of another must not end the next too soon."""
    async with stage(own_site, **of_profile("no-limit")) as on:
        await on.connect()
        on.air.clock.advance(10 * HOUR)
        await power_cycle(on)
        await on.dongle.leave()
        await on.connect()
        on.air.clock.advance(17 * HOUR)
        await settled(lambda: on.hub.premises.hhts == [own_site.hht])
        on.air.clock.advance(HOUR)
        await until(lambda: on.hub.premises.hhts == [])


async def test_a_stay_that_was_ended_does_not_end_once_more(own_site):
    async with stage(own_site, **of_profile("no-limit")) as on:
        await on.connect()
        on.hub.end_residency()
        on.air.clock.advance(19 * HOUR)
        await settled(lambda: what_happened(on).count("stay-ended") == 1)


async def test_each_hht_stays_for_its_own_hours(own_site):
    async with stage(own_site, **of_profile("no-limit"), hht_limit=2) as on:
        await on.connect()
        on.air.clock.advance(10 * HOUR)
        await until(lambda: on.hub.premises.hhts == [own_site.hht])
        assert on.hub.residency.admit(Admission(OTHER, InstallCode(bytes(16)), A_COMMAND))
        on.air.clock.advance(8 * HOUR)
        await until(lambda: on.hub.premises.hhts == [OTHER])


def what_happened(on: Stage) -> list[str]:
    return [entry["what"] for entry in on.hub.log.entries]


async def settled(condition: Callable[[], bool]) -> None:
    """It is so also after everything due has happened."""
    await asyncio.sleep(0.05)
    assert condition()
