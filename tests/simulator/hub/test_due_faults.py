"""A scenario's fault that is due some seconds after a milestone outlives the hub's process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from hub_stage import AHEAD, copy_of, hub_of
from radio_bench import settled
from virtual_time import virtual_loop

from hht.clock import ScaledClock
from hht.hub_profile import load_profile
from hht.simulator.air.air import Air
from hht.simulator.hub.faults.in_force import Faults
from hht.simulator.hub.hub import Hub
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Fault

CLOSES = Fault("window-closed", after="command", number=2, seconds=100)


@contextmanager
def process(site: Site, now: datetime) -> Iterator[tuple[Hub, ScaledClock]]:
    """The site's hub from its power on until its process ends."""
    air = Air(seed=1, clock=ScaledClock(start=now))
    hub = hub_of(air, site, load_profile())
    Faults(hub, air, site)
    hub.power_on()
    yield hub, air.clock
    hub.stop()


async def test_a_fault_comes_at_its_time_although_the_hub_was_started_again_and_comes_once(
    site: Site, tmp_path: Path
) -> None:
    site = copy_of(site, tmp_path / "run")
    site = replace(site, spec=replace(site.spec, faults=(CLOSES,)))
    start = virtual_loop().today + AHEAD
    with process(site, start) as (hub, _):
        hub.milestones.reached("command")
        hub.milestones.reached("command")
        await settled()
    with process(site, start + timedelta(seconds=60)) as (hub, clock):
        clock.advance(39)
        await settled()
        assert hub.window_seconds_left
        clock.advance(2)
        await settled()
        assert hub.window_seconds_left == 0
    with process(site, start + timedelta(seconds=200)) as (hub, _):
        await settled()
        assert hub.window_seconds_left
