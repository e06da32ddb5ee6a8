"""Which channel a hub should use, by a survey and a building's plan."""

import random
from collections.abc import Mapping

import pytest

from hht.survey.advice import advise
from hht.survey.survey_file import Survey, read_survey

QUIET = {channel: [-90.0] for channel in range(11, 27)}


def survey(
    *spots: Mapping[int, list[float]],
    hubs: tuple[tuple[int, str], ...] = (),
    ours: int | None = None,
) -> Survey:
    """A survey of spots; each gives a channel's value pass by pass."""
    import json

    given = {
        "duration": 5,
        "spots": [{"name": f"spot {n}", "passes": passes_of(spot)} for n, spot in enumerate(spots)],
        "networks": [network(channel, name) for channel, name in hubs]
        + ([network(ours, "0A") | {"ours": True}] if ours else []),
    }
    return read_survey(json.dumps(given).encode(), "survey.json")


def passes_of(spot: Mapping[int, list[float]]) -> list[dict[str, object]]:
    longest = max(map(len, spot.values()))
    return [
        {
            "at": "2026-11-26T09:00:00Z",
            "channels": {str(c): {"dbm": v[at]} for c, v in spot.items() if at < len(v)},
        }
        for at in range(longest)
    ]


def network(channel: int, name: str) -> dict[str, object]:
    return {
        "extended_pan_id": name.rjust(16, "0"),
        "pan_id": 1,
        "channel": channel,
        "rssi": -60,
        "spot": "spot 0",
        "ours": False,
    }


def test_the_quietest_channel_is_advised_where_no_hub_of_ours_was_heard() -> None:
    advice = advise(survey({11: [-60], 18: [-95], 26: [-70]}))
    assert (advice.advice, advice.channel) == ("choose", 18)
    assert [each.channel for each in advice.channels] == [18, 26, 11]
    assert [each.rank for each in advice.channels] == [1, 2, 3]


def test_the_median_of_the_passes_counts_and_one_bad_pass_does_not() -> None:
    advice = advise(survey({15: [-90, -90, -20], 20: [-80, -80, -80]}))
    assert advice.channel == 15
    assert (advice.channels[0].median_dbm, advice.channels[0].worst_dbm) == (-90, -20)


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert advise(survey({15: [-90, -80, -60, -50]})).channels[0].median_dbm == -70


def test_noise_is_the_mean_over_the_spots_that_measured_the_channel() -> None:
    (only,) = advise(survey({15: [-90]}, {15: [-70]}, {15: []} | {})).channels[:1]
    assert only.median_dbm == -80


def test_fewer_hubs_come_first_among_channels_less_than_six_db_apart() -> None:
    crowded = {15: [-90.0], 12: [-84.1]}
    assert advise(survey(crowded, hubs=((15, "1"), (15, "2"), (12, "3")))).channel == 12
    assert advise(survey({15: [-90.0], 12: [-84.0]}, hubs=((15, "1"),))).channel == 15


def test_then_common_practice_then_noise_then_the_lower_number() -> None:
    assert advise(survey({12: [-90], 15: [-85]})).channel == 15
    assert advise(survey({15: [-85], 20: [-86]})).channel == 20
    assert advise(survey({15: [-85], 20: [-85]})).channel == 15


def test_one_network_heard_twice_counts_once_and_ours_not_at_all() -> None:
    advice = advise(survey({15: [-90]}, hubs=((15, "1"), (15, "1"), (15, "0A")), ours=15))
    assert advice.channels[0].hubs == 1


@pytest.mark.parametrize(("gain", "said"), [(5.9, "stay"), (6.0, "move")])
def test_a_move_has_to_gain_six_db(gain: float, said: str) -> None:
    advice = advise(survey({20: [-80.0], 15: [-80.0 - gain]}, ours=20))
    assert (advice.advice, advice.channel) == (said, 15 if said == "move" else 20)


