"""What the app is given in training: the exercise that was started, and no other's job."""

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
