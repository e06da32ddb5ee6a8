"""A unit that lets itself in, killed at every step: in once, delivered once, all handed over.

A kill in the middle of the ESME's key establishment may cost the Join: the ESME refuses it then,
and the unit says so. Nothing else is an end that is not whole. Each step costs a process and a
connection, so the suite plays a share; HHT_LONG=1 plays all.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

import pytest
from patience import PATIENCE
from sampling import share_of

from hht.duis.job.words import TRAINING
from hht.events import Event
from hht.facility.unit.display import Display
from hht.gbcs.message import Cra
from hht.journeys.auto.outcome import outcome_of
from hht.simulator.hub.hub_log import read_log
from hht.store import CommandRow, CommandState
from hht.store.command_states import has_reply, is_done, is_under_way
from hht.store.databases import open_store
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.self_install import follow_unit
from hht.training.exercise.unit import ExerciseUnit

pytestmark = pytest.mark.whole_program

SCENARIO = "ppmid-self-install-no-limit"
KILLED = -9
CS03A1 = 0x000D
STEP_SECONDS = 60
JOIN_DELIVERED = "command_changed:5"
"""Three changes of the CCS01, then the Join is sent, and is delivered."""
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
    """Switch the unit on and wait for its death or its end; return if a Join was under way then."""
    unit = unit_of(run)
    unit.start(**where)
    for _ in range(STEP_SECONDS * 20):
        if (code := unit.wait(0.05)) is not None:
            assert code == KILLED, (unit.folder / "unit.log").read_text()
            return a_join_is_under_way(run)
        if (shown := unit.display) and shown.is_over:
            assert shown.stage == "in", shown
            unit.stop()
            return False
    raise AssertionError(f"neither died nor came to its end: {unit.display}")


def a_join_is_under_way(run: TrainingRun) -> bool:
    """Whether the unit that died awaited the Response to its Join: the ESME asks it for a key."""
    with open_store(unit_of(run).folder, run.pack.mode or TRAINING) as store:
        rows = [row for job in store.jobs.all() for row in store.commands.of_job(job.id)]
    return any(row.message_code == CS03A1 and is_under_way(row.state) for row in rows)


def check_handed_over(run: TrainingRun, *, died_in_join: bool) -> None:
    """Let it live to its end, collect, and look at both sides."""
    events: list[Event] = []
    unit_of(run).start()
    with run.open_store() as store:
        assert asyncio.run(follow_unit(run, store, events.append)), events
        job = store.jobs.add(run.pack)
        rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
    replied = [row for row in rows if has_reply(row.state)]
    responses = [each for each in captures if each.cra is Cra.RESPONSE]
    assert sorted(each.command_id or 0 for each in responses) == [row.id for row in replied]
    assert all(each.return_id for each in responses)
    log = Counter(entry["what"] for entry in read_log(run.run_dir))
    assert log["device-joined"] == 1
    assert log["response"] == len(replied)
    shown = unit_of(run).display
    assert shown is not None
    assert (shown.stage, shown.captures) == ("in", 0)
    if died_in_join and outcome_of(rows) != "complete":
        check_refused_join(rows, shown)
    else:
        assert outcome_of(rows) == "complete", rows


def check_refused_join(rows: Sequence[CommandRow], shown: Display) -> None:
    """Look whether the ESME got no key, nothing was sent after that, and the display says so."""
    added, refused, *rest = rows
    assert is_done(added.state)
    assert (refused.message_code, refused.state) == (CS03A1, CommandState.REFUSED)
    assert "CBKE" in refused.reason or "key agreement" in refused.reason, refused.reason
    assert all(row.state is CommandState.WAITING for row in rest)
    assert shown.reason == f"{refused.title}: {refused.reason}"
    assert shown.remedy


def test_a_unit_killed_at_its_steps_comes_in_once_and_hands_everything_over(
    run: TrainingRun,
) -> None:
    died = [die_at(run, HHT_DIE_AT=step) for step in share_of(STEPS, 6)]
    check_handed_over(run, died_in_join=any(died))


def test_a_unit_killed_around_its_commits_comes_in_once_and_hands_everything_over(
    run: TrainingRun,
) -> None:
    died = [die_at(run, HHT_CRASH_AT=str(boundary)) for boundary in share_of(COMMITS, 4)]
    check_handed_over(run, died_in_join=any(died))


def test_a_unit_that_was_gone_while_the_esme_asked_it_for_a_key_says_so_at_once(
    run: TrainingRun,
) -> None:
    died = die_at(run, HHT_DIE_AT=JOIN_DELIVERED)
    wait_for_responses(run, 2)  # of the hub to the CCS01, and of the ESME
    check_handed_over(run, died_in_join=died)


def wait_for_responses(run: TrainingRun, count: int) -> None:
    deadline = monotonic() + PATIENCE
    while sum(entry["what"] == "response" for entry in read_log(run.run_dir)) < count:
        assert monotonic() < deadline
        sleep(0.1)
