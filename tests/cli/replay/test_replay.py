"""`hht replay` as a shell sees it: the journal is the run, event for event."""

from datetime import UTC, datetime

import pytest

from hht.events import Record, Source
from hht.journeys.playback import SITTING_GAP, play_back

AFTER_THE_VISIT = {"debrief", "summary"}


@pytest.mark.parametrize("scenario", ["no-window-limit", "wrong-install-code"])
def test_the_replay_of_a_run_is_the_run_event_for_event(hht, after_play, scenario) -> None:
    run = after_play(scenario)
    again = hht("replay", "--json").rows
    assert again == [row for row in run if row["event"] not in AFTER_THE_VISIT]


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
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)
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
