"""Brings an exercise to a step of its visit, so that a trainee begins there.

It is played there without a person, with the run's seed; what was played is the trainee's neither
to answer for nor to be credited with.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError, InputError
from hht.files import write_whole
from hht.store.command_states import has_arrived
from hht.training.exercise.hints import carry_hints
from hht.training.exercise.terms import PREPARED, need_practice, read_terms

if TYPE_CHECKING:
    from hht.events import Event
    from hht.store import CommandRow
    from hht.training.exercise.run import TrainingRun

CONNECTED = "connected"
"""The step at which the HHT has its tunnel, and nothing is delivered."""
FROM_THE_BEGINNING = ""
_MOST_DIGITS = 9  # of a number of steps that no exercise has
_PATIENCE = 10.0
"""Seconds for what is in the way; an exercise that can't come so far is not waited for."""


def read_step(run: "TrainingRun", step: str) -> int:
    """Return how many Local Commands are delivered at a step; InputError for one there is not.

    A step is "connected" or a number of delivered Local Commands.
    """
    last = len(run.pack.commands) - 1
    if last < 0 or run.unit:
        raise InputError(
            "This exercise has no Local Commands that are delivered by hand",
            where=run.scenario.title,
            remedy="Leave --at out.",
        )
    if step == CONNECTED:
        return 0
    number = int(step[:_MOST_DIGITS]) if step.isascii() and step.isdigit() else last + 1
    if number > last:
        raise InputError(
            f"{step[:40]!r} is no step of this exercise",
            where=run.scenario.title,
            remedy=f"Say 'connected', or how many are delivered, 0 to {last}.",
        )
    return number


def ways_back(run: "TrainingRun", rows: "Sequence[CommandRow]") -> tuple[str, ...]:
    """Return the earlier steps at which a run can begin again, the nearest first.

    The empty one is the beginning. InCheck where the run counts.
    """
    need_practice(run.run_dir, "there is no way back in it")
    arrived = sum(has_arrived(row.state) for row in rows)
    if not arrived or run.unit:
        return (FROM_THE_BEGINNING,)
    numbers = dict.fromkeys(n for n in (arrived - 1, arrived // 2) if 0 < n < arrived)
    return (*map(str, numbers), CONNECTED, FROM_THE_BEGINNING)


def way_back(data_dir: Path, name: str, step: str) -> "Callable[[], TrainingRun]":
    """Return what begins the newest run of an exercise again at an earlier step, on its own terms.

    Called in any thread, also one with an event loop. InCheck where the run counts; HhtError where
    the exercise does not come to the step: called again it begins at the beginning.
    """
    steps = iter([step])

    def begin() -> "TrainingRun":
        with ThreadPoolExecutor(1) as other_thread:
            return other_thread.submit(_go_back, data_dir, name, next(steps, "")).result()

    return begin


def _go_back(data_dir: Path, name: str, step: str) -> "TrainingRun":
    from hht.training.exercise.run_folders import runs_of
    from hht.training.scenario.load import load_scenario

    newest = next(iter(runs_of(data_dir, load_scenario(name).name)))
    need_practice(newest, "there is no way back in it")
    run = _begin_on_terms_of(newest, data_dir, name)
    carry_hints(newest, run.run_dir)
    if step:
        play_to(run, step)
    return run


def begin_again(data_dir: Path, name: str) -> "TrainingRun":
    """Begin an exercise again: on the terms of its newest run, or its first."""
    from hht.simulator.site.record import SITE_FILE
    from hht.training.exercise.run import TrainingRun
    from hht.training.exercise.run_folders import runs_of
    from hht.training.scenario.load import load_scenario

    runs = runs_of(data_dir, load_scenario(name).name)
    if runs and (runs[0] / SITE_FILE).exists():  # a run may have been killed at its beginning
        return _begin_on_terms_of(runs[0], data_dir, name)
    return TrainingRun.begin(data_dir, name, again=True)


def _begin_on_terms_of(run_dir: Path, data_dir: Path, name: str) -> "TrainingRun":
    """Begin another run with the seed, the hub, the speed and the lesson of this one."""
    from hht.simulator.site.record import load_site
    from hht.training.exercise.run import TrainingRun

    terms, speed = read_terms(run_dir), load_site(run_dir).speed
    return TrainingRun.begin(
        data_dir,
        name,
        terms.seed,
        speed=speed,
        profile=terms.profile,
        again=True,
        lesson=terms.lesson,
        mode=terms.mode,
    )


def play_to(run: "TrainingRun", step: str) -> None:
    """Play a new run to a step; its hub goes on.

    HhtError where the exercise does not come so far.
    """
    delivered = read_step(run, step)
    try:
        reached = asyncio.run(_play(run, delivered))
        if not reached:
            raise HhtError(
                f"The exercise did not come to the step {step!r}",
                where=run.scenario.title,
                remedy="Choose an earlier one, or another seed.",
            )
    except BaseException:
        run.stop_hub()
        raise
    run.is_prepared = True


async def _play(run: "TrainingRun", delivered: int) -> bool:
    """Return whether the visit came so far.

    The journal then says which of its sittings were ours.
    """
    from hht.journeys.auto.play import play
    from hht.journeys.connect import Step
    from hht.journeys.events import StepDone
    from hht.journeys.visit import Visit

    happened: list[Event] = []
    with run.open_store() as store:
        job = store.jobs.add(run.pack)
        visit = Visit(store, job.id, run.kit(run.start_hub()), happened.append)
        summary = await play(
            visit,
            patience=_PATIENCE,
            power_cycle=run.power_cycle,
            seen=run.seen,
            stop_after=delivered,
            stays=True,
            hub_ended=lambda: run.hub_has_ended,
        )
        sittings = store.events.next_sitting(job.id) - 1
    write_whole(run.run_dir / PREPARED, str(sittings).encode())
    has_tunnel = any(isinstance(e, StepDone) and e.step == Step.TUNNEL for e in happened)
    return has_tunnel and summary.delivered >= delivered
