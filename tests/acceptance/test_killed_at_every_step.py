"""Kill -9 of the app, of the hub, or of both at every step: nothing lost, nothing done twice.

Each test is one journey that is killed again and again, a step further each time, and started
again from what is on the disk. The suite plays a share of the steps, HHT_LONG=1 all of them.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from journey_stage import Stage, sent
from play_visit import QUIET_SECONDS
from sampling import LONG, share_of

from hht.events import Event
from hht.gbcs.keystore import PemFolder
from hht.gbcs.message import Cra
from hht.hub_profile import load_profile
from hht.journeys.auto.play import play
from hht.journeys.equipment import RadioKit
from hht.journeys.events import Summary
from hht.journeys.move.standing import move_view
from hht.journeys.move.states import MoveState
from hht.journeys.visit import Visit
from hht.session.identity import load_identity
from hht.simulator.process import STATE_FILE

pytestmark = pytest.mark.whole_program


def steps_of_connecting(numbers: range) -> list[str]:
    """Before each step, and after it."""
    return [f"{word}:{number}" for number in numbers for word in ("step_started", "step_done")]


JOINING = steps_of_connecting(range(1, 6))
AS_MEMBER = steps_of_connecting(range(1, 3))  # the dongle stays in the HAN when the app dies
ALL_OF_CONNECTING = steps_of_connecting(range(1, 8))
DELIVERING = [
    "command_changed:1",
    "command_sent:1",
    "command_changed:3",
    "alert_captured:1",
    "response_captured:1",
    "command_changed:4",
    "command_sent:2",
    "response_captured:3",
    "left:1",
]
MOVING = ("move_away:1", "move_asked:1", "hub_back:1", "device_way_back:3")
KILLED = -9


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage.make(tmp_path / "stage")
    stage.start_hub()
    yield stage
    stage.stop()


def die_at(
    stage: Stage, steps: Sequence[str], after_death: Callable[[], None] = lambda: None
) -> None:
    """Kill the app at one step after another; whatever was answered is never sent again."""
    for step in steps:
        answered, captured = stage.answered(), stage.captured()
        code, events = stage.play(HHT_DIE_AT=step)
        assert code == KILLED, step
        after_death()
        assert journaled(stage)[-len(events) - 1 : -1] == events, step
        assert not sent(events) & answered, step
        assert captured <= stage.captured(), step


def journaled(stage: Stage) -> list[dict[str, Any]]:
    """What happened so far, as the next program reads it."""
    with stage.open_store() as store:
        return [record.row for record in store.events.of_job(1)]


def finish(stage: Stage) -> dict[str, Any]:
    answered = stage.answered()
    code, events = stage.play()
    assert code == 0
    assert not sent(events) & answered
    return events[-1]


def check_complete(stage: Stage, summary: dict[str, Any]) -> None:
    """Every Local Command answered, and all that the hub ever had for the HHT captured."""
    assert summary["outcome"] == "complete", summary
    assert summary["delivered"] == summary["answered"] == len(stage.answered()) >= 10
    assert (summary["failed"], summary["unknown"]) == (0, 0)
    with stage.open_store() as store:
        responses = [each for each in store.captures.of_job(1) if each.cra is Cra.RESPONSE]
        commands = store.commands.of_job(1)
    assert sorted(each.command_id or 0 for each in responses) == [row.id for row in commands]


def test_the_app_killed_at_every_step_goes_on_to_a_complete_job(stage: Stage) -> None:
    die_at(stage, share_of((*JOINING, *AS_MEMBER, *DELIVERING), 3))
    check_complete(stage, finish(stage))


def test_app_and_hub_killed_together_go_on_to_a_complete_job(stage: Stage) -> None:
    def kill_the_hub_too() -> None:
        stage.kill_hub()
        stage.start_hub()

    die_at(stage, share_of((*ALL_OF_CONNECTING[::3], *DELIVERING[::2]), 2), kill_the_hub_too)
    check_complete(stage, finish(stage))


@pytest.mark.skipif(not LONG, reason="ten seconds each: a row of .ci/long")
@pytest.mark.parametrize("step", MOVING)
def test_app_and_hub_killed_together_in_a_move_go_on_to_a_complete_job(
    tmp_path: Path, step: str
) -> None:
    stage = Stage.make(tmp_path / "stage", "noisy-flat")

    def kill_the_hub_too() -> None:
        stage.kill_hub()
        stage.start_hub()

    try:
        stage.start_hub()
        die_at(stage, (step,), kill_the_hub_too)
        summary = finish(stage)
        assert (summary["outcome"], summary["answered"], summary["unknown"]) == ("complete", 4, 0)
        with stage.open_store() as store:
            move = move_view(store, store.jobs.get(1))
        assert move is not None
        assert (move.move.state, move.not_back) == (MoveState.DONE, ())
    finally:
        stage.stop()


def test_the_app_killed_around_its_commits_goes_on_to_a_complete_job(stage: Stage) -> None:
    for boundary in share_of((3, 13, 21, 22, 23, 24, 25, 26, 27, 41), 3):
        answered = stage.answered()
        code, events = stage.play(HHT_CRASH_AT=str(boundary))
        assert code in (0, KILLED)
        assert not sent(events) & answered
    check_complete(stage, finish(stage))


def test_a_hub_killed_at_every_step_is_found_again_and_the_job_completed(stage: Stage) -> None:
    """The app lives on: it loses dongle and hub at once, and seeks them until they are back."""
    # Five losses without a Response between them are one too many: Retries gives up then.
    steps = ["step_done:3", "step_done:5", "step_done:7", "command_sent:1", "response_captured:4"]
    steps += ["command_changed:2", "alert_captured:2", "command_changed:5", "step_started:6"]
    steps = list(share_of(steps, 3))
    summary = asyncio.run(play_beside_a_dying_hub(stage, steps))
    assert steps == []
    check_complete(stage, {name: getattr(summary, name) for name in Summary.__slots__})


async def play_beside_a_dying_hub(stage: Stage, steps: list[str]) -> Summary:
    """Play the visit here; the hub is killed and started again at each of the steps in turn."""
    published: Counter[str] = Counter()

    def watch(event: Event) -> None:
        published[event.name] += stage.hub is not None
        if stage.hub is not None and steps and steps[0] == f"{event.name}:{published[event.name]}":
            steps.pop(0)
            published.clear()
            stage.kill_hub()
            threading.Thread(target=stage.start_hub).start()

    with stage.open_store() as store:
        identity = load_identity(stage.run_dir / "hht-identity.json")
        kit = RadioKit(stage.address, identity, load_profile(), PemFolder(stage.run_dir / "keys"))
        visit = Visit(store, 1, kit, watch, quiet_seconds=QUIET_SECONDS)
        return await play(visit)


def test_nothing_that_the_hub_had_for_the_hht_is_missing(stage: Stage) -> None:
    """The hub's own memory is the judge: what it holds for the HHT was captured before."""
    stage.play(HHT_DIE_AT="response_captured:5")
    stage.play(HHT_DIE_AT="alert_captured:9")
    check_complete(stage, finish(stage))
    memory = json.loads((stage.run_dir / STATE_FILE).read_text())
    assert {bytes.fromhex(raw) for raw in memory["outbox"]} <= stage.captured()


def test_the_same_job_is_done_over_a_pseudo_terminal(tmp_path: Path) -> None:
    stage = Stage.make(tmp_path / "stage")
    try:
        _, events = stage.play(stage.start_hub("--pty"))
        check_complete(stage, events[-1])
    finally:
        stage.stop()
