"""Whether firmware may still be reported to a HHT, as the store has it: without a visit."""

from datetime import timedelta

from hht.clock import Clock
from hht.errors import HhtError
from hht.hub_profile import DEFAULT, load_profile
from hht.journeys.connect import Connect, ConnectState, seconds_left
from hht.journeys.firmware.firmware_journey import FirmwareJourney
from hht.journeys.journal import JOURNEY
from hht.journeys.plan.plan import Plan
from hht.store import JobRow, Store


def may_still_report(store: Store, job: JobRow, clock: Clock) -> bool:
    """Return whether a Device may report firmware to a HHT that was not seen to leave its HAN.

    So it is after a program was killed while it waited.
    """
    if _membership(store, job, clock) is None:
        return False
    rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
    journey = FirmwareJourney(store, job, Plan(rows), clock, lambda event: None, captures)
    view = journey.view(None)
    return view is not None and view.is_awaiting


def is_connected(store: Store, job: JobRow, clock: Clock) -> bool:
    """Return whether another program is connected to the job's hub: no link survives its own.

    Who may write has no other beside it; how far that one has come, its open visit knows.
    """
    if not store.database.is_read_only:
        return False
    connect = _membership(store, job, clock)
    return connect is not None and connect.state is ConnectState.CONNECTED


def _membership(store: Store, job: JobRow, clock: Clock) -> Connect | None:
    """Return the journey as it is kept, where the HHT was not seen to leave the hub's HAN."""
    connect = store.journeys.restore(job.id, JOURNEY, Connect.restore)
    if not connect:
        return None
    limit = timedelta(hours=_residency_hours(job.profile))
    is_member = connect.hub and seconds_left(connect.admitted_at, limit, clock.now())
    return connect if is_member else None


def _residency_hours(profile: str) -> float:
    """Return those of a profile; of one that cannot be read the stand-in's."""
    try:
        return load_profile(profile or DEFAULT).residency_hours
    except HhtError:
        return load_profile().residency_hours
