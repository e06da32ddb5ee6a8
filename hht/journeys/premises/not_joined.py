"""Local Commands that were answered and whose Device has not joined: the hub lists it, no more."""

from collections.abc import Iterable

from hht.entity_id import EntityId
from hht.gbcs.device_commands import CCS01
from hht.journeys.plan.kinds import kinds
from hht.journeys.plan.subjects import subjects_of
from hht.journeys.premises.device_logs import CHF_LOG, log_in
from hht.journeys.premises.devices import HanState, Premises
from hht.store import CommandRow, JobRow, Store
from hht.store.command_states import is_done


def not_joined(rows: Iterable[CommandRow], premises: Premises) -> dict[int, EntityId]:
    """Return the Device that has not joined, by the id of each CCS01 that put it into the log.

    A hub that does not show who joins leaves its Devices out: of those nothing is known.
    """
    listed = premises.in_state(HanState.IN_LOG)
    adds = (row for row in rows if listed and row.message_code == CCS01 and is_done(row.state))
    return {row.id: device for row in adds for device in subjects_of(row) & listed}


def not_joined_of(store: Store, job: JobRow) -> dict[int, EntityId]:
    """Return the same of a job in the store; one whose last logs leave nothing open is not read."""
    if not _may_be_awaited(store, job):
        return {}
    rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
    return not_joined(rows, Premises.of(job, captures))


def _may_be_awaited(store: Store, job: JobRow) -> bool:
    """Return whether the last log with keys, or another that was read since, leaves one open."""
    if job.hub_chf is None:
        return False
    reads = sorted(code for kind in kinds() if kind.id == "read-log" for code in kind.codes)
    logs = store.captures.last_logs(job.id, job.hub_chf, CHF_LOG, reads)
    if not logs:
        return False
    listed = log_in(logs[0].raw) if logs[0].alert_code == CHF_LOG else None
    return listed is None or any(
        not listed.get(each.entity_id, True)
        or any((each.entity_id in listed) is (log.raw.find(each.entity_id) < 0) for log in logs[1:])
        for each in job.devices
    )
