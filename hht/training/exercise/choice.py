"""Which exercises there are to choose from, and how each went last time."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hht.training.exercise.run_folders import interrupted, points_in, runs_of
from hht.training.scenario.load import list_scenarios
from hht.training.scenario.spec import Scenario

FIRST = "no-wan-install"
"""The exercise to begin with: the whole job, with nothing that goes wrong."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An exercise, the points of its last run that was judged, and whether it is to go on."""

    scenario: Scenario
    last_points: int | None
    goes_on: bool = False


def choices(data_dir: Path) -> Iterator[Choice]:
    """Yield every exercise, the one to begin with first and drafts last."""
    left = interrupted(data_dir)
    for scenario in sorted(list_scenarios(), key=lambda each: (each.is_draft, each.name != FIRST)):
        judged = (points_in(run) for run in runs_of(data_dir, scenario.name))
        yield Choice(
            scenario,
            next((each for each in judged if each is not None), None),
            scenario.name == left,
        )
