"""What a survey of an exercise's air advises: to stay where it is quiet, else to move."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hht.clock import SYSTEM_CLOCK
from hht.radio.dongle import Dongle
from hht.simulator.air.air import Air
from hht.simulator.ncp.server import serve_socket
from hht.simulator.process import make_hub
from hht.simulator.site.preparation import prepare_site
from hht.simulator.site.spec import SiteSpec
from hht.simulator.stack.node import RadioNode
from hht.survey.advice import Advice, advise
from hht.survey.growing import grown
from hht.survey.measuring import DURATION, listen
from hht.survey.survey_file import Survey
from hht.training.scenario.load import load_scenario

_PASSES = 3


@contextlib.asynccontextmanager
async def dongle_at(spec: SiteSpec, folder: Path) -> AsyncIterator[Dongle]:
    """A dongle on the air of an exercise, whose hub has its power."""
    site = prepare_site(spec, folder / "site", 1)
    air = Air(seed=1)
    air.interference.update(spec.air.noise)
    hub = make_hub(air, site)
    hub.power_on()
    server = await serve_socket(RadioNode(air, site.hht))
    dongle = await Dongle.open(server.address)
    try:
        yield dongle
    finally:
        await dongle.close()
        await server.close()
        hub.stop()


async def advice_of(name: str, folder: Path) -> Advice:
    spec, survey = load_scenario(name).site, Survey(DURATION, (), ())
    async with dongle_at(spec, folder) as dongle:
        passes = listen(dongle, "here", passes=_PASSES, clock=SYSTEM_CLOCK, ours=(spec.hub.gpf,))
        async for heard in passes:
            survey = grown(survey, "here", heard) if heard.complete else survey
    return advise(survey)


@pytest.mark.parametrize("name", ["no-wan-install", "two-hubs-same-channel", "radio-noise"])
async def test_where_nothing_but_hubs_is_on_the_air_the_hub_stays(
    name: str, tmp_path: Path
) -> None:
    assert (await advice_of(name, tmp_path)).advice == "stay"


async def test_a_flat_full_of_wifi_is_moved_to_a_channel_that_its_command_allows(
    tmp_path: Path,
) -> None:
    found = await advice_of("noisy-flat", tmp_path)
    assert (found.advice, found.channel) == ("move", 25)
