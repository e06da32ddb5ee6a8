"""From a play's journals, the visit's and the hub's, to its debrief."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.entity_id import EntityId
    from hht.events import Record
    from hht.store import CommandRow, Store
    from hht.training.debrief import Debrief
    from hht.training.exercise.run import TrainingRun
    from hht.training.played import CommandStand, Played


def debrief_play(run: "TrainingRun", store: "Store", job_id: int) -> "Debrief":
    """Judge the play of a run, from its first sitting to its last."""
    from hht.training.debrief import debrief

    return debrief(run.scenario, played_of(run, store, job_id))


def played_of(run: "TrainingRun", store: "Store", job_id: int) -> "Played":
    """Read what was played of a run, to its end or so far; the store may be open read-only."""
    from hht.journeys.delivery_time import timed
    from hht.journeys.plan.later_outcomes import failed_later_of
    from hht.simulator.hub.hub_log import read_log
    from hht.training.exercise.hints import hints_taken
    from hht.training.exercise.terms import prepared_sittings
    from hht.training.played import Played

    commands, before = store.commands.of_job(job_id), prepared_sittings(run.run_dir)
    later = failed_later_of(store, store.jobs.get(job_id))
    records = [each for each in store.events.of_job(job_id) if each.sitting > before]
    return Played(
        outcome=_outcome(run, commands, later),
        minutes=minutes_of(records),
        events=tuple(timed(records)),
        commands=tuple(_stand(row, row.id in later) for row in commands),
        alerts=_alerts(store, job_id),
        hub_log=tuple(read_log(run.run_dir)),
        hints=hints_taken(run.run_dir),
    )


def _outcome(run: "TrainingRun", commands: "Sequence[CommandRow]", later: "Collection[int]") -> str:
    """Say how the visit ended; it is not complete where a unit gave up outside the HAN."""
    from hht.facility.unit.display import Stage
    from hht.journeys.auto.outcome import outcome_of

    outcome, shown = outcome_of(commands, later), run.unit.display if run.unit else None
    gave_up = shown is not None and shown.is_over and shown.stage is not Stage.IN
    return "incomplete" if gave_up and outcome == "complete" else outcome


def minutes_of(records: "Iterable[Record]") -> float:
    """Add up how long each sitting was, from its first event to its last."""
    seconds: defaultdict[int, list[float]] = defaultdict(list)
    for record in records:
        seconds[record.sitting].append(record.seconds)
    return sum(max(each) - min(each) for each in seconds.values()) / 60


def _stand(row: "CommandRow", failed_later: bool) -> "CommandStand":
    """Say how a Local Command went; one that was accepted and not carried out counts as refused."""
    from hht.gbcs.message import read_headers
    from hht.store import CommandState
    from hht.training.played import CommandStand

    counter = read_headers(row.raw).counter
    return CommandStand(
        row.title,
        CommandState.REFUSED if failed_later else row.state,
        row.last_event,
        counter,
        position=row.position,
        after=row.after,
        is_uncaptured=row.is_uncaptured,
    )


def _alerts(store: "Store", job_id: int) -> "frozenset[tuple[EntityId, int]]":
    """Collect the Alerts that were captured: who each is from, and its code."""
    return frozenset(
        (each.originator, each.alert_code)
        for each in store.captures.of_job(job_id)
        if each.originator is not None and each.alert_code is not None
    )
