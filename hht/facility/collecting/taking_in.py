"""Imports a unit's captures: its Commands become a job, its Responses items for SR 8.13."""

from datetime import datetime
from typing import TYPE_CHECKING

from hht.duis.job_pack import JobPack
from hht.entity_id import EntityId
from hht.facility.package.content import UnitCommand, pack_command
from hht.facility.wire.capture import UnitCapture
from hht.outbox.capture import capture_message
from hht.store import Capture, CommandEvent, Store
from hht.store.command_states import may_happen

if TYPE_CHECKING:
    from hht.gbcs.protection import KeyStore

_SENT = (CommandEvent.SEND, CommandEvent.DELIVERED)


def take_in(
    store: Store,
    collected: UnitCapture,
    keys: "KeyStore | None" = None,
    job_id: int | None = None,
) -> Capture:
    """Keep a capture in the store, durably on return; twice is as good as once.

    The Command that it answers counts as delivered: the unit has done that. `job_id` is the job of
    what answers none.
    """
    if collected.command is not None:
        job_id = _job_of(store, collected, collected.command)
    return capture_message(
        store,
        collected.gbcs,
        hub=EntityId.parse(collected.hub),
        job_id=job_id,
        received_at=datetime.fromisoformat(collected.received_at),
        keys=keys,
    )


def _job_of(store: Store, collected: UnitCapture, command: UnitCommand) -> int:
    """Return the job that has the Command.

    One is made where none has. The unit has delivered it.
    """
    found = store.commands.of_message(command.gbcs)
    job_id = found.job_id if found else store.jobs.add(_pack(collected, command)).id
    row = found or store.commands.of_job(job_id)[0]
    if row.tries == 0:
        for event in _SENT:
            if may_happen(row.state, event):
                row = store.commands.move(row.id, event, f"Delivered by {collected.unit} itself")
    return job_id


def _pack(collected: UnitCapture, command: UnitCommand) -> JobPack:
    return JobPack(
        reference=f"unit {collected.unit}",
        title=f"{command.title}, delivered by the unit itself",
        premises="",
        hub_gpf=EntityId.parse(collected.hub),
        hub_chf=None,
        profile="",
        mode=collected.mode,
        devices=(),
        commands=(pack_command(command, after=()),),
    )
