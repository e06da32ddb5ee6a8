"""The board without its screen: reports of seats, who is stuck, and the order of the rows."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hht.serve.board import newest_run, rows_of
from hht.serve.report import REPORT_FILE, SeatReport, read_report, write_report
from hht.serve.roll import Roll, free_seat, name_trainee, places_in
from hht.simulator.pauses import PAUSE_FILE

BEGUN = 1_000_000.0
REPORT = SeatReport("no-wan-install", "deliver", 7, 17, "", BEGUN, BEGUN, BEGUN, 90, ("a", "b"))


def class_of(folder: Path, **reports: SeatReport) -> Roll:
    """A class whose seats s1, s2 ... have these reports, and whose browsers are there."""
    roll = Roll(folder, len(reports) + 1)
    for name, report in reports.items():
        number = int(name[1:])
        write_report(roll.seat_folder(number), report)
        roll.note(number, is_present=True)
    return roll


def test_who_is_longest_on_a_step_is_on_top_and_stuck_beyond_twice_its_share(
    tmp_path: Path,
) -> None:
    over = replace(REPORT, stage="debrief", since=BEGUN + 60)
    class_of(
        tmp_path,
        s1=replace(REPORT, since=BEGUN + 500),
        s2=over,
        s3=replace(REPORT, since=BEGUN + 100),
        s4=REPORT,
    )
    rows = rows_of(tmp_path, BEGUN + 600)
    assert [row.place.number for row in rows] == [4, 3, 1, 2, 5]
    assert [row.is_stuck for row in rows] == [True, True, False, False, False]
    assert [round(row.on_step) for row in rows[:3]] == [10, 8, 2]
    assert round(rows[0].minutes) == 10


def test_a_seat_whose_browser_is_gone_gets_no_minutes_after_its_last_report(tmp_path: Path) -> None:
    roll = class_of(tmp_path, s1=replace(REPORT, at=BEGUN + 60))
    roll.note(1, is_present=False)
    row = rows_of(tmp_path, BEGUN + 90_000)[0]
    assert (row.minutes, row.on_step, row.is_stuck) == (1, 1, False)


def test_after_the_server_was_killed_no_browser_is_there_and_no_minute_runs(tmp_path: Path) -> None:
    roll = class_of(tmp_path, s1=replace(REPORT, at=BEGUN + 60))
    assert rows_of(tmp_path, BEGUN + 90_000)[0].place.is_present
    roll.close()  # all that is left of a killed server, for it wrote nothing down
    row = rows_of(tmp_path, BEGUN + 90_000)[0]
    assert (row.place.is_present, row.minutes, row.is_stuck) == (False, 1, False)
    Roll(tmp_path, 2).note(1, is_present=True)
    assert rows_of(tmp_path, BEGUN + 120)[0].place.is_present


def test_a_pause_costs_no_minute_and_calls_nobody_stuck(tmp_path: Path) -> None:
    roll = class_of(tmp_path, s1=REPORT)
    run = roll.seat_folder(1) / "training" / "runs" / "no-wan-install-1"
    run.mkdir(parents=True)
    pauses = {"total": 600.0, "since": None, "at": 0.0, "boot": ""}
    (run / PAUSE_FILE).write_text(json.dumps(pauses))
    row = rows_of(tmp_path, BEGUN + 660)[0]
    assert (row.minutes, row.on_step, row.is_stuck, row.is_paused) == (1, 1, False, False)
    (run / PAUSE_FILE).write_text(json.dumps({**pauses, "since": 1.0}))
    assert rows_of(tmp_path, BEGUN + 660)[0].is_paused


def test_an_exercise_that_cannot_be_read_any_more_still_has_its_row(tmp_path: Path) -> None:
    class_of(tmp_path, s1=replace(REPORT, exercise="/gone/away.toml"))
    assert rows_of(tmp_path, BEGUN + 60)[0].report is not None


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_report(tmp_path, REPORT)
    assert read_report(tmp_path) == replace(REPORT, screen=("a", "b"))
    assert (tmp_path / REPORT_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "change", [{"at": "soon"}, {"stage": 5}, {"points": "all"}, {"screen": [1]}, {"screen": None}]
)
def test_what_is_no_report_is_none(tmp_path: Path, change: dict[str, Any]) -> None:
    write_report(tmp_path, REPORT)
    kept = json.loads((tmp_path / REPORT_FILE).read_text())
    (tmp_path / REPORT_FILE).write_text(json.dumps(kept | change))
    assert read_report(tmp_path) is None
    (tmp_path / REPORT_FILE).write_text("{")
    assert read_report(tmp_path) is None


def test_the_newest_run_is_the_one_that_was_changed_last(tmp_path: Path) -> None:
    assert newest_run(tmp_path) is None
    runs = [tmp_path / "training" / "runs" / name for name in ("a-1", "b-1", "c-1")]
    for run, changed in zip(runs, (1000, 3000, 2000), strict=True):
        run.mkdir(parents=True)
        os.utime(run, (changed, changed))
    assert newest_run(tmp_path) == runs[1]


def test_a_seat_is_named_and_freed_while_the_class_goes_on(tmp_path: Path) -> None:
    roll = Roll(tmp_path, 2)
    place, cookie = roll.admit() or pytest.fail("the class is full")
    roll.note(place.number, is_present=True)
    name_trainee(tmp_path, 1, "Ann")
    roll.note(place.number, is_present=False)
    assert places_in(tmp_path)[0].trainee == "Ann"
    free_seat(tmp_path, 1)
    assert roll.place_of(cookie) is None
    assert (roll.admit() or pytest.fail("the class is full"))[0].number == 1
    assert places_in(tmp_path)[0].trainee == "Ann"


def test_what_else_a_class_file_has_is_kept(tmp_path: Path) -> None:
    row = {"number": 1, "trainee": "Bo", "since": "today"}
    (tmp_path / "class.json").write_text(json.dumps({"seats": [row], "course": "x"}))
    Roll(tmp_path, 2, {"scenario": "walk-in"}).note(1, is_present=True)
    kept = json.loads((tmp_path / "class.json").read_text())
    assert (kept["course"], kept["scenario"]) == ("x", "walk-in")
    assert kept["seats"][0]["since"] == "today"
    assert [each["trainee"] for each in kept["seats"]] == ["Bo", ""]
