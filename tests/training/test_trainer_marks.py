"""Moments that a trainer marked."""

from datetime import UTC, datetime
from pathlib import Path

from hht.training.exercise.trainer_marks import MARKS_FILE, add_mark, marks_of


def test_marks_are_kept_in_their_order_and_one_cut_short_is_left_out(tmp_path: Path) -> None:
    assert marks_of(tmp_path) == ()
    moment = datetime(2026, 11, 20, 9, tzinfo=UTC)
    add_mark(tmp_path, moment, "Deliver 7/17", "")
    add_mark(tmp_path, moment, "Connect", "No hub answers")
    with (tmp_path / MARKS_FILE).open("a") as file:
        file.write('{"at": "2026')
    first, second = marks_of(tmp_path)
    assert (first.step, second.failure) == ("Deliver 7/17", "No hub answers")
    assert datetime.fromisoformat(first.at) == moment
