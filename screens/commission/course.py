"""How the delivery of a job goes: what is waited for, its Alerts, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.store.command_states import is_under_way

if TYPE_CHECKING:
    from hht.journeys.premises.alerts import AlertLine
    from hht.store import CommandRow, Store


@dataclass(frozen=True, slots=True)
class Course:
    """The Alerts that have come, the oldest first; seconds from first delivery to last answer.

    They are the engineer's own seconds, and 0 before the first answer.
    """

    alerts: tuple[AlertLine, ...] = ()
    seconds: float = 0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """The Local Command whose Response is waited for, since when, and for how long at most."""

    command_id: int
    started: float
    seconds_allowed: float

    def waited(self, row: CommandRow, now: float) -> tuple[int, int] | None:
        """Return the seconds gone and allowed where it is this row that is waited for."""
        if self.command_id != row.id or not is_under_way(row.state):
            return None
        return int(now - self.started), int(self.seconds_allowed)


def course_of(store: Store, job_id: int) -> Course:
    """Read how the delivery of a job has gone."""
    from hht.journeys.delivery_time import delivery_seconds, timed
    from hht.journeys.premises.alerts import alerts_of

    rows = tuple(timed(store.events.of_job(job_id)))
    return Course(alerts_of(store.captures.of_job(job_id)), delivery_seconds(rows))
