"""Follows a unit that lets itself in to its end, and collects what it has captured."""

import asyncio
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.facility.collecting.collect import collect_at
from hht.facility.collecting.taking_in import take_in
from hht.facility.unit.display import Display, Stage
from hht.facility.wire.capture import UnitCapture
from hht.journeys.capture_events import event_of
from hht.journeys.die_at import Publish
from hht.journeys.events import CommandChanged, Failed
from hht.journeys.journal import Journal
from hht.journeys.plan.plan import Plan
from hht.training.exercise.unit_events import UnitCollected, UnitShown

if TYPE_CHECKING:
    from hht.store import Store
    from hht.training.exercise.run import TrainingRun

PATIENCE = 90.0
"""Seconds without any change on the display after which it is waited for no longer."""
_LOOK_SECONDS = 0.05
"""Between two looks at the display: as soon as an eye would see it."""


async def follow_unit(
    run: "TrainingRun", store: "Store", publish: Publish, patience: float = PATIENCE
) -> bool:
    """Watch the run's unit until nothing more happens, collect from it; return if it is in.

    The hub is switched off and on once, when the display asks for it; and again where there is more
    to deliver, for the unit's HHT half has the hub's only place for an HHT for 18 hours.
    """
    job = store.jobs.add(run.pack)
    journal = Journal(store, job.id, run.profile, publish, run.clock)
    shown = await _watch(run, journal, patience)
    try:
        await collect(run, store, job.id, journal.say)
    except HhtError as error:
        journal.say(Failed(error.what, error.where, error.remedy, error.code))
    let_in = shown is not None and shown.stage is Stage.IN
    if let_in and Plan(store.commands.of_job(job.id)).still_open:
        await asyncio.to_thread(run.power_cycle)
    return let_in


async def collect(run: "TrainingRun", store: "Store", job_id: int, say: Publish) -> None:
    """Collect from the run's unit at its port into the job; NotCollected if that fails."""
    unit = run.unit
    assert unit is not None

    def keep(_: EntityId, raw: bytes) -> None:
        capture = take_in(store, UnitCapture.decode(raw), run.keys, job_id)
        row = store.commands.get(capture.command_id) if capture.command_id else None
        say(event_of(store, capture, run.keys, row.raw if row else None))
        if row is not None:
            say(CommandChanged(row.id, row.position, row.state, row.reason))

    say(UnitCollected(*await collect_at(unit.port, keep, run.clock)))


async def _watch(run: "TrainingRun", journal: Journal, patience: float) -> Display | None:
    unit, clock = run.unit, run.clock
    assert unit is not None
    shown, changed, cycled = None, clock.elapsed(), False
    while clock.elapsed() - changed < patience and not unit.has_ended:
        if (now := unit.display) and now != shown:
            shown, changed = now, clock.elapsed()
            journal.say(shown_event(now))
        if shown and shown.stage is Stage.POWER_CYCLE and not cycled:
            cycled = True
            await asyncio.to_thread(run.power_cycle)
        if shown and shown.is_over:
            return shown
        await clock.sleep(_LOOK_SECONDS)
    return shown


def shown_event(display: Display) -> UnitShown:
    """Make the event of what a display shows."""
    return UnitShown(
        unit=display.unit,
        stage=display.stage.value,
        line=display.line,
        reason=display.reason,
        done=display.done,
        total=display.total,
        captures=display.captures,
    )
