"""Hints cost what the scenario says, a check has none, and going back leaves them paid for."""

from pathlib import Path

import pytest

from hht.errors import HhtError
from hht.store import Mode, Store
from hht.training.exercise.backing import ExerciseBacking
from hht.training.exercise.event_log import debrief_play
from hht.training.exercise.hints import HINTS_FILE, hints_of, take_hint
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.starting import CONNECTED, FROM_THE_BEGINNING, way_back, ways_back
from hht.training.exercise.terms import TERMS, InCheck, Terms, read_terms
from hht.training.scenario.load import load_scenario

FAST = 300  # as --auto plays it
SCENARIO = load_scenario("gsme-asleep")


def test_each_hint_is_given_once_in_the_scenarios_order_and_counted_before(tmp_path: Path) -> None:
    assert hints_of(tmp_path, SCENARIO).given == ()
    assert [take_hint(tmp_path, SCENARIO) for _ in SCENARIO.hints] == list(SCENARIO.hints)
    stand = hints_of(tmp_path, SCENARIO)
    assert (stand.given, stand.left, stand.price) == (SCENARIO.hints, 0, SCENARIO.score.hint)
    with pytest.raises(HhtError, match="no more hints"):
        take_hint(tmp_path, SCENARIO)


@pytest.mark.parametrize("kept", [b"", b"two", b"-1", b"\xff\xfe", b"2 3"])
def test_a_count_of_hints_that_cannot_be_read_is_not_taken_for_none(
    tmp_path: Path, kept: bytes
) -> None:
    (tmp_path / HINTS_FILE).write_bytes(kept)
    for ask in (hints_of, take_hint):
        with pytest.raises(HhtError, match="hints cannot be read"):
            ask(tmp_path, SCENARIO)
    assert (tmp_path / HINTS_FILE).read_bytes() == kept


def test_a_check_has_neither_a_hint_nor_a_way_back(tmp_path: Path) -> None:
    run = TrainingRun.begin(tmp_path, "no-window-limit", 3, mode="check")
    for asked in (
        lambda: hints_of(run.run_dir, SCENARIO),
        lambda: take_hint(run.run_dir, SCENARIO),
        lambda: ways_back(run, ()),
        way_back(tmp_path, "no-window-limit", CONNECTED),
    ):
        with pytest.raises(InCheck, match="This exercise is a check"):
            asked()
    assert len(list((tmp_path / "training" / "runs").iterdir())) == 1


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"{}",
        b"[" * 5000,
        b'{"seed": "3", "profile": "", "lesson": 0, "mode": "check"}',
        b'{"seed": 3, "profile": "", "lesson": 0, "mode": "chick"}',
    ],
    ids=["empty", "no fields", "deep", "wrong type", "no such mode"],
)
def test_an_exercise_whose_terms_cannot_be_read_is_not_taken_for_practice(
    tmp_path: Path, kept: bytes
) -> None:
    (tmp_path / TERMS).write_bytes(kept)
    for ask in (hints_of, take_hint):
        with pytest.raises(
            HhtError, match=r"terms\.json: The terms of this exercise can't be read"
        ):
            ask(tmp_path, SCENARIO)


def test_hints_cost_points_in_the_debrief_and_in_the_points_so_far(tmp_path: Path) -> None:
    run = TrainingRun.begin(tmp_path, "no-window-limit", 3)
    exercise = ExerciseBacking(None, lambda: run)
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        before = exercise.points(store, job.id)
        exercise.take_hint()
        assert exercise.points(store, job.id) == before - run.scenario.score.hint
        found = {each.what: each.count for each in debrief_play(run, store, job.id).findings}
    assert found["hint"] == 1


@pytest.mark.whole_program
def test_an_exercise_goes_back_to_a_step_on_its_own_terms(tmp_path: Path) -> None:
    run = TrainingRun.begin(tmp_path, "no-window-limit", 3, speed=FAST, lesson=2, mode="practice")
    take_hint(run.run_dir, run.scenario)
    earlier = way_back(tmp_path, "no-window-limit", CONNECTED)()
    try:
        assert earlier.run_dir != run.run_dir
        assert earlier.is_prepared
        assert read_terms(earlier.run_dir) == Terms(seed=3, lesson=2, mode="practice")
        assert ExerciseBacking(None, lambda: earlier).hints().given == run.scenario.hints[:1]
    finally:
        earlier.stop_hub()
    with Store.open(tmp_path / "training.db", Mode.TRAINING) as store:
        [_, rows] = [store.commands.of_job(job.id) for job in store.jobs.all()]
    assert ways_back(earlier, rows) == (FROM_THE_BEGINNING,)
