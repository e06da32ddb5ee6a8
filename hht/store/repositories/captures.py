"""Captures: everything that came out of the tunnel, on the disk before anyone else sees it."""

import contextlib
import hashlib
import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hht.entity_id import EntityId
from hht.gbcs.alert_code import read_alert_code
from hht.gbcs.message import Cra, Headers, MalformedMessage, Message, read_headers
from hht.store.errors import StoreError, StoreFull
from hht.store.repositories.returns import OF_ITEM, ReturnTable, capture_place
from hht.store.return_rules import wants_alert, wants_response
from hht.store.rows import Capture, CommandState
from hht.store.sqlite.timestamps import from_text, to_text
from hht.store.states import may_become

_ANSWERABLE = "id, state, request_id, service_reference_variant"
_BY_KEY = f"""
    SELECT {_ANSWERABLE} FROM commands
    WHERE counter = ? AND device = ? AND party = ? AND message_code = ?
    ORDER BY job_id IS ? DESC, id DESC LIMIT 1"""
_KNOWN = "SELECT id FROM captures WHERE COALESCE(job_id, 0) = ? AND sha256 = ?"
_INSERT = """
    INSERT INTO captures (job_id, hub, received_at, sha256, raw, cra, originator, recipient,
        counter, message_code, alert_code, command_id, return_id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


@dataclass(frozen=True, slots=True)
class _Answered:
    """The Local Command a Response belongs to."""

    id: int
    state: CommandState
    request_id: str
    service: str


class CaptureTable(ReturnTable):
    """The captures of one database."""

    def capture(
        self, raw: bytes, *, hub: EntityId, job_id: int | None, received_at: datetime
    ) -> Capture:
        """Keep a message; it is on the disk when this returns.

        In the same transaction its Local Command takes the state the Response tells, and the item
        the DCC wants back is made ready. The same bytes again for the same job are counted only.
        What is no GBCS message is kept too. StoreFull when even the reserve is used up.
        """
        arrival = _Arrival.of(raw, hub, job_id, received_at)
        try:
            return self._capture(arrival)
        except StoreFull:
            self.space.release_reserve()
            with contextlib.suppress(StoreError):
                self.database.keep_wal_short()
            return self._capture(arrival)

    def captures(self, job_id: int | None = None) -> tuple[Capture, ...]:
        """What was captured for a job, or everything, oldest first."""
        where = "" if job_id is None else "WHERE COALESCE(job_id, 0) = ?"
        rows = self.database.rows(
            f"SELECT * FROM captures {where} ORDER BY id", () if job_id is None else (job_id,)
        )
        return tuple(self._capture_row(row) for row in rows)

    def capture_row(self, capture_id: int) -> Capture:
        """One capture; StoreError when there is none of that number."""
        rows = self.database.rows("SELECT * FROM captures WHERE id = ?", (capture_id,))
        if not rows:
            raise StoreError(f"There is no capture {capture_id}")
        return self._capture_row(rows[0])

    def held_captures(self, *, offset: int = 0, limit: int = -1) -> tuple[Capture, ...]:
        """What nobody asked to have returned, oldest first; a stretch of it with `limit`."""
        rows = self.database.rows(
            "SELECT * FROM captures WHERE return_id IS NULL ORDER BY id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return tuple(self._capture_row(row) for row in rows)

    def held_count(self) -> int:
        """How many captures nobody asked to have returned."""
        return int(self.database.value("SELECT COUNT(*) FROM captures WHERE return_id IS NULL"))

    def capture_returned_by(self, return_id: int) -> Capture:
        """The capture that an item of the outbox returns; StoreError when there is none."""
        rows = self.database.rows(
            f"SELECT c.* FROM returns r JOIN captures c ON {OF_ITEM} WHERE r.id = ?", (return_id,)
        )
        if not rows:
            raise StoreError(f"There is no queued item {return_id}")
        return self._capture_row(rows[0])

    def _capture(self, arrival: "_Arrival") -> Capture:
        with self.database.transaction() as connection:
            known = connection.execute(_KNOWN, (arrival.job_id or 0, arrival.sha256)).fetchone()
            if known is None:
                return self._keep(connection, arrival)
            connection.execute("UPDATE captures SET copies = copies + 1 WHERE id = ?", known)
            self.note(connection, "captured again", f"capture {known[0]}")
            return replace(self.capture_row(known[0]), duplicate=True)

    def _keep(self, connection: sqlite3.Connection, arrival: "_Arrival") -> Capture:
        command = _command_for(connection, arrival.headers, arrival.job_id)
        if command is not None:
            _settle(connection, command, arrival)
        return_id = None
        if _is_wanted(arrival, command):
            original = command.request_id if command else None
            return_id = self.make_return(
                connection, arrival.raw, arrival.sha256, original, arrival.job_id
            )
        sealed = self.fields.seal(capture_place(arrival.sha256), arrival.raw)
        command_id = command.id if command else None
        cursor = connection.execute(_INSERT, arrival.columns(sealed, command_id, return_id))
        capture_id = int(cursor.lastrowid or 0)
        self.note(
            connection,
            "captured",
            f"capture {capture_id}, sha256 {arrival.sha256.hex()},"
            f" command {command_id or '-'}, return {return_id or '-'}",
        )
        return arrival.as_capture(capture_id, command_id, return_id)

    def _capture_row(self, row: dict[str, Any]) -> Capture:
        return Capture(
            id=row["id"],
            job_id=row["job_id"],
            hub=EntityId(row["hub"]),
            received_at=from_text(row["received_at"]),
            raw=self.fields.open(capture_place(row["sha256"]), row["raw"]),
            cra=row["cra"] and Cra(row["cra"]),
            originator=row["originator"] and EntityId(row["originator"]),
            recipient=row["recipient"] and EntityId(row["recipient"]),
            counter=row["counter"] and int.from_bytes(row["counter"], "big"),
            message_code=row["message_code"],
            alert_code=row["alert_code"],
            command_id=row["command_id"],
            return_id=row["return_id"],
            copies=row["copies"],
        )


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A message as the tunnel gave it, with what its bytes say of themselves.

    One that cannot be read whole has a `fault`, and still its headers if they can be read.
    """

    raw: bytes
    hub: EntityId
    job_id: int | None
    received_at: datetime
    sha256: bytes
    headers: Headers | None
    message: Message | None
    fault: str
    alert_code: int | None

    @classmethod
    def of(cls, raw: bytes, hub: EntityId, job_id: int | None, received_at: datetime) -> "_Arrival":
        message, fault = _read(raw)
        headers = _headers_of(message) if message else _headers_in(raw)
        digest, code = hashlib.sha256(raw).digest(), _alert_code(message)
        return cls(raw, hub, job_id, received_at, digest, headers, message, fault, code)

    def columns(
        self, sealed: bytes, command_id: int | None, return_id: int | None
    ) -> tuple[object, ...]:
        """The values of a new row, in the order in which it is inserted."""
        told = (
            (
                self.headers.cra,
                self.headers.originator,
                self.headers.recipient,
                self.headers.counter.to_bytes(8, "big"),
                self.headers.message_code,
            )
            if self.headers
            else (None,) * 5
        )
        when = to_text(self.received_at)
        links = (self.alert_code, command_id, return_id)
        return (self.job_id, self.hub, when, self.sha256, sealed, *told, *links)

    def as_capture(self, capture_id: int, command_id: int | None, return_id: int | None) -> Capture:
        """What the row will be read as."""
        cra, counter, originator, recipient, code = self.headers or (None,) * 5
        return Capture(
            id=capture_id,
            job_id=self.job_id,
            hub=self.hub,
            received_at=self.received_at,
            raw=self.raw,
            cra=cra,
            originator=originator,
            recipient=recipient,
            counter=counter,
            message_code=code,
            alert_code=self.alert_code,
            command_id=command_id,
            return_id=return_id,
        )


