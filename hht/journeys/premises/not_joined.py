"""Local Commands that were answered and whose Device has not joined: the hub lists it, no more."""

from collections.abc import Iterable

from hht.entity_id import EntityId
from hht.gbcs.device_commands import CCS01
from hht.journeys.plan.subjects import subjects_of
from hht.journeys.premises.devices import HanState, Premises
from hht.store import CommandRow
from hht.store.command_states import is_done


def not_joined(rows: Iterable[CommandRow], premises: Premises) -> dict[int, EntityId]:
    """Return the Device that has not joined, by the id of each CCS01 that put it into the log.

    A hub that does not show who joins leaves its Devices out: of those nothing is known.
    """
    listed = premises.in_state(HanState.IN_LOG)
    adds = (row for row in rows if listed and row.message_code == CCS01 and is_done(row.state))
    return {row.id: device for row in adds for device in subjects_of(row) & listed}