def test_the_hubs_own_traffic_is_no_noise() -> None:
    advice = advise(survey({20: [-40, -92, -40], 15: [-90, -90, -90]}, ours=20))
    assert (advice.advice, advice.channel) == ("stay", 20)
    assert advice.channels[1].median_dbm == -92 or advice.channels[0].median_dbm == -92


def test_the_strongest_of_several_hubs_of_ours_decides() -> None:
    weak = network(11, "0B") | {"ours": True, "rssi": -90}
    strong = network(25, "0C") | {"ours": True, "rssi": -50}
    import json

    given = {
        "duration": 5,
        "spots": [{"name": "hall", "passes": passes_of(QUIET)}],
        "networks": [weak, strong],
    }
    assert advise(read_survey(json.dumps(given).encode(), "s")).channel == 25


def test_a_hub_on_a_channel_that_was_not_surveyed_is_given_one() -> None:
    assert advise(survey({15: [-90]}, ours=20)).advice == "choose"


def test_the_buildings_plan_ranks_first_whatever_the_noise() -> None:
    advice = advise(survey(QUIET | {15: [-60.0], 20: [-75.0]}, ours=20), [15, 20])
    assert [each.channel for each in advice.channels[:2]] == [20, 15]
    assert (advice.advice, advice.outside_plan, advice.plan_noisy) == ("stay", False, False)


def test_a_hub_outside_the_plan_is_moved() -> None:
    advice = advise(survey(QUIET, ours=18), [15, 20, 25])
    assert (advice.advice, advice.channel, advice.outside_plan) == ("move", 15, True)


def test_a_plan_noisy_on_all_its_channels_is_called_that() -> None:
    assert advise(survey(QUIET | {15: [-69.9], 20: [-50.0]}), [15, 20]).plan_noisy
    assert not advise(survey(QUIET | {15: [-70.0], 20: [-50.0]}), [15, 20]).plan_noisy


def test_the_first_choice_holds_against_three_db_of_chance() -> None:
    noise = dict.fromkeys(range(11, 27), -70.0) | {15: -95.0}
    same = 0
    for seed in range(200):
        chance = random.Random(seed)
        shaken = {c: [v + chance.uniform(-3, 3) for _ in range(5)] for c, v in noise.items()}
        same += advise(survey(shaken)).channel == 15
    assert same >= 190


def test_a_plan_of_which_nothing_was_surveyed_is_not_said_to_have_what_it_has_not() -> None:
    found = advise(survey({11: [-80.0], 12: [-70.0]}, ours=12), (20, 25))
    assert (found.advice, found.channel, found.outside_plan) == ("move", 11, True)
    assert "none of which was surveyed; of what was, 11 ranks first" in found.reason


def test_a_hub_outside_a_plan_of_which_nothing_was_surveyed_is_not_advised_to_stay() -> None:
    found = advise(survey({11: [-80.0], 12: [-70.0]}, ours=11), (20, 25))
    assert (found.advice, found.channel, found.outside_plan) == ("move", 11, True)
    assert found.reason.endswith("survey the plan's channels.")


def test_a_hub_outside_the_plan_on_a_channel_that_was_not_surveyed_is_flagged_in_words() -> None:
    found = advise(survey({15: [-60.0]}, ours=12), (15,))
    assert found.advice == "choose"
    assert found.warnings == (
        "The hub is outside the building's plan.",
        "Every channel of the building's plan is noisier than -70 dBm.",
    )
    assert advise(survey(QUIET, ours=18), [15]).warnings == ()


def test_a_first_channel_that_is_noisier_than_the_hubs_is_said_to_be() -> None:
    found = advise(survey({15: [-80.0], 18: [-83.0]}, ours=18))
    assert (found.advice, found.channel) == ("stay", 18)
    assert found.reason == "Channel 15 ranks first, but is 3.0 dB noisier than the hub's 18."


def test_a_gain_that_only_rounds_to_the_limit_is_said_to_be_just_less() -> None:
    found = advise(survey({13: [-74.01], 20: [-80.0]}, ours=13))
    assert (found.advice, found.reason) == (
        "stay",
        "Moving from 13 to 20 gains 6.0 dB, just less than 6.",
    )
