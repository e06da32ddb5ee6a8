"""Returns: the rows of the outbox, each made once and kept until it is received."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hht.store.core import Repository, StoreCore, Transaction, row_of
from hht.store.errors import StoreDamaged, StoreError, damaged_record
from hht.store.rows import NOT_RETURNED, TO_SEND, NewReturn, ReturnRow, ReturnState
from hht.store.secrets.fields import RETURN_BODY, RETURN_NOTE, capture_place
from hht.store.sqlite.timestamps import from_text, to_text

_COLUMNS = (
    "id, job_id, service, state, idempotency_key, request_id, original_request_id, note,"
    " tries, created_at"
)
# The index alone is counted; MIN(id) beside the count would be twice the work. The number is for
# the error that names a row whose state is none.
_COUNTS = """
    SELECT (SELECT id FROM returns r WHERE r.state IS g.state LIMIT 1) AS id, state, count
    FROM (SELECT state, COUNT(*) AS count FROM returns GROUP BY state) g"""
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
_PARTS_TO_SEND = f"""
    SELECT r.id, c.id AS capture FROM returns r LEFT JOIN captures c ON {OF_ITEM}
    WHERE r.state IN ({", ".join(f"'{state}'" for state in TO_SEND)})"""
_STATES = ", ".join(f"'{state}'" for state in ReturnState)
_WAITING = ", ".join(f"'{state}'" for state in NOT_RETURNED)


@dataclass(frozen=True, slots=True)
class ReturnContent:
    """An item with what it carries: a report's Body element, or the GBCS message it returns."""

    row: ReturnRow
    body: bytes | None = field(default=None, repr=False)
    message: bytes = field(default=b"", repr=False)


