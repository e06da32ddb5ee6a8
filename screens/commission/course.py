"""How the delivery of a job has gone so far: its Alerts, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.journeys.premises.alerts import AlertLine
    from hht.store import Store

_AT_WORK = ("command_sent", "command_changed", "response_captured")


@dataclass(frozen=True, slots=True)
class Course:
    """The Alerts that have come, the oldest first; seconds from the first delivery to the last.

    The seconds are 0 before the first.
    """

    alerts: tuple[AlertLine, ...] = ()
    seconds: int = 0


def course_of(store: Store, job_id: int) -> Course:
    """Read how the delivery of a job has gone."""
    from hht.journeys.premises.alerts import alerts_of

    at_work = [each.at for each in store.events.of_job(job_id) if each.name in _AT_WORK]
    seconds = int((at_work[-1] - at_work[0]).total_seconds()) if at_work else 0
    return Course(alerts_of(store.captures.of_job(job_id)), seconds)
