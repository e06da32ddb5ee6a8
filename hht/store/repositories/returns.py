"""Returns: what the DCC wants back, each made once and kept until it is received."""

import functools
import hashlib
import sqlite3
import time
import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from hht.duis.request_id import RequestId
from hht.duis.return_request import (
    SERVICE_REFERENCE,
    return_local_command_response,
    service_request,
)
from hht.entity_id import EntityId
from hht.gbcs.message import MalformedMessage, read_headers
from hht.store.errors import StoreError
from hht.store.repositories.base import StorePart
from hht.store.rows import NOT_RETURNED, ReturnRow, ReturnState
from hht.store.secrets.fields import CAPTURE_RAW, RETURN_BODY
from hht.store.sqlite.timestamps import from_text, now, to_text

_COLUMNS = (
    "id, job_id, service, state, idempotency_key, request_id, original_request_id, note,"
    " tries, created_at"
)
# As the index has it; the capture for which an item was made is of the same job.
OF_ITEM = "COALESCE(c.job_id, 0) = COALESCE(r.job_id, 0) AND c.sha256 = r.message_sha256"
_WITH_CAPTURE = f"""
    SELECT {", ".join(f"r.{name}" for name in _COLUMNS.split(", "))}, r.body, c.sha256, c.raw
    FROM returns r LEFT JOIN captures c ON {OF_ITEM}"""
_INSERT = """
    INSERT INTO returns (job_id, service, state, idempotency_key, request_id, request_counter,
        original_request_id, message_sha256, created_at)
    VALUES (?, ?, 'ready', ?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING"""
_BY_KEY = "SELECT id FROM returns WHERE idempotency_key = ?"
_FIRST_REQUEST = "SELECT request_id FROM commands WHERE job_id = ? ORDER BY position LIMIT 1"
_WAITING = ", ".join(f"'{state}'" for state in NOT_RETURNED)


@dataclass(frozen=True, slots=True)
class ReturnItem:
    """An item of the outbox with the Service Request that is to be sent, as compact XML.

    `message` is the GBCS message it returns, empty for a report and for what was taken in.
    """

    row: ReturnRow
    xml: bytes = field(repr=False)
    message: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class TakenItem:
    """An item of another store's export, with the Body element exactly as it was written."""

    service: str
    idempotency_key: str
    request_id: str
    original_request_id: str | None
    body: bytes = field(repr=False)


