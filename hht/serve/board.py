"""The trainer's board without its screen: a row for each seat, who is stuck on top."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hht.errors import HhtError
from hht.serve.report import SeatReport, read_report
from hht.serve.roll import Place, is_served, places_in, seat_folder
from hht.simulator.pauses import Pauses

STEPS = 5
"""Parts of an exercise between which its par is divided: those of the stepper."""
STUCK_AFTER = 2.0
"""Times a step's share of the par, after which a trainee is likely to need help."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A seat as the board shows it; `minutes` are of the exercise, `on_step` of the step so far."""

    place: Place
    folder: Path
    report: SeatReport | None = None
    minutes: float = 0.0
    on_step: float = 0.0
    is_stuck: bool = False
    is_paused: bool = False

    @property
    def order(self) -> tuple[int, float, int]:
        """Stuck before working before over before empty; the longest on a step first."""
        if self.report is None:
            return 3, 0.0, self.place.number
        if self.report.is_over:
            return 2, 0.0, self.place.number
        return (0 if self.is_stuck else 1), -self.on_step, self.place.number


def rows_of(folder: Path, now: float) -> list[BoardRow]:
    """Return every seat of a class folder, in the order in which a trainer wants to see them."""
    places = places_in(folder)
    if not is_served(folder):
        places = [replace(place, is_present=False) for place in places]
    rows = [_row(place, seat_folder(folder, place.number), now) for place in places]
    return sorted(rows, key=lambda row: row.order)


def _row(place: Place, folder: Path, now: float) -> BoardRow:
    report = read_report(folder)
    if report is None:
        return BoardRow(place, folder)
    pauses = pauses_of(folder)
    # An app that ended has no minutes since its last report.
    until = now - pauses.total if place.is_present else report.at
    on_step = max(0.0, until - report.since) / 60
    share = par_minutes(report.exercise) / STEPS
    return BoardRow(
        place,
        folder,
        report,
        minutes=max(0.0, (report.at if report.is_over else until) - report.begun) / 60,
        on_step=on_step,
        is_stuck=not report.is_over and on_step > STUCK_AFTER * share,
        is_paused=pauses.is_on and not report.is_over,
    )


def pauses_of(folder: Path) -> Pauses:
    """Return the pauses of the exercise that a seat is at; none where it is at none."""
    return Pauses(newest_run(folder) or folder)


@cache
def par_minutes(exercise: str) -> float:
    """Return the minutes an exercise should take; an hour for one that can't be read any more."""
    from hht.training.scenario.load import load_scenario

    try:
        return load_scenario(exercise).par_minutes
    except HhtError:
        return 60.0


def newest_run(folder: Path) -> Path | None:
    """Return the folder of a seat's newest run."""
    runs = (folder / "training" / "runs").glob("*-*/")
    return max(runs, key=lambda run: run.stat().st_mtime, default=None)
