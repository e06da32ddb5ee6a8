"""`hht survey advise` as a shell sees it."""

import json
from typing import Any

import pytest

SURVEY: dict[str, Any] = {
    "duration": 5,
    "spots": [
        {
            "name": "hall",
            "passes": [
                {
                    "at": "2026-11-26T09:00:00Z",
                    "channels": {"15": {"dbm": -90}, "20": {"dbm": -70.25}},
                }
            ],
        }
    ],
    "networks": [
        {
            "extended_pan_id": "00DB1234567890A3",
            "pan_id": 17185,
            "channel": 20,
            "rssi": -50,
            "spot": "hall",
            "ours": True,
        }
    ],
}


@pytest.fixture
def advised(hht, tmp_path):
    def run(survey, *, plan=None):
        path, plan_path = tmp_path / "survey.json", tmp_path / "plan.json"
        path.write_text(survey if isinstance(survey, str) else json.dumps(survey))
        if plan is not None:
            plan_path.write_text(json.dumps(plan))
        return hht(
            "survey", "advise", path, "--json", *(("--plan", plan_path) if plan is not None else ())
        )

    return run


def test_the_advice_comes_first_then_each_channel_in_its_rank(advised) -> None:
    ran = advised(SURVEY)
    assert ran.code == 0
    first, *channels = ran.rows
    assert (first["advice"], first["channel"]) == ("move", 15)
    assert (first["outside_plan"], first["plan_noisy"]) == (False, False)
    assert [(row["rank"], row["channel"], row["median_dbm"]) for row in channels] == [
        (1, 15, -90.0),
        (2, 20, -70.2),
    ]
    assert all(
        set(row) == {"channel", "rank", "median_dbm", "worst_dbm", "hubs", "reason"}
        for row in channels
    )


def test_people_get_a_table(hht, tmp_path) -> None:
    path = tmp_path / "survey.json"
    path.write_text(json.dumps(SURVEY))
    lines = hht("survey", "advise", path).out.splitlines()
    assert lines[0].startswith("Move: channel 15.")
    assert len(lines) == 4


def changed(**fields):
    return SURVEY | fields


def with_channels(channels):
    return changed(
        spots=[{"name": "hall", "passes": [{"at": "2026-11-26T09:00:00Z", "channels": channels}]}]
    )


@pytest.mark.parametrize(
    "survey",
    [
        "",
        "[]",
        "{",
        "null",
        changed(spots=[]),
        changed(spots={}),
        changed(duration="5"),
        with_channels({}),
        with_channels({"10": {"dbm": -90}}),
        with_channels({"27": {"dbm": -90}}),
        with_channels({"x": {"dbm": -90}}),
        with_channels({"15": {"dbm": -111}}),
        with_channels({"15": {"dbm": 1}}),
        with_channels({"15": {"dbm": "-90"}}),
        with_channels({"15": {"dbm": True}}),
        with_channels({"15": {"dbm": float("nan")}}),
        with_channels({"15": -90}),
        changed(networks=[{}]),
        changed(networks=None),
        changed(networks=[SURVEY["networks"][0] | {"channel": 30}]),
        changed(networks=[SURVEY["networks"][0] | {"extended_pan_id": "0A"}]),
        json.dumps(SURVEY)[:-20],
        json.dumps(SURVEY).replace('"15": {', '"15": {"dbm": -30}, "15": {', 1),
        changed(spots=[SURVEY["spots"][0] | {"name": "hall\n"}]),
        changed(spots=[SURVEY["spots"][0] | {"name": "\ud800"}]),
    ],
    ids=range(25),
)
def test_a_file_that_is_no_survey_has_one_line(advised, survey) -> None:
    ran = advised(survey)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + json.dumps(SURVEY).encode(),
        json.dumps(SURVEY, indent=1).replace("\n", "\r\n").encode(),
        json.dumps(changed(weather="dry")).encode(),
    ],
    ids=["BOM", "CRLF", "foreign names"],
)
def test_a_byte_order_mark_other_line_ends_and_names_of_other_tools_change_nothing(
    hht, tmp_path, raw: bytes
) -> None:
    path = tmp_path / "survey.json"
    path.write_text(json.dumps(SURVEY))
    plain = hht("survey", "advise", path, "--json").out
    path.write_bytes(raw)
    assert hht("survey", "advise", path, "--json").out == plain


@pytest.mark.parametrize(
    "plan", [{}, {"channels": []}, {"channels": [10]}, {"channels": ["15"]}, []]
)
def test_neither_is_a_plan_without_channels(advised, plan) -> None:
    ran = advised(SURVEY, plan=plan)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)


def test_a_plan_is_obeyed(advised) -> None:
    first = advised(SURVEY, plan={"channels": [15, 25], "note": "basement"}).rows[0]
    assert (first["advice"], first["channel"], first["outside_plan"]) == ("move", 15, True)


def test_a_job_that_is_not_there_is_one_line_and_no_advice(hht, tmp_path) -> None:
    (tmp_path / "survey.json").write_text(json.dumps(SURVEY))
    ran = hht("survey", "advise", tmp_path / "survey.json", "--job", "9")
    assert (ran.code != 0, ran.out, len(ran.err.splitlines())) == (True, "", 1)