class ReturnRepository(Repository):
    """The outbox's items of one database."""

    def __init__(self, core: StoreCore) -> None:
        super().__init__(core)
        # Only this process writes to the file; a number that a rollback left is not used again.
        self._last_counter: int | None = None

    def all(
        self,
        state: ReturnState | None = None,
        *,
        offset: int = 0,
        limit: int = -1,
        on_damaged: Callable[[int, StoreDamaged], object] = lambda number, error: None,
    ) -> tuple[ReturnRow, ...]:
        """Return the items in that state, or all of them, oldest first.

        A stretch of them with `limit`. One that is damaged hides no other: its number and what is
        wrong go to `on_damaged`.
        """
        where, values = ("", ()) if state is None else ("WHERE state = ?", (state.value,))
        rows = self._core.rows(
            f"SELECT {_COLUMNS} FROM returns {where} ORDER BY id LIMIT ? OFFSET ?",
            (*values, limit, offset),
        )
        found = []
        for row in rows:
            try:
                found.append(self._return_row(row))
            except StoreDamaged as error:
                on_damaged(row["id"], error)
        return tuple(found)

    def of_job(self, job_id: int) -> tuple[ReturnRow, ...]:
        """Return every item of a job, oldest first."""
        return self._rows_of(job_id, "")

    def reports_of(self, job_id: int) -> tuple[ReturnRow, ...]:
        """Return the job's status updates (SR 8.14), drafts too, oldest first."""
        return self._rows_of(job_id, "AND service LIKE '8.14%'")

    def _rows_of(self, job_id: int, condition: str) -> tuple[ReturnRow, ...]:
        rows = self._core.rows(
            f"SELECT {_COLUMNS} FROM returns WHERE job_id = ? {condition} ORDER BY id", (job_id,)
        )
        return tuple(self._return_row(row) for row in rows)

    def report_count(self, job_id: int) -> int:
        """Count the job's status updates that are queued, drafts left out."""
        return sum(row.state is not ReturnState.DRAFT for row in self.reports_of(job_id))

    def counts(self) -> dict[ReturnState, int]:
        """Return how many items are in each state that has any."""
        rows = self._core.rows(_COUNTS)
        return {self._state(row): row["count"] for row in rows}

    def content(self, return_id: int) -> ReturnContent:
        """Return one item; StoreError without one, StoreDamaged when what it carries was
        changed."""
        rows = self._core.rows(f"{_WITH_CAPTURE} WHERE r.id = ?", (return_id,))
        if not rows:
            raise self._absent(return_id)
        return self._content(rows[0])

    def get(self, return_id: int) -> ReturnRow:
        """Return one item without what it carries; StoreError without one."""
        rows = self._core.rows(f"SELECT {_COLUMNS} FROM returns WHERE id = ?", (return_id,))
        if not rows:
            raise self._absent(return_id)
        return self._return_row(rows[0])

    def ids(self, *states: ReturnState) -> tuple[int, ...]:
        """Return the numbers of the items in those states, oldest first."""
        marks = ", ".join("?" * len(states))
        rows = self._core.rows(
            f"SELECT id FROM returns WHERE state IN ({marks}) ORDER BY id", states
        )
        return tuple(row["id"] for row in rows)

    def edited(self) -> frozenset[int]:
        """Return the items to send of which the audit trail has another row, or another capture."""
        with self._core.database.turn:
            rows = self._core.rows(_PARTS_TO_SEND)
            parts = {
                row["id"]: {("returns", row["id"]), ("captures", row["capture"])} for row in rows
            }
            edited = self._core.audit.edited(part for each in parts.values() for part in each)
        return frozenset(number for number, each in parts.items() if each & edited)

    def without_state(self) -> list[tuple[int, str]]:
        """Return the items whose state is no word of hht's, each with what is there."""
        rows = self._core.rows(
            f"SELECT id, state FROM returns WHERE state NOT IN ({_STATES}) ORDER BY id"
        )
        return [(row["id"], row["state"]) for row in rows]

    def request_ids(self) -> list[str]:
        """Return the RequestID of every item, as it is written."""
        rows = self._core.rows("SELECT request_id FROM returns WHERE request_id IS NOT NULL")
        return [row["request_id"] for row in rows]

    def by_key(self, key: str) -> int | None:
        """Return the number of the item with that idempotency key; None where there is none."""
        number = self._core.value(_BY_KEY, (key,))
        return None if number is None else int(number)

    def waiting_count(self) -> int:
        """Return how many items are not yet received, in whatever state."""
        return int(self._core.value(f"SELECT COUNT(*) FROM returns WHERE state IN ({_WAITING})"))

    def add(self, change: Transaction, item: NewReturn) -> int:
        """Make the item, or find the one of the same key: the same bytes are returned once only."""
        cursor = change.execute(
            _INSERT,
            (
                item.job_id,
                item.service,
                item.idempotency_key,
                item.request_id,
                item.request_counter,
                item.original_request_id,
                item.message_sha256,
                to_text(self._core.clock.now()),
            ),
        )
        if cursor.rowcount:
            return int(cursor.lastrowid or 0)
        return int(change.execute(_BY_KEY, (item.idempotency_key,)).fetchone()[0])

    def next_counter(self, change: Transaction) -> int:
        """Return epoch milliseconds, always above the last: the gateway may number it again."""
        if self._last_counter is None:
            highest = change.execute("SELECT MAX(request_counter) FROM returns").fetchone()[0]
            self._last_counter = int(highest or 0)
        self._last_counter = max(self._last_counter + 1, int(self._core.clock.time() * 1000))
        return self._last_counter

    def _absent(self, return_id: int) -> StoreError:
        return StoreError(
            f"There is no queued item {return_id}",
            where=str(self._core.database.path),
            remedy="'hht queue list' shows those there are.",
        )

    def _content(self, row: dict[str, Any]) -> ReturnContent:
        sha256, sealed, body = (row.pop(name) for name in ("sha256", "raw", "body"))
        item = self._return_row(row)
        if body is not None:
            return ReturnContent(item, body=self._core.unseal(RETURN_BODY.place(item.id), body))
        if sha256 is None:
            raise StoreDamaged(
                f"What item {item.id} returns was taken out of the database",
                where=str(self._core.database.path),
                remedy="Leave the file as it is and restore the last backup.",
            )
        message = self._core.unseal(capture_place(sha256), sealed)
        if hashlib.sha256(message).digest() != sha256:  # what is not sealed may be any octets
            raise damaged_record(f"queued item {item.id}", self._core.database.path)
        return ReturnContent(item, message=message)

    @row_of("queued item")
    def _state(self, row: dict[str, Any]) -> ReturnState:
        return ReturnState(row["state"])

    @row_of("queued item")
    def _return_row(self, row: dict[str, Any]) -> ReturnRow:
        if not isinstance(row["request_id"], str):
            raise TypeError("no RequestID")
        other = ("state", "created_at", "note")
        return ReturnRow(
            **{name: row[name] for name in row if name not in other},
            state=ReturnState(row["state"]),
            created_at=from_text(row["created_at"]),
            note=self._core.unseal_text(RETURN_NOTE.place(row["id"]), row["note"]),
        )
