"""The way out: what is lent out for sending, receipts, and what comes of each item."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from hht.store.core import Repository, Transaction
from hht.store.repositories.drafts import check_changed
from hht.store.rows import TakenItem
from hht.store.secrets.fields import RETURN_BODY
from hht.store.sqlite.timestamps import from_text, to_text

_DUE = """
    state IN ('ready', 'sent')
    AND (try_after IS NULL OR try_after <= :now OR try_after > :horizon)
    AND (leased_until IS NULL OR leased_until <= :now OR leased_until > :horizon)"""


class OutboxRepository(Repository):
    """What happens to the items of one database on their way out."""

    def take_in(self, items: Iterable[TakenItem]) -> int:
        """Queue another store's items as they are; how many were not there yet."""
        before = self._core.value("SELECT COUNT(*) FROM returns")
        with self._core.transaction() as change:
            for item in items:
                self._take_in(change, item)
            new = change.execute("SELECT COUNT(*) FROM returns").fetchone()[0] - before
            change.note("export taken in", f"{new} new returns")
        return int(new)

    def receipt_rows(self) -> list[dict[str, str]]:
        """Key and code of everything that was received."""
        return self._core.rows(
            "SELECT r.idempotency_key, p.code FROM receipts p"
            " JOIN returns r ON r.id = p.return_id ORDER BY r.id"
        )

    def lease(self, count: int, *, at: datetime, until: datetime) -> list[int]:
        """Lend out up to `count` items that are due, as sent; nobody else gets them until then.

        A lease runs out by itself, so whoever dies with one holds nothing up. What is due only
        after a day is due now: it was the clock that went back.
        """
        with self._core.transaction() as change:
            rows = change.execute(
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
                change.note("returns being sent", f"returns {lent}")
        return sorted(row[0] for row in rows)

    def try_later(self, return_id: int, after: datetime, note: str) -> None:
        """Give a lease back: the item is due again after that moment."""
        with self._core.transaction() as change:
            change.execute(
                "UPDATE returns SET leased_until = NULL, try_after = ?, note = ?"
                " WHERE id = ? AND state = 'sent'",
                (to_text(after), note, return_id),
            )
            change.note("return to be tried again", f"return {return_id}: {note}")

    def next_try(self) -> datetime | None:
        """When the next item is due; None when nothing is left to send."""
        text = self._core.value(
            "SELECT MIN(MAX(COALESCE(try_after, created_at), COALESCE(leased_until, created_at)))"
            " FROM returns WHERE state IN ('ready', 'sent')"
        )
        return from_text(text) if text else None

    def record_receipt(
        self, return_id: int, code: str, document: bytes, *, note: str = "", at: datetime
    ) -> None:
        """Keep the proof that an item was received; a second one for it changes nothing."""
        with self._core.transaction() as change:
            change.execute(
                "INSERT INTO receipts (return_id, code, received_at, document) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (return_id, code, to_text(at), document),
            )
            change.execute(
                "UPDATE returns SET state = 'received', leased_until = NULL, note = ?"
                " WHERE id = ? AND state <> 'received'",
                (note or code, return_id),
            )
            change.note("return received", f"return {return_id}, code {code}")

    def record_refusal(self, return_id: int, note: str) -> None:
        """The receiver will not have it as it is; it is kept until somebody tries it again."""
        with self._core.transaction() as change:
            change.execute(
                "UPDATE returns SET state = 'refused', leased_until = NULL, note = ?"
                " WHERE id = ? AND state <> 'received'",
                (note, return_id),
            )
            change.note("return refused", f"return {return_id}: {note}")

    def try_again(self, return_id: int) -> None:
        """Make a refused item ready once more, under the same key; StoreError for any other."""
        with self._core.transaction() as change:
            change.execute(
                "UPDATE returns SET state = 'ready', try_after = NULL, note = ''"
                " WHERE id = ? AND state = 'refused'",
                (return_id,),
            )
            check_changed(change, return_id, "refused")
            change.note("return to be tried again", f"return {return_id}")

    def mark_sent(self, return_ids: Iterable[int], note: str) -> None:
        """Those that were ready have left this handheld and wait for their receipt."""
        with self._core.transaction() as change:
            change.execute_many(
                "UPDATE returns SET state = 'sent', note = ? WHERE id = ? AND state = 'ready'",
                ((note, return_id) for return_id in return_ids),
            )
            change.note("queue exported", note)

    def forget_received(self, before: datetime) -> int:
        """Delete what was received before that moment, with its captures; how many items."""
        limit = (to_text(before),)
        old = "(SELECT return_id FROM receipts WHERE received_at < ?)"
        with self._core.transaction() as change:
            # Only here is it asked who refers to an item: at each capture it would cost a page.
            change.execute("CREATE INDEX captures_by_return ON captures (return_id)")
            gone = f"(SELECT id FROM captures WHERE return_id IN {old})"
            change.execute(f"DELETE FROM events WHERE capture_id IN {gone}", limit)
            change.execute(f"DELETE FROM captures WHERE return_id IN {old}", limit)
            ids = change.execute(
                "SELECT return_id FROM receipts WHERE received_at < ?", limit
            ).fetchall()
            change.execute("DELETE FROM receipts WHERE received_at < ?", limit)
            change.execute_many("DELETE FROM returns WHERE id = ?", ids)
            change.execute("DROP INDEX captures_by_return")
            change.note("received forgotten", f"{len(ids)} returns before {limit[0]}")
        return len(ids)

    def _take_in(self, change: Transaction, item: TakenItem) -> None:
        cursor = change.execute(
            "INSERT INTO returns (service, state, idempotency_key, request_id,"
            " original_request_id, created_at) VALUES (?, 'ready', ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING RETURNING id",
            (
                item.service,
                item.idempotency_key,
                item.request_id,
                item.original_request_id,
                to_text(self._core.clock.now()),
            ),
        )
        for (return_id,) in cursor.fetchall():
            sealed = self._core.seal(RETURN_BODY.place(return_id), item.body)
            change.execute("UPDATE returns SET body = ? WHERE id = ?", (sealed, return_id))