class ReturnTable(StorePart):
    """The outbox of one database."""

    # Nobody else writes to the file; one that a rollback left unused is not given out again.
    _last_counter: int | None = None

    def returns(
        self, state: ReturnState | None = None, *, offset: int = 0, limit: int = -1
    ) -> tuple[ReturnRow, ...]:
        """The items in that state, or all of them, oldest first; a stretch of them with `limit`."""
        where, values = ("", ()) if state is None else ("WHERE state = ?", (state.value,))
        rows = self.database.rows(
            f"SELECT {_COLUMNS} FROM returns {where} ORDER BY id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        return tuple(_return_row(row) for row in rows)

    def return_counts(self) -> dict[ReturnState, int]:
        """How many items are in each state that has any."""
        rows = self.database.rows("SELECT state, COUNT(*) AS count FROM returns GROUP BY state")
        return {ReturnState(row["state"]): row["count"] for row in rows}

    def return_item(self, return_id: int) -> ReturnItem:
        """One item with its XML; StoreError without one, StoreDamaged when it was changed."""
        rows = self.database.rows(f"{_WITH_CAPTURE} WHERE r.id = ?", (return_id,))
        if not rows:
            raise StoreError(
                f"There is no queued item {return_id}",
                where=str(self.database.path),
                remedy="'hht queue list' shows those there are.",
            )
        return self._item(rows[0])

    def return_ids(self, *states: ReturnState) -> tuple[int, ...]:
        """The numbers of the items in those states, oldest first."""
        marks = ", ".join("?" * len(states))
        rows = self.database.rows(
            f"SELECT id FROM returns WHERE state IN ({marks}) ORDER BY id", states
        )
        return tuple(row["id"] for row in rows)

    def returns_waiting(self) -> int:
        """How many items are not yet received: drafts, ready, sent and refused ones."""
        return int(self.database.value(f"SELECT COUNT(*) FROM returns WHERE state IN ({_WAITING})"))

    def return_anyway(self, capture_id: int) -> int:
        """Make the item for a capture that is held because the DCC does not ask for it."""
        with self.database.transaction() as connection:
            row = connection.execute(
                "SELECT c.return_id, c.raw, c.sha256, c.job_id, m.request_id FROM captures c"
                " LEFT JOIN commands m ON m.id = c.command_id WHERE c.id = ?",
                (capture_id,),
            ).fetchone()
            if row is None:
                raise StoreError(f"There is no capture {capture_id}")
            if row[0] is not None:
                return int(row[0])
            raw = self.fields.open(capture_place(row[2]), row[1])
            return_id = self.make_return(connection, raw, row[2], row[4], row[3])
            connection.execute(
                "UPDATE captures SET return_id = ? WHERE id = ?", (return_id, capture_id)
            )
            self.note(connection, "return asked for", f"capture {capture_id}, return {return_id}")
        return return_id

    def make_return(
        self,
        connection: sqlite3.Connection,
        raw: bytes,
        sha256: bytes,
        original: str | None,
        job_id: int | None,
    ) -> int:
        """The item for these bytes, made now or found: the same bytes are returned once only.

        The idempotency key is made of what is returned and nothing else, so it is the same from
        whichever handheld and however often; it and the RequestID are fixed here.
        """
        key = idempotency_key(original, raw)
        counter = self.next_counter(connection)
        request_id = f"{_originator(connection, raw, original, job_id)}:{_dcc_text()}:{counter}"
        what = (job_id, SERVICE_REFERENCE, key, request_id, counter, original, sha256)
        cursor = connection.execute(_INSERT, (*what, to_text(now())))
        if cursor.rowcount:
            return int(cursor.lastrowid or 0)
        return int(connection.execute(_BY_KEY, (key,)).fetchone()[0])

    def next_counter(self, connection: sqlite3.Connection) -> int:
        """Epoch milliseconds, always above the last one: the gateway may number it again."""
        if self._last_counter is None:
            highest = connection.execute("SELECT MAX(request_counter) FROM returns").fetchone()[0]
            self._last_counter = int(highest or 0)
        self._last_counter = max(self._last_counter + 1, time.time_ns() // 1_000_000)
        return self._last_counter

    def _item(self, row: dict[str, Any]) -> ReturnItem:
        sha256, sealed, body = (row.pop(name) for name in ("sha256", "raw", "body"))
        item = _return_row(row)
        request_id, original = RequestId.parse(item.request_id), item.original_request_id
        if body is not None:
            report = self.fields.open(RETURN_BODY.place(item.id), body).decode()
            return ReturnItem(item, service_request(request_id, item.service, report))
        raw = self.fields.open(capture_place(sha256), sealed)
        about = RequestId.parse(original) if original else None
        xml = return_local_command_response(request_id, about, raw)
        return ReturnItem(item, xml, raw)


def idempotency_key(original: str | None, raw: bytes) -> str:
    """What a receiver knows an item by: SHA-256 over the original RequestID and the message."""
    name = (original or "").upper().encode()
    return hashlib.sha256(b"hht-return/1\0" + name + b"\0" + raw).hexdigest()


def capture_place(sha256: bytes) -> str:
    """Where a captured message's sealed bytes belong."""
    return CAPTURE_RAW.place(sha256.hex())


@functools.cache
def dcc() -> EntityId:
    """The DCC, the target of a Service Request that is for no Device."""
    text = resources.files("assets").joinpath("tables", "duis_dcc.toml").read_text("utf-8")
    return EntityId.parse(tomllib.loads(text)["entity_id"])


@functools.cache
def _dcc_text() -> str:
    return str(dcc())


def _originator(
    connection: sqlite3.Connection, raw: bytes, original: str | None, job_id: int | None
) -> str:
    """Who asks: whoever sent the original request; for an Alert, whoever sent the job's first."""
    if original is None:
        row = connection.execute(_FIRST_REQUEST, (job_id,)).fetchone()
        original = row[0] if row else None
    if original is not None:
        return original.partition(":")[0]
    try:
        return str(read_headers(raw).recipient)
    except MalformedMessage:
        return str(dcc())


def _return_row(row: dict[str, Any]) -> ReturnRow:
    return ReturnRow(
        **{name: row[name] for name in row if name not in ("state", "created_at")},
        state=ReturnState(row["state"]),
        created_at=from_text(row["created_at"]),
    )
