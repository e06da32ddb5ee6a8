"""What the app is given in training: the exercise that was started, and no other's job."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hht.errors import HhtError
from hht.training.exercise.backing import ExerciseBacking
from hht.training.exercise.run import TrainingRun


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
