"""How the delivery of a job has gone so far: its Alerts, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.journeys.premises.alerts import AlertLine
    from hht.store import Store


@dataclass(frozen=True, slots=True)
class Course:
    """The Alerts that have come, the oldest first; seconds from first delivery to last answer.

    They are the engineer's own seconds, and 0 before the first answer.
    """

    alerts: tuple[AlertLine, ...] = ()
    seconds: float = 0


def course_of(store: Store, job_id: int) -> Course:
    """Read how the delivery of a job has gone."""
    from hht.journeys.delivery_time import delivery_seconds, timed
    from hht.journeys.premises.alerts import alerts_of

    rows = tuple(timed(store.events.of_job(job_id)))
    return Course(alerts_of(store.captures.of_job(job_id)), delivery_seconds(rows))
