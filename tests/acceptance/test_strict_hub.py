"""The least helpful hub: every scenario ends on it as it expects, and nothing is lost."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
from scenario_plays import play

from hht.hub_profile import HUB_BEHAVIOUR, load_profile
from hht.training.scenario.load import list_scenarios

pytestmark = pytest.mark.whole_program

ALL = "HHT_SEEDS" in os.environ
ALWAYS = ("replayed-command",)
"""What the test command plays, in 7 s; the main job takes 20 s, a sleeping meter a minute: CI."""


def test_the_strict_profile_differs_from_the_stand_in_in_how_the_hub_behaves_and_no_more() -> None:
    strict, stand_in = load_profile("strict"), load_profile("stand-in")
    assert strict.behaving_as(stand_in) == stand_in.__class__(
        **{**vars(stand_in), "name": strict.name, "note": strict.note}
    )
    assert all(getattr(strict, name) != getattr(stand_in, name) for name in HUB_BEHAVIOUR)


def test_every_scenario_ends_as_expected_on_the_strict_hub() -> None:
    scenarios = [each for each in list_scenarios() if ALL or each.name in ALWAYS]
    with ThreadPoolExecutor(2) as pool:
        plays = pool.map(lambda each: play(each.name, 1, "--profile", "strict"), scenarios)
        ended = {each.scenario: (each.code, each.summary.get("outcome")) for each in plays}
    assert ended == {each.name: (0, each.expects) for each in scenarios}


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    played = play("no-wan-install", 1, "--profile", "kind")
    assert played.code != 0
    assert "strict" in played.said
