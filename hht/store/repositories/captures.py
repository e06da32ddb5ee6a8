"""Captures: everything that came out of the tunnel, each message once for its job."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.judgement import Judgement
from hht.gbcs.message import Cra
from hht.gbcs.protection import Verdict
from hht.store.core import Repository, Transaction, row_of
from hht.store.errors import StoreError
from hht.store.repositories.returns import OF_ITEM
from hht.store.rows import Arrival, Capture
from hht.store.secrets.fields import capture_place
from hht.store.sqlite.timestamps import from_text, to_text

_KNOWN = "SELECT id FROM captures WHERE COALESCE(job_id, 0) = ? AND sha256 = ?"
_INSERT = """
    INSERT INTO captures (job_id, hub, received_at, sha256, raw, cra, originator, recipient,
        counter, message_code, alert_code, mac, signature, positive, outcome, encrypted,
        command_id, return_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_JUDGE = """
    UPDATE captures SET mac = ?, signature = ?, positive = ?, outcome = ?, encrypted = ?
    WHERE id = ?"""


class CaptureRepository(Repository):
    """The captures of one database."""

    def add(
        self,
        change: Transaction,
        arrival: Arrival,
        *,
        command_id: int | None,
        return_id: int | None,
    ) -> Capture:
        """Keep a message that was not there yet, with what it answers and the item it became."""
        sealed = self._core.seal(capture_place(arrival.sha256), arrival.raw)
        row = (*_columns(arrival, sealed), command_id, return_id)
        capture_id = int(change.execute(_INSERT, row).lastrowid or 0)
        change.note(
            "captured",
            f"capture {capture_id}, sha256 {arrival.sha256.hex()},"
            f" command {command_id or '-'}, return {return_id or '-'}",
        )
        return _as_capture(arrival, capture_id, command_id, return_id)

    def add_copy(self, change: Transaction, arrival: Arrival) -> Capture | None:
        """Count the message where its job has these very bytes; None where it has not."""
        known = change.execute(_KNOWN, (arrival.job_id or 0, arrival.sha256)).fetchone()
        if known is None:
            return None
        change.execute("UPDATE captures SET copies = copies + 1 WHERE id = ?", known)
        change.note("captured again", f"capture {known[0]}")
        return replace(self.get(known[0]), duplicate=True)

    def set_return(self, change: Transaction, capture_id: int, return_id: int) -> None:
        """Name the item of the outbox that returns the capture."""
        change.execute("UPDATE captures SET return_id = ? WHERE id = ?", (return_id, capture_id))

    def unjudged(self, job_id: int) -> tuple[Capture, ...]:
        """Return what an older hht has kept of a job without a judgement."""
        return self._captures("WHERE COALESCE(job_id, 0) = ? AND mac IS NULL", job_id)

    def set_judgement(self, change: Transaction, capture_id: int, judgement: Judgement) -> None:
        """Keep how the message was judged."""
        change.execute(_JUDGE, (*_judged(judgement), capture_id))

    def all(self) -> tuple[Capture, ...]:
        """Return everything that was captured, oldest first."""
        return self._captures("")

    def of_job(self, job_id: int) -> tuple[Capture, ...]:
        """Return what was captured for a job, oldest first."""
        return self._captures("WHERE COALESCE(job_id, 0) = ?", job_id)

    def of_command(self, job_id: int, command_id: int) -> tuple[Capture, ...]:
        """List what answered a Local Command of a job, the oldest first."""
        where = "WHERE COALESCE(job_id, 0) = ? AND command_id = ?"
        return self._captures(where, job_id, command_id)

    def with_codes(self, job_id: int, codes: Sequence[int]) -> tuple[Capture, ...]:
        """Return the job's captures with these message codes, oldest first."""
        marks = ", ".join("?" * len(codes))
        return self._captures(f"WHERE job_id = ? AND message_code IN ({marks})", job_id, *codes)

    def last_logs(
        self, job_id: int, hub: EntityId, alert: int, reads: Sequence[int]
    ) -> tuple[Capture, ...]:
        """Return the last log that a job's hub has sent in an Alert, and those read since then."""
        marks = ", ".join("?" * len(reads))
        return self._captures(
            "WHERE COALESCE(job_id, 0) = ? AND originator = ?"
            f" AND (alert_code = ? OR (positive AND message_code IN ({marks})))"
            " AND id >= COALESCE((SELECT MAX(id) FROM captures WHERE COALESCE(job_id, 0) = ?"
            " AND originator = ? AND alert_code = ?), 0)",
            *(job_id, hub, alert, *reads, job_id, hub, alert),
        )

    def alert_before(self, capture: Capture) -> Capture | None:
        """Return the Alert of the same code that its sender's job had before it, if any."""
        found = self._captures(
            "WHERE id = (SELECT MAX(id) FROM captures WHERE COALESCE(job_id, 0) = ? AND id < ?"
            " AND originator = ? AND alert_code = ?)",
            *(capture.job_id, capture.id, capture.originator, capture.alert_code),
        )
        return found[0] if found else None

    def get(self, capture_id: int) -> Capture:
        """Return one capture; StoreError when there is none of that number."""
        found = self._captures("WHERE id = ?", capture_id)
        if not found:
            raise StoreError(f"There is no capture {capture_id}")
        return found[0]

    def held(self, *, offset: int = 0, limit: int = -1) -> tuple[Capture, ...]:
        """Return the captures that no item returns, oldest first; a stretch of it with `limit`."""
        rows = self._core.rows(
            "SELECT * FROM captures WHERE return_id IS NULL ORDER BY id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return tuple(self._capture_row(row) for row in rows)

    def held_count(self) -> int:
        """Return how many captures no item returns."""
        return int(self._core.value("SELECT COUNT(*) FROM captures WHERE return_id IS NULL"))

    def returned_by(self, return_id: int) -> Capture:
        """Return the capture that an item of the outbox returns; StoreError when there is none."""
        rows = self._core.rows(
            f"SELECT c.* FROM returns r JOIN captures c ON {OF_ITEM} WHERE r.id = ?", (return_id,)
        )
        if not rows:
            raise StoreError(f"There is no queued item {return_id}")
        return self._capture_row(rows[0])

    def _captures(self, where: str, *parameters: object) -> tuple[Capture, ...]:
        rows = self._core.rows(f"SELECT * FROM captures {where} ORDER BY id", parameters)
        return tuple(self._capture_row(row) for row in rows)

    @row_of("capture")
    def _capture_row(self, row: dict[str, Any]) -> Capture:
        return Capture(
            id=row["id"],
            job_id=row["job_id"],
            hub=EntityId(row["hub"]),
            received_at=from_text(row["received_at"]),
            raw=self._core.unseal(capture_place(row["sha256"]), row["raw"]),
            cra=row["cra"] and Cra(row["cra"]),
            originator=row["originator"] and EntityId(row["originator"]),
            recipient=row["recipient"] and EntityId(row["recipient"]),
            counter=row["counter"] and int.from_bytes(row["counter"], "big"),
            message_code=row["message_code"],
            alert_code=row["alert_code"],
            command_id=row["command_id"],
            return_id=row["return_id"],
            judgement=_judgement(row),
            copies=row["copies"],
        )


def _judgement(row: dict[str, Any]) -> Judgement | None:
    if row["mac"] is None:
        return None
    return Judgement(
        mac=Verdict(row["mac"]),
        signature=Verdict(row["signature"]),
        positive=None if row["positive"] is None else bool(row["positive"]),
        summary=row["outcome"],
        encrypted=row["encrypted"],
    )


def _judged(judgement: Judgement) -> tuple[object, ...]:
    """Return the five columns of a judgement."""
    return (
        judgement.mac,
        judgement.signature,
        judgement.positive,
        judgement.summary,
        judgement.encrypted,
    )


def _columns(arrival: Arrival, sealed: bytes) -> tuple[object, ...]:
    """Return the values of a new row up to `encrypted`, in the order in which it is inserted."""
    header: tuple[object, ...] = (None,) * 5
    if arrival.headers:
        cra, counter, *parties, code = arrival.headers
        header = (cra, *parties, counter.to_bytes(8, "big"), code)
    place = (arrival.job_id, arrival.hub, to_text(arrival.received_at))
    judged = _judged(arrival.judgement)
    return (*place, arrival.sha256, sealed, *header, arrival.alert_code, *judged)


def _as_capture(
    arrival: Arrival, capture_id: int, command_id: int | None, return_id: int | None
) -> Capture:
    """Return what the new row will be read as."""
    cra, counter, originator, recipient, code = arrival.headers or (None,) * 5
    return Capture(
        id=capture_id,
        job_id=arrival.job_id,
        hub=arrival.hub,
        received_at=arrival.received_at,
        raw=arrival.raw,
        cra=cra,
        originator=originator,
        recipient=recipient,
        counter=counter,
        message_code=code,
        alert_code=arrival.alert_code,
        command_id=command_id,
        return_id=return_id,
        judgement=arrival.judgement,
    )
