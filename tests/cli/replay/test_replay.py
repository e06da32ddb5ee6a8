"""`hht replay` as a shell sees it: the journal is the run, event for event."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sampling import LONG
from scenario_plays import play_fairly

from hht.events import Record, Source
from hht.journeys.playback import SITTING_GAP, Redaction, play_back
from hht.training.scenario.load import scenario_names

pytestmark = pytest.mark.whole_program

AFTER_THE_VISIT = {"debrief", "summary"}
REPEATABLE = [each for each in scenario_names() if each not in ("radio-noise", "noisy-flat")]
"""What the noise takes hangs on the moment of each frame, which no seed draws."""


@pytest.mark.parametrize(
    "scenario", scenario_names() if LONG else ["no-window-limit", "wrong-install-code"]
)
def test_the_replay_of_a_run_is_the_run_event_for_event(hht, after_play, scenario) -> None:
    run = after_play(scenario)
    again = hht("replay", "--json").rows
    assert again == [row for row in run if row["event"] not in AFTER_THE_VISIT]


@pytest.mark.parametrize("scenario", REPEATABLE if LONG else ["join-refused"])
def test_the_same_seed_has_the_same_debrief(scenario) -> None:
    first, again = (play_fairly(scenario, 5).debrief for _ in range(2))
    assert first
    assert again == first


def test_a_person_reads_the_time_of_day_and_finds_by_words(hht, after_play) -> None:
    after_play("no-window-limit")
    ran = hht("replay", "1", "--search", "step_started SCAN")
    assert ran.code == 0
    assert ran.out.splitlines()
    assert all("scan" in line.lower() for line in ran.out.splitlines())


@pytest.mark.parametrize("arguments", [(), ("7",)])
def test_where_nothing_was_done_there_is_one_line_and_no_database_is_made(
    hht, data_dir, arguments
) -> None:
    ran = hht("replay", *arguments)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert not (data_dir / "live.db").exists()


def record(seconds: float, name: str = "alert", sitting: int = 1) -> Record:
    """Make an event of a visit, so many seconds after its sitting began."""
    at = datetime(2026, 11, 2, 10, 30, tzinfo=UTC)
    facts = {"code": "8F3E"}
    return Record(Source.VISIT, at, name, facts, job_id=1, sitting=sitting, seconds=seconds)


def test_each_event_comes_as_long_after_the_one_before_as_it_did() -> None:
    moments = play_back([record(0.5), record(2.0), record(62.0)])
    assert [moment.after for moment in moments] == [0.0, 1.5, 60.0]


def test_what_is_left_out_still_takes_its_time() -> None:
    records = [record(0.0), record(10.0, "delivery"), record(30.0)]
    assert [moment.after for moment in play_back(records, "ALERT 8f3e")] == [0.0, 30.0]


def test_the_hours_between_two_sittings_are_not_waited_for() -> None:
    moments = play_back([record(900.0), record(0.2, sitting=2)])
    assert [moment.after for moment in moments] == [0.0, SITTING_GAP]


def test_a_live_visit_is_replayed_without_what_names_anybody() -> None:
    hub, meter = "00-DB-12-34-56-78-90-A3", "00-DB-12-34-56-78-90-A0"
    rows: list[dict[str, Any]] = [
        {"event": "hub_found", "gpf": hub, "pan_id": 6699, "channel": 15},
        {"event": "failed", "what": f"{meter} and {hub.replace('-', '').lower()} do not answer",
         "where": "socket://10.0.0.7:1", "remedy": "See /home/ann/x.", "code": "HUB-02"},
        {"event": "alert_captured", "device": meter, "reading": "1234.5 kWh", "duplicate": False},
    ]  # fmt: skip
    redaction = Redaction()
    found, failed, alert = (redaction.row(row) for row in rows)
    assert found == {"event": "hub_found", "gpf": "Device 1", "pan_id": 0, "channel": 15}
    assert failed["what"] == "Device 2 and Device 1 do not answer"
    assert (failed["where"], failed["code"]) == ("(left out)", "HUB-02")
    assert alert == {
        "event": "alert_captured",
        "device": "Device 2",
        "reading": "(left out)",
        "duplicate": False,
    }
    said = f"{found} {failed} {alert}"
    assert not [each for each in ("00-DB", "10.0.0.7", "home", "kWh") if each in said]
