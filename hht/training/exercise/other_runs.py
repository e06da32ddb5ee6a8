"""The run of another exercise, found by its job: what it was worth, and whether it goes on."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.run_folders import DEBRIEF, FINISHED

if TYPE_CHECKING:
    from hht.store import Store


@dataclass(frozen=True, slots=True)
class OtherExercise:
    """The exercise that a job is of, where that is not the one which was started.

    `name` and `title` are empty where its folder is there no more.
    """

    name: str = ""
    title: str = ""
    is_finished: bool = False
    is_judged: bool = False


def other_exercise(run: TrainingRun | None) -> OtherExercise:
    """Describe the exercise of a run, which may be gone."""
    if run is None:
        return OtherExercise()
    return OtherExercise(
        run.scenario.name,
        run.scenario.title,
        is_finished=(run.run_dir / FINISHED).exists(),
        is_judged=(run.run_dir / DEBRIEF).exists(),
    )


def run_of_job(data_dir: Path, store: "Store", job_id: int) -> TrainingRun | None:
    """Return the newest run whose job this is; None where its folder is there no more."""
    return next((run for run in _runs(data_dir) if _is_job(store, run, job_id)), None)


def _runs(data_dir: Path) -> Iterator[TrainingRun]:
    """Open every run that can be read, those touched last first."""
    folders = (data_dir / "training" / "runs").glob("*-*")
    for folder in sorted(folders, key=lambda each: each.stat().st_mtime, reverse=True):
        with suppress(HhtError, OSError):
            yield TrainingRun.at(data_dir, folder)


def _is_job(store: "Store", run: TrainingRun, job_id: int) -> bool:
    try:
        job = store.jobs.find(run.pack)
    except (HhtError, OSError):  # a run whose site was never made, or is of another version
        return False
    return job is not None and job.id == job_id
