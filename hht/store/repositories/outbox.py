"""The outbox: drafts, what is lent out for sending, receipts, and what comes of each item."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.store.errors import StoreError
from hht.store.repositories.returns import (
    ReturnTable,
    TakenItem,
    dcc,
    idempotency_key,
)
from hht.store.rows import ReturnState
from hht.store.secrets.fields import RETURN_BODY
from hht.store.sqlite.timestamps import from_text, now, to_text

_DUE = """
    state IN ('ready', 'sent')
    AND (try_after IS NULL OR try_after <= :now OR try_after > :horizon)
    AND (leased_until IS NULL OR leased_until <= :now OR leased_until > :horizon)"""


class OutboxTable(ReturnTable):
    """What happens to the items of one database on their way out."""

    def draft_return(
        self, service: str, body: bytes, *, originator: EntityId, job_id: int | None = None
    ) -> int:
        """Keep a report (the Body element of an SR 8.14.x) that may still change; its number."""
        request_id = RequestId(originator, dcc(), 0)
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO returns (job_id, service, state, request_id, created_at)"
                " VALUES (?, ?, 'draft', ?, ?)",
                (job_id, service, str(request_id), to_text(now())),
            )
            return_id = int(cursor.lastrowid or 0)
            self._write_body(connection, return_id, body)
            self.note(connection, "draft made", f"return {return_id}")
        return return_id

    def edit_draft(self, return_id: int, body: bytes) -> None:
        """Replace a draft's body; StoreError when it is no draft any more."""
        with self.database.transaction() as connection:
            self._write_body(connection, return_id, body)
            self.note(connection, "draft changed", f"return {return_id}")

    def discard_draft(self, return_id: int) -> None:
        """Throw a draft away; StoreError when it is no draft any more."""
        with self.database.transaction() as connection:
            connection.execute("DELETE FROM returns WHERE id = ? AND state = 'draft'", (return_id,))
            self._check_changed(connection, return_id, "a draft")
            self.note(connection, "draft discarded", f"return {return_id}")

    def finalise(self, return_id: int) -> None:
        """Fix a draft's key and RequestID: from here on it is sent as it is, once."""
        item = self.return_item(return_id)
        if item.row.state is not ReturnState.DRAFT:
            raise _not_in_state(return_id, "a draft")
        draft = RequestId.parse(item.row.request_id)
        with self.database.transaction() as connection:
            counter = self.next_counter(connection)
            request_id = RequestId(draft.originator, draft.target, counter)
            key = idempotency_key(f"{item.row.service} report {return_id}", item.xml)
            connection.execute(
                "UPDATE returns SET state = 'ready', idempotency_key = ?, request_id = ?,"
                " request_counter = ? WHERE id = ? AND state = 'draft'",
                (key, str(request_id), counter, return_id),
            )
            self._check_changed(connection, return_id, "a draft")
            self.note(connection, "return ready", f"return {return_id}, key {key}")

    def take_in(self, items: Iterable[TakenItem]) -> int:
        """Queue another store's items as they are; how many were not there yet."""
        before = self.database.value("SELECT COUNT(*) FROM returns")
        with self.database.transaction() as connection:
            for item in items:
                self._take_in(connection, item)
            new = connection.execute("SELECT COUNT(*) FROM returns").fetchone()[0] - before
            self.note(connection, "export taken in", f"{new} new returns")
        return int(new)

    def receipt_rows(self) -> list[dict[str, str]]:
        """Key and code of everything that was received."""
        return self.database.rows(
            "SELECT r.idempotency_key, p.code FROM receipts p"
            " JOIN returns r ON r.id = p.return_id ORDER BY r.id"
        )

    def returns_by_key(self, keys: Iterable[str]) -> dict[str, int]:
        """The numbers of those items that this store has."""
        found = {}
        for key in keys:
            number = self.database.value("SELECT id FROM returns WHERE idempotency_key = ?", (key,))
            if number is not None:
                found[key] = int(number)
        return found

    def lease_returns(self, count: int, *, at: datetime, until: datetime) -> list[int]:
        """Lend out up to `count` items that are due, as sent; nobody else gets them until then.

        A lease runs out by itself, so whoever dies with one holds nothing up. What is due only
        after a day is due now: it was the clock that went back.
        """
        with self.database.transaction() as connection:
            rows = connection.execute(
                "UPDATE returns SET state = 'sent', tries = tries + 1, leased_until = :until"
                f" WHERE id IN (SELECT id FROM returns WHERE {_DUE} ORDER BY id LIMIT :count)"
                " RETURNING id",
                {
                    "now": to_text(at),
                    "horizon": to_text(at + timedelta(days=1)),
                    "until": to_text(until),
                    "count": count,
                },
            ).fetchall()
            if rows:
                lent = ", ".join(str(row[0]) for row in rows)
                self.note(connection, "returns being sent", f"returns {lent}")
        return sorted(row[0] for row in rows)

    def try_later(self, return_id: int, after: datetime, note: str) -> None:
        """Give a lease back: the item is due again after that moment."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE returns SET leased_until = NULL, try_after = ?, note = ?"
                " WHERE id = ? AND state = 'sent'",
                (to_text(after), note, return_id),
            )
            self.note(connection, "return to be tried again", f"return {return_id}: {note}")

    def next_try(self) -> datetime | None:
        """When the next item is due; None when nothing is left to send."""
        text = self.database.value(
            "SELECT MIN(MAX(COALESCE(try_after, created_at), COALESCE(leased_until, created_at)))"
            " FROM returns WHERE state IN ('ready', 'sent')"
        )
        return from_text(text) if text else None

    def record_receipt(
        self, return_id: int, code: str, document: bytes, *, note: str = "", at: datetime
    ) -> None:
        """Keep the proof that an item was received; a second one for it changes nothing."""
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO receipts (return_id, code, received_at, document) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (return_id, code, to_text(at), document),
            )
            connection.execute(
                "UPDATE returns SET state = 'received', leased_until = NULL, note = ?"
                " WHERE id = ? AND state <> 'received'",
                (note or code, return_id),
            )
            self.note(connection, "return received", f"return {return_id}, code {code}")

    def record_refusal(self, return_id: int, note: str) -> None:
        """The receiver will not have it as it is; it is kept until somebody tries it again."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE returns SET state = 'refused', leased_until = NULL, note = ?"
                " WHERE id = ? AND state <> 'received'",
                (note, return_id),
            )
            self.note(connection, "return refused", f"return {return_id}: {note}")

    def try_again(self, return_id: int) -> None:
        """Make a refused item ready once more, under the same key; StoreError for any other."""
        with self.database.transaction() as connection:
            connection.execute(
                "UPDATE returns SET state = 'ready', try_after = NULL, note = ''"
                " WHERE id = ? AND state = 'refused'",
                (return_id,),
            )
            self._check_changed(connection, return_id, "refused")
            self.note(connection, "return to be tried again", f"return {return_id}")

    def mark_sent(self, return_ids: Iterable[int], note: str) -> None:
        """Those that were ready have left this handheld and wait for their receipt."""
        with self.database.transaction() as connection:
            connection.executemany(
                "UPDATE returns SET state = 'sent', note = ? WHERE id = ? AND state = 'ready'",
                ((note, return_id) for return_id in return_ids),
            )
            self.note(connection, "queue exported", note)

    def forget_received(self, before: datetime) -> int:
        """Delete what was received before that moment, with its captures; how many items."""
        limit = (to_text(before),)
        old = "(SELECT return_id FROM receipts WHERE received_at < ?)"
        with self.database.transaction() as connection:
            # Only here is it asked who refers to an item: at each capture it would cost a page.
            connection.execute("CREATE INDEX captures_by_return ON captures (return_id)")
            connection.execute(f"DELETE FROM captures WHERE return_id IN {old}", limit)
            ids = connection.execute(
                "SELECT return_id FROM receipts WHERE received_at < ?", limit
            ).fetchall()
            connection.execute("DELETE FROM receipts WHERE received_at < ?", limit)
            connection.executemany("DELETE FROM returns WHERE id = ?", ids)
            connection.execute("DROP INDEX captures_by_return")
            self.note(connection, "received forgotten", f"{len(ids)} returns before {limit[0]}")
        return len(ids)

    def _take_in(self, connection: sqlite3.Connection, item: TakenItem) -> None:
        cursor = connection.execute(
            "INSERT INTO returns (service, state, idempotency_key, request_id,"
            " original_request_id, created_at) VALUES (?, 'ready', ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING id",
            (
                item.service,
                item.idempotency_key,
                item.request_id,
                item.original_request_id,
                to_text(now()),
            ),
        )
        for (return_id,) in cursor.fetchall():
            sealed = self.fields.seal(RETURN_BODY.place(return_id), item.body)
            connection.execute("UPDATE returns SET body = ? WHERE id = ?", (sealed, return_id))

    def _write_body(self, connection: sqlite3.Connection, return_id: int, body: bytes) -> None:
        connection.execute(
            "UPDATE returns SET body = ? WHERE id = ? AND state = 'draft'",
            (self.fields.seal(RETURN_BODY.place(return_id), body), return_id),
        )
        self._check_changed(connection, return_id, "a draft")

    def _check_changed(self, connection: sqlite3.Connection, return_id: int, what: str) -> None:
        if connection.execute("SELECT changes()").fetchone()[0] == 0:
            raise _not_in_state(return_id, what)


def _not_in_state(return_id: int, what: str) -> StoreError:
    return StoreError(
        f"The queued item {return_id} is not {what}",
        remedy="'hht queue list' shows how each item stands.",
    )
