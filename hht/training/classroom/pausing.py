"""Pause and resume for the seats of a class: the exercise that each is at."""

from collections.abc import Iterable
from pathlib import Path

from hht.errors import HhtError
from hht.simulator import pauses
from hht.simulator.site.record import SITE_FILE, load_site
from hht.training.classroom.folder import Seat
from hht.training.exercise.run_folders import FINISHED
from hht.training.exercise.terms import need_practice


def current_run(seat: Seat) -> Path | None:
    """Return the folder of the exercise that a seat is at; None where it is at none."""
    runs = [run for run in seat.runs_dir.glob("*") if _is_open(run)]
    return max(runs, key=lambda run: load_site(run).started, default=None)


def pause_seat(seat: Seat) -> bool:
    """Pause a seat's exercise; False where it is paused or the seat is at none.

    InCheck in a check: a visit that counts is not paused.
    """
    run = current_run(seat)
    if run is None:
        return False
    need_practice(run, f"{seat.trainee} is not paused in it")
    return pauses.pause(run)


def pause_all(seats: Iterable[Seat]) -> tuple[int, list[HhtError]]:
    """Pause every seat that is at an exercise; return how many are, and what kept others going."""
    paused, refusals = 0, []
    for seat in seats:
        try:
            paused += pause_seat(seat)
        except HhtError as error:
            refusals.append(error)
    return paused, refusals


def resume_seat(seat: Seat) -> bool:
    """Let a seat's exercise go on; False where it is not paused."""
    run = current_run(seat)
    return run is not None and pauses.resume(run)


def is_seat_paused(seat: Seat) -> bool:
    """Return whether the exercise that a seat is at is paused."""
    run = current_run(seat)
    return run is not None and pauses.is_paused(run)


def _is_open(run: Path) -> bool:
    return (run / SITE_FILE).exists() and not (run / FINISHED).exists()
