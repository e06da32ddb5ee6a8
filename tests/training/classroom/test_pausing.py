"""A trainer pauses one seat or all; a check is never stopped."""

from pathlib import Path

import pytest
from class_samples import class_of, pass_exercise

from hht.training.classroom.pausing import (
    current_run,
    is_seat_paused,
    pause_all,
    pause_seat,
    resume_seat,
)
from hht.training.exercise.run_folders import FINISHED
from hht.training.exercise.terms import TERMS, InCheck


def test_the_exercise_that_a_seat_is_at_is_paused_and_goes_on(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    ann, bob = room.seats
    run = pass_exercise(room, mode="practice")
    assert current_run(ann) == run.run_dir
    assert pause_seat(ann)
    assert not pause_seat(ann)
    assert is_seat_paused(ann)
    assert not pause_seat(bob)
    assert resume_seat(ann)
    assert not resume_seat(ann)
    assert pause_all(room.seats) == (1, [])
    (run.run_dir / FINISHED).touch()
    assert not pause_seat(ann)


def test_a_check_is_never_paused(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    pass_exercise(room, mode="check")
    with pytest.raises(InCheck):
        pause_seat(room.seat(1))
    assert not is_seat_paused(room.seat(1))
    paused, refusals = pause_all(room.seats)
    assert (paused, [type(each) for each in refusals]) == (0, [InCheck])


def test_a_seat_whose_terms_cannot_be_read_keeps_no_other_from_being_paused(tmp_path: Path) -> None:
    room = class_of(tmp_path)
    ann, _ = (pass_exercise(room, seat, mode="practice") for seat in (1, 2))
    (ann.run_dir / TERMS).write_bytes(b"")
    paused, refusals = pause_all(room.seats)
    assert (paused, [each.where for each in refusals]) == (1, [str(ann.run_dir / TERMS)])
    assert is_seat_paused(room.seat(2))
