"""What a survey says of each channel: noise, worst value, spread, age and who is there."""

import json
from datetime import timedelta

import pytest
from survey_samples import HUB, NOW, survey_of

from hht.errors import InputError
from hht.survey.figures import figures_of
from hht.survey.listing import network_lines, table, to_csv
from hht.survey.survey_file import read_survey, write_survey


def test_a_channel_has_its_median_worst_spread_and_the_time_of_its_last_value() -> None:
    survey = survey_of({15: [-90.0, -60.0, -88.0], 20: [-95.0]})
    noisy, quiet = figures_of(survey)
    assert (noisy.channel, noisy.noise, noisy.worst, noisy.spread) == (15, -88, -60, 30)
    assert noisy.newest == NOW + timedelta(minutes=2)
    assert (quiet.spread, quiet.newest) == (0, NOW)


def test_on_the_channel_of_our_hub_the_lowest_pass_counts() -> None:
    (here,) = figures_of(survey_of({15: [-90.0, -50.0, -50.0]}, ours=15))
    assert (here.is_ours, here.noise, here.hubs) == (True, -90, 0)


def test_another_hub_is_counted_once_and_the_strongest_comes_first() -> None:
    hubs = [(15, "01", -80.0), (15, "01", -60.0), (15, "02", -50.0), (20, "03", -40.0)]
    (here,) = figures_of(survey_of({15: [-90.0]}, hubs=hubs))
    assert here.hubs == 2
    assert [network.rssi for network in here.others] == [-50.0, -60.0]


def test_a_survey_is_read_as_it_was_written() -> None:
    survey = survey_of({15: [-90.5, -60.0]}, hubs=[(20, "03", -40.0)], ours=15, spot="Küche")
    assert read_survey(write_survey(survey), "survey.json") == survey


def test_a_network_is_of_a_spot_whose_name_no_terminal_takes_for_an_order() -> None:
    given = json.loads(write_survey(survey_of({15: [-90.0]}, ours=15)))
    for spot in ("\x1b[2J", "hall\nx", "x" * 61):
        given["networks"][0]["spot"] = spot
        with pytest.raises(InputError, match="spot is no printable text"):
            read_survey(json.dumps(given).encode(), "survey.json")


def test_the_table_says_the_age_in_what_fits_it() -> None:
    survey = survey_of({15: [-90.0]}, ours=15)
    for age, words in ((5, "5 min"), (180, "3 h"), (60 * 72, "3 days")):
        row = table(figures_of(survey), NOW + timedelta(minutes=age), plan=[15])[0]
        assert row[-1] == (f"{words} our hub in the plan")
    assert network_lines(survey.networks) == [f"15 {HUB} PAN 4321   -50 dBm our hub, hall"]


def test_a_spreadsheet_has_every_value_and_takes_no_name_for_a_formula() -> None:
    rows = to_csv(survey_of({15: [-90.0, -60.0]}, spot="=SUM(1)")).splitlines()
    assert rows[0] == "spot,at,channel,dbm"
    assert rows[1:] == [
        "'=SUM(1),2026-11-26T09:00:00+00:00,15,-90.0",
        "'=SUM(1),2026-11-26T09:01:00+00:00,15,-60.0",
    ]