def _command_for(
    connection: sqlite3.Connection, headers: Headers | None, job_id: int | None
) -> _Answered | None:
    """The Local Command with the Response's key: of the same job first, then the newest."""
    if headers is None or headers.cra is not Cra.RESPONSE:
        return None
    counter = headers.counter.to_bytes(8, "big")
    key = (counter, headers.originator, headers.recipient, headers.message_code, job_id)
    row = connection.execute(_BY_KEY, key).fetchone()
    return _Answered(row[0], CommandState(row[1]), row[2], row[3]) if row else None


def _settle(connection: sqlite3.Connection, command: _Answered, arrival: _Arrival) -> None:
    state, reason = _told_by(arrival)
    if state is not command.state and may_become(command.state, state):
        connection.execute(
            "UPDATE commands SET state = ?, reason = ? WHERE id = ?", (state, reason, command.id)
        )


def _told_by(arrival: _Arrival) -> tuple[CommandState, str]:
    """What a Response says of its Command; one nobody can read leaves it unknown."""
    from hht.gbcs.outcome import outcome_of

    if arrival.message is None:
        return CommandState.UNKNOWN, f"Its Response cannot be read: {arrival.fault}"
    outcome = outcome_of(arrival.message)
    return (CommandState.ANSWERED if outcome.positive else CommandState.REFUSED), outcome.summary


def _read(raw: bytes) -> tuple[Message | None, str]:
    """The message, or what is wrong with it."""
    try:
        return Message.parse(raw), ""
    except MalformedMessage as error:
        return None, error.what


def _headers_of(message: Message) -> Headers:
    parties = (message.originator, message.recipient)
    return Headers(message.cra, message.counter, *parties, message.message_code)


def _headers_in(raw: bytes) -> Headers | None:
    try:
        return read_headers(raw)
    except MalformedMessage:
        return None


def _alert_code(message: Message | None) -> int | None:
    if message is None or message.cra is not Cra.ALERT:
        return None
    return read_alert_code(message.payload)


def _is_wanted(arrival: _Arrival, command: _Answered | None) -> bool:
    if command is not None and arrival.headers is not None:
        return wants_response(command.service, arrival.headers.message_code)
    return wants_alert(arrival.alert_code)
