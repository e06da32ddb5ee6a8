"""What a seat's app reports of itself to the trainer's board, in a file of the seat's folder."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from hht.files import read_plain, write_whole

REPORT_FILE = "seat.json"
DEBRIEF = "debrief"
"""The stage of an exercise that is over."""


@dataclass(frozen=True, slots=True)
class SeatReport:
    """The state of a trainee; moments in seconds since 1970, less those of the exercise's pauses.

    `stage` is that of the stepper, or "debrief"; `since` is when stage or `delivered` changed last;
    `points` are those so far, None before there are any; `screen` is what the trainee sees, line
    by line.
    """

    exercise: str
    stage: str
    delivered: int
    commands: int
    failure: str
    begun: float
    since: float
    at: float
    points: int | None = None
    screen: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.stage == DEBRIEF


def write_report(folder: Path, report: SeatReport) -> None:
    """Put the report in the place of the one before."""
    write_whole(folder / REPORT_FILE, json.dumps(asdict(report)).encode())


def read_report(folder: Path) -> SeatReport | None:
    """Read the last report; None where there is none yet, or what is there is none."""
    try:
        found = json.loads(read_plain(folder / REPORT_FILE))
        found["screen"] = tuple(found["screen"])
        report = SeatReport(**{each.name: found[each.name] for each in fields(SeatReport)})
        numbers = (report.delivered, report.commands, report.begun, report.since, report.at)
        words = (report.exercise, report.stage, report.failure, *report.screen)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_whole = all(isinstance(each, int | float) for each in (*numbers, report.points or 0))
    return report if is_whole and all(isinstance(each, str) for each in words) else None
