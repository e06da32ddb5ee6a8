"""What the app is given in training: the exercise that was started, and no other's job."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hht.errors import HhtError
from hht.journeys.events import Failed, HubChosen
from hht.training.exercise.backing import ExerciseBacking
from hht.training.exercise.other_runs import OtherExercise
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.run_folders import DEBRIEF, FINISHED


def backing(data_dir, scenario):
    return ExerciseBacking(None, lambda: TrainingRun.resume_or_start(data_dir, scenario))


def test_a_job_of_another_exercise_is_not_taken_to_this_ones_hub(tmp_path):
    backing(tmp_path, "no-window-limit").open_store().close()
    exercise = backing(tmp_path, "two-hubs-same-channel")
    with exercise.open_store() as store:
        own, other = store.jobs.all()
        with pytest.raises(HhtError, match="not of the exercise"):
            exercise.equip(other.id)
        assert exercise.equip(own.id).radio_url.startswith("socket://")
        exercise.run.stop_hub()


def test_a_job_of_another_exercise_is_known_by_its_run_and_judged_there(tmp_path: Path) -> None:
    backing(tmp_path, "no-window-limit").open_store().close()
    exercise = backing(tmp_path, "two-hubs-same-channel")
    with exercise.open_store() as store:
        own, other = store.jobs.all()
        assert exercise.of_another(store, own.id) is None
        title = "A hub without the 60-minute limit"
        assert exercise.of_another(store, other.id) == OtherExercise("no-window-limit", title)
        run = TrainingRun.resume_or_start(tmp_path, "no-window-limit")
        (run.run_dir / FINISHED).touch()
        found = exercise.of_another(store, other.id)
        assert found
        assert found.is_finished
        judged = exercise.debrief_of_another(store, other.id)
        assert judged
        assert judged.scenario == "no-window-limit"


def test_a_job_whose_exercise_was_deleted_says_so(tmp_path: Path) -> None:
    backing(tmp_path, "no-window-limit").open_store().close()
    shutil.rmtree(tmp_path / "training" / "runs" / "no-window-limit-1")
    exercise = backing(tmp_path, "two-hubs-same-channel")
    with exercise.open_store() as store:
        _own, other = store.jobs.all()
        assert exercise.of_another(store, other.id) == OtherExercise()
        assert exercise.debrief_of_another(store, other.id) is None


def test_to_look_at_the_debrief_before_the_end_does_not_end_the_exercise(tmp_path: Path) -> None:
    exercise = backing(tmp_path, "no-window-limit")
    with exercise.open_store() as store:
        job_id = exercise.job_id()
        assert not exercise.debrief(store, job_id, looking=True).is_over
        assert not (exercise.run.run_dir / DEBRIEF).exists()
        assert exercise.debrief(store, job_id).is_over
        assert (exercise.run.run_dir / DEBRIEF).exists()


def test_an_exercise_that_is_over_sells_no_hint(tmp_path: Path) -> None:
    exercise = backing(tmp_path, "join-refused")
    with exercise.open_store() as store:
        job_id, gpf = exercise.job_id(), exercise.run.scenario.site.hub.gpf
        assert exercise.hints().left
        for event in (HubChosen(gpf), Failed("The hub did not let it join", "", "", "HUB-07")):
            store.events.add(event, at=store.clock.now(), job_id=job_id, sitting=1)
        assert exercise.debrief(store, job_id).as_expected
        with pytest.raises(HhtError, match="a hint would only cost points"):
            exercise.hints()


class Unit:
    """A unit whose process was killed; `starts` counts how often it was switched on again."""

    def __init__(self) -> None:
        self.has_ended, self.starts, self.display = True, 0, "looking"

    def start(self) -> None:
        self.has_ended, self.starts = False, self.starts + 1


@pytest.mark.parametrize(("hub_has_ended", "starts"), [(False, 1), (True, 0)])
def test_a_unit_that_was_killed_goes_on_unless_its_hub_has_gone(
    tmp_path: Path, hub_has_ended: bool, starts: int
) -> None:
    unit = Unit()
    run: Any = SimpleNamespace(run_dir=tmp_path, unit=unit, hub_has_ended=hub_has_ended)
    exercise = ExerciseBacking(None, lambda: run)
    assert [exercise.unit_display() for _ in range(2)] == ["looking"] * 2
    assert unit.starts == starts
