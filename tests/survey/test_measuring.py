"""A spot is surveyed over the radio: energy first, then the networks, pass after pass."""

import pytest
from radio_lab import CHANNEL, HUB, PAN_ID, lab, opened

from hht.survey.measuring import Heard, listen, merged, pass_seconds, scan_seconds
from hht.survey.survey_file import Spot, Survey, read_survey, write_survey


async def heard_of(passes: int, **options: object) -> list[Heard]:
    async with lab() as at, opened(at) as dongle:
        at.air.interference[20] = -40
        scans = listen(dongle, "hall", passes=passes, clock=dongle.clock, **options)  # type: ignore[arg-type]
        return [heard async for heard in scans]


async def test_each_pass_is_given_after_its_energy_scan_and_with_its_networks() -> None:
    first, whole, *rest = await heard_of(2, ours=(HUB,))
    assert len(rest) == 2
    assert (first.complete, first.networks) == (False, ())
    assert whole.complete
    assert whole.energy is first.energy
    assert set(first.energy.dbm) == set(range(11, 27))
    assert first.energy.dbm[20] == -40
    (network,) = whole.networks
    assert (network.extended_pan_id, network.pan_id, network.channel) == (HUB, PAN_ID, CHANNEL)
    assert (network.spot, network.ours) == ("hall", True)
    heard = Survey(3, (Spot("hall", (whole.energy,)),), whole.networks)
    assert read_survey(write_survey(heard), "survey.json") == heard


async def test_the_first_picture_is_there_within_three_seconds_of_scanning() -> None:
    assert scan_seconds(3) < 3


async def test_a_simulated_dongle_listens_for_energy_as_long_as_it_was_asked_to() -> None:
    async with lab() as at, opened(at) as dongle:
        began = dongle.clock.elapsed()
        (first, whole) = [
            heard async for heard in listen(dongle, "hall", passes=1, clock=dongle.clock)
        ]
        assert scan_seconds(3) <= dongle.clock.elapsed() - began <= pass_seconds(3)
    assert first.energy is whole.energy


async def test_a_network_is_known_once_a_channel_and_as_strong_as_it_was_heard() -> None:
    heard = await heard_of(1)
    (network,) = heard[-1].networks
    weaker = network.__class__(HUB, PAN_ID, CHANNEL, network.rssi - 20, "hall", ours=False)
    assert merged((weaker,), (network, weaker)) == (network,)


@pytest.mark.parametrize("duration", [0, 5])
async def test_a_survey_has_the_duration_that_was_asked_for(duration: int) -> None:
    assert (await heard_of(1, duration=duration))[-1].complete
