"""The least helpful hub: every scenario ends on it as it expects, and nothing is lost."""

import os

import pytest
from scenario_plays import play, play_fairly

from hht.hub_profile import HUB_BEHAVIOUR, load_profile
from hht.training.scenario.load import list_scenarios
from hht.training.scenario.spec import Scenario

pytestmark = pytest.mark.whole_program

ALL = "HHT_SEEDS" in os.environ
ALWAYS = ("replayed-command",)
"""What the test command plays, in 7 s; the main job takes 20 s, a sleeping meter a minute: CI."""
SCENARIOS = [each for each in list_scenarios() if ALL or each.name in ALWAYS]


def test_the_strict_profile_differs_from_the_stand_in_in_how_the_hub_behaves_and_no_more() -> None:
    strict, stand_in = load_profile("strict"), load_profile("stand-in")
    assert strict.behaving_as(stand_in) == stand_in.__class__(
        **{**vars(stand_in), "name": strict.name, "note": strict.note}
    )
    assert {name for name in HUB_BEHAVIOUR if getattr(strict, name) != getattr(stand_in, name)} == {
        "repeats_in_new_tunnel",
        "forgets_on_close",
        "late_seconds",
        "channel_mask_keeps_key",
    }


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_ends_as_expected_on_the_strict_hub(scenario: Scenario) -> None:
    played = play_fairly(scenario.name, 1, "--profile", "strict")
    assert (played.code, played.summary.get("outcome")) == (0, scenario.expects)


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    played = play("no-wan-install", 1, "--profile", "kind")
    assert played.code != 0
    assert "strict" in played.said
