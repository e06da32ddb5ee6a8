"""A unit that lets itself in, killed at every step: in once, delivered once, all handed over.

Each step costs a process and a connection, so the suite plays a share; HHT_LONG=1 plays all.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sampling import share_of

from hht.events import Event
from hht.gbcs.message import Cra
from hht.journeys.auto.outcome import outcome_of
from hht.simulator.hub.hub_log import read_log
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.self_install import follow_unit
from hht.training.exercise.unit import ExerciseUnit

pytestmark = pytest.mark.whole_program

SCENARIO = "ppmid-self-install-no-limit"
KILLED = -9
STEP_SECONDS = 60
STEPS = [
    *(f"{word}:{number}" for number in range(1, 8) for word in ("step_started", "step_done")),
    *(f"command_changed:{number}" for number in (1, 2, 3)),
    "alert_captured:1",
    "response_captured:1",
    "command_sent:1",
    "left:1",
]
"""Of one sitting; a later one may have fewer, and then lives on to its end."""
COMMITS = (5, 9, 14, 18, 21, 24, 27, 33, 40, 47)
"""Boundaries of the store's transactions, counted in one sitting."""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[TrainingRun]:
    # Faster, the ten minutes of joining would end while a busy machine starts the unit four times.
    run = TrainingRun.begin(tmp_path, SCENARIO, seed=1, speed=4)
    run.start_hub()
    unit_of(run).stop()
    yield run
    run.stop_hub()


def unit_of(run: TrainingRun) -> ExerciseUnit:
    assert run.unit is not None
    return run.unit


def die_at(run: TrainingRun, **where: str) -> bool:
    """Switch the unit on and wait for its death; False where it came to its end before."""
    unit = unit_of(run)
    unit.start(**where)
    for _ in range(STEP_SECONDS * 20):
        if (code := unit.wait(0.05)) is not None:
            assert code == KILLED, (unit.folder / "unit.log").read_text()
            return True
        if (shown := unit.display) and shown.is_over:
            assert shown.stage == "in", shown
            unit.stop()
            return False
    raise AssertionError(f"neither died nor came to its end: {unit.display}")


def check_handed_over(run: TrainingRun) -> None:
    """Let it live to its end, collect, and look at both sides."""
    events: list[Event] = []
    unit_of(run).start()
    with run.open_store() as store:
        assert asyncio.run(follow_unit(run, store, events.append)), events
        job = store.jobs.add(run.pack)
        rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
    assert outcome_of(rows) == "complete"
    responses = [each for each in captures if each.cra is Cra.RESPONSE]
    assert sorted(each.command_id or 0 for each in responses) == [row.id for row in rows]
    assert all(each.return_id for each in responses)
    log = Counter(entry["what"] for entry in read_log(run.run_dir))
    assert log["device-joined"] == 1
    assert log["response"] == len(rows)
    shown = unit_of(run).display
    assert shown is not None


def test_a_unit_killed_at_its_steps_comes_in_once_and_hands_everything_over(
    run: TrainingRun,
) -> None:
    for step in share_of(STEPS, 6):
        die_at(run, HHT_DIE_AT=step)
    check_handed_over(run)


def test_a_unit_killed_around_its_commits_comes_in_once_and_hands_everything_over(
    run: TrainingRun,
) -> None:
    for boundary in share_of(COMMITS, 4):
        die_at(run, HHT_CRASH_AT=str(boundary))
    check_handed_over(run)
