"""The journal of events: what happened on visits and to the outbox, in full."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from hht.events import VERSION, Event, Record, Source, facts_of
from hht.store.core import Repository, row_of
from hht.store.errors import StoreDamaged
from hht.store.secrets.fields import EVENT_FACTS
from hht.store.sqlite.timestamps import from_text, to_text

_NEXT = "SELECT COALESCE(MAX(id), 0) + 1 FROM events"
_INSERT = """
    INSERT INTO events (id, job_id, sitting, source, version, at, seconds, name, capture_id, facts)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_IS_KEPT = "SELECT EXISTS (SELECT 1 FROM events WHERE job_id = ? AND name = ?)"
# They are published in the order of their numbers, so only the last can be lacking.
_CAPTURES_UNPUBLISHED = """
    SELECT id FROM captures WHERE job_id = :job
    AND id > (SELECT COALESCE(MAX(capture_id), 0) FROM events WHERE job_id = :job) ORDER BY id"""
_COLUMNS = "id, job_id, sitting, source, version, at, seconds, name, facts"


_VISITS = """
    SELECT MAX(id) AS id, job_id, COUNT(DISTINCT substr(at, 1, 10)) AS days, MAX(at) AS last
    FROM events WHERE job_id IS NOT NULL GROUP BY job_id"""


class Visits(NamedTuple):
    """On how many days (UTC) something happened to a job, and when it last did."""

    days: int
    last: datetime


class EventRepository(Repository):
    """The events of one database. The fields of an event are sealed: they quote messages."""

    def add(
        self,
        event: Event,
        *,
        at: datetime,
        job_id: int | None = None,
        sitting: int = 0,
        seconds: float = 0.0,
    ) -> None:
        """Keep an event; a program that is killed right after has kept it."""
        facts = facts_of(event)
        plain = json.dumps(facts, ensure_ascii=False).encode()
        about = (job_id, sitting, event.source, VERSION, to_text(at), seconds, event.name)
        with self._core.transaction(at_once=False) as change:
            number = int(change.execute(_NEXT).fetchone()[0])
            sealed = self._core.seal(EVENT_FACTS.place(number), plain)
            change.execute(_INSERT, (number, *about, facts.get("capture_id"), sealed))

    def of_job(self, job_id: int) -> tuple[Record, ...]:
        """Return everything that happened to a job, oldest first."""
        rows = self._core.rows(
            f"SELECT {_COLUMNS} FROM events WHERE job_id = ? ORDER BY id", (job_id,)
        )
        return tuple(map(self._record, rows))

    def all(self) -> tuple[Record, ...]:
        """Return everything that happened, oldest first."""
        rows = self._core.rows(f"SELECT {_COLUMNS} FROM events ORDER BY id")
        return tuple(map(self._record, rows))

    def is_begun(self, job_id: int) -> bool:
        """Return whether any event of a job was kept."""
        return bool(
            self._core.value("SELECT EXISTS (SELECT 1 FROM events WHERE job_id = ?)", (job_id,))
        )

    def is_kept(self, job_id: int, name: str) -> bool:
        return bool(self._core.value(_IS_KEPT, (job_id, name)))

    def visits(self) -> dict[int, Visits]:
        """Return by job the days on which something happened to it.

        Jobs without any are not in, nor those whose events are damaged.
        """
        found = {}
        for row in self._core.rows(_VISITS):
            with suppress(StoreDamaged):
                found[row["job_id"]] = self._visits(row)
        return found

    def captures_unpublished(self, job_id: int) -> tuple[int, ...]:
        """Return the captures of a job after the last one with an event, oldest first."""
        rows = self._core.rows(_CAPTURES_UNPUBLISHED, {"job": job_id})
        return tuple(row["id"] for row in rows)

    def next_sitting(self, job_id: int) -> int:
        """Return the number of a job's next sitting: one is a run of the program on it."""
        last = self._core.value("SELECT MAX(sitting) FROM events WHERE job_id = ?", (job_id,))
        return int(last or 0) + 1

    @row_of("event")
    def _visits(self, row: dict[str, Any]) -> Visits:
        return Visits(row["days"], from_text(row["last"]))

    @row_of("event")
    def _record(self, row: dict[str, Any]) -> Record:
        number, sealed = row.pop("id"), row.pop("facts")
        facts = json.loads(self._core.unseal(EVENT_FACTS.place(number), sealed))
        row |= {"source": Source(row["source"]), "at": from_text(row["at"])}
        return Record(facts=facts, **row)
