"""Whether firmware may still be reported to a HHT, as the store has it: without a visit."""

from datetime import timedelta

from hht.clock import Clock
from hht.errors import HhtError
from hht.hub_profile import DEFAULT, load_profile
from hht.journeys.connect import Connect, seconds_left
from hht.journeys.firmware.firmware_journey import FirmwareJourney
from hht.journeys.journal import JOURNEY
from hht.journeys.plan.plan import Plan
from hht.store import JobRow, Store

AWAITED = "firmware awaited"  # as the app's list of jobs has it


def may_still_report(store: Store, job: JobRow, clock: Clock) -> bool:
    """Return whether a Device may report firmware to a HHT that was not seen to leave its HAN.

    So it is after a program was killed while it waited.
    """
    kept = store.journeys.load(job.id, JOURNEY)
    if not kept or not _is_member(Connect.restore(kept), job, clock):
        return False
    rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
    journey = FirmwareJourney(store, job, Plan(rows), clock, lambda event: None, captures)
    view = journey.view(None)
    return view is not None and view.is_awaiting


def _is_member(connect: Connect, job: JobRow, clock: Clock) -> bool:
    limit = timedelta(hours=_residency_hours(job.profile))
    return bool(connect.hub and seconds_left(connect.admitted_at, limit, clock.now()))


def _residency_hours(profile: str) -> float:
    """Return those of a profile; of one that cannot be read the stand-in's."""
    try:
        return load_profile(profile or DEFAULT).residency_hours
    except HhtError:
        return load_profile().residency_hours
