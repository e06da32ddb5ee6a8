"""Switching the hub off and on: what it costs, and the clock that watching it makes certain."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from visit_stage import scene

from hht.clock import ManualClock
from hht.entity_id import EntityId
from hht.events import Event
from hht.journeys.connect import WindowCertainty
from hht.journeys.events import HubPower
from hht.journeys.link import power_cycle
from hht.journeys.link.power_cycle import (
    BACK_SECONDS,
    OFF_SECONDS,
    HubStaysOn,
    power_cycle_cost,
    watch_power_cycle,
)
from hht.journeys.premises.devices import DeviceState, HanState

GPF, ESME, GSME = (EntityId.parse(f"00-DB-12-34-56-78-90-{end}") for end in ("A3", "A0", "A1"))
SCAN_SECONDS = 4.0


class Air:
    """A scan that lasts a while and hears the hub as the script has it, the last word for ever."""

    def __init__(self, *heard: bool) -> None:
        self.clock = ManualClock()
        self._heard: Iterator[bool] = iter(heard[:-1])
        self._last = heard[-1]
        self.published: list[Event] = []

    async def is_heard(self) -> bool:
        self.clock.advance(SCAN_SECONDS)
        return next(self._heard, self._last)

    async def watch(self) -> object:
        self.clock.sleep = self._sleep  # type: ignore[method-assign]
        return await watch_power_cycle(self.is_heard, GPF, self.clock, self.published.append)

    async def _sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)


async def test_the_window_begins_when_the_hub_was_last_silent() -> None:
    air = Air(True, True, False, False, False, True)
    began = air.clock.now()
    silent_at = await air.watch()
    assert [each.power for each in air.published if isinstance(each, HubPower)] == [
        "on",
        "off",
        "back",
    ]
    assert silent_at == began + timedelta(seconds=4 * (SCAN_SECONDS + power_cycle.PAUSE_SECONDS))


async def test_one_lost_beacon_is_no_power_cut() -> None:
    air = Air(True, False, True, False, True)
    with pytest.raises(HubStaysOn, match="heard all the time"):
        await air.watch()
    assert air.clock.elapsed() >= OFF_SECONDS


async def test_a_hub_that_does_not_come_back_is_said() -> None:
    air = Air(False, False, False)
    with pytest.raises(HubStaysOn, match="not heard again"):
        await air.watch()
    assert air.clock.elapsed() >= BACK_SECONDS


def test_the_cost_counts_who_comes_back_and_who_may_not() -> None:
    devices = (
        DeviceState("GPF", GPF, "GPF", state=HanState.ON_HAN),
        DeviceState("GSME", GSME, "GSME", state=HanState.ON_HAN),
        DeviceState("ESME", ESME, "ESME", state=HanState.IN_LOG),
    )
    cost = power_cycle_cost(devices, (), 3600, 60)
    assert [each.type for each in cost.back] == ["GSME"]
    assert cost.asleep == cost.back
    assert cost.sleep_seconds > 0
    assert [each.type for each in cost.not_joined] == ["ESME"]
    assert (cost.han_seconds_lost, cost.window_minutes) == (3600, 60)


async def test_a_hub_that_is_watched_has_a_certain_clock_and_a_new_membership(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as on:
        visit = await on.connect()
        assert visit.power.power_cycle_cost.han_seconds_lost

        def cut(event: Event) -> None:
            if isinstance(event, HubPower) and event.power == "on":
                on.hub.power_cut(10.0)

        on.on_event = cut
        await visit.power.watch_power_cycle()
        view = visit.view
        assert (view.connected, view.window_certainty) == (False, WindowCertainty.KNOWN)
        assert view.residency_seconds_left is None
        await visit.connect(on.site.spec.hub.gpf)
        assert visit.connected
