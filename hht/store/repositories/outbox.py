"""The way out: what is lent out for sending, receipts, and what comes of each item."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from hht.spans import counted
from hht.store.core import Repository, StoreCore, Transaction
from hht.store.repositories.drafts import check_changed
from hht.store.rows import SET_ASIDE, TO_SEND, ReturnState, TakenItem
from hht.store.secrets.fields import RECEIPT_DOCUMENT, RETURN_BODY, RETURN_NOTE
from hht.store.sqlite.timestamps import from_text, to_text

_TO_SEND = ", ".join(f"'{state}'" for state in TO_SEND)
_SET_ASIDE = ", ".join(f"'{state}'" for state in SET_ASIDE)

# What is due only after a day is due now: it was the clock that went back.
_DUE_FROM = "CASE WHEN try_after > :now AND try_after <= :horizon THEN try_after ELSE :now END"


class OutboxRepository(Repository):
    """What happens to the items of one database on their way out.

    What is lent out for sending is known here alone, for no other process may write the file: one
    that dies with an item holds nothing up.
    """

    def __init__(self, core: StoreCore) -> None:
        super().__init__(core)
        self._lent: set[int] = set()

    def take_in(self, items: Iterable[TakenItem]) -> int:
        """Queue another store's items as they are; how many were not there yet."""
        before = self._core.value("SELECT COUNT(*) FROM returns")
        with self._core.transaction() as change:
            for item in items:
                self._take_in(change, item)
            new = change.execute("SELECT COUNT(*) FROM returns").fetchone()[0] - before
            change.note("export taken in", counted(new, "new return"))
        return int(new)

    def receipt_rows(self) -> list[dict[str, Any]]:
        """Return key, code and document (bytes) of everything that was received."""
        rows = self._core.rows(
            "SELECT r.id, r.idempotency_key, p.code, p.document FROM receipts p"
            " JOIN returns r ON r.id = p.return_id ORDER BY r.id"
        )
        return [row | {"document": self._document(row.pop("id"), row["document"])} for row in rows]

    def _document(self, return_id: int, sealed: bytes) -> bytes:
        return self._core.unseal(RECEIPT_DOCUMENT.place(return_id), sealed)

    def _note(self, return_id: int, note: str) -> bytes | None:
        """Return what is stored for the note of an item."""
        return self._core.seal_text(RETURN_NOTE.place(return_id), note)

    def due(self, *, at: datetime) -> list[int]:
        """Return the items to send at that moment, those with the fewest tries first."""
        rows = self._core.rows(
            f"SELECT id FROM returns WHERE state IN ({_TO_SEND}) AND {_DUE_FROM} <= :now"
            " ORDER BY tries, id",
            _moments(at),
        )
        return [row["id"] for row in rows if row["id"] not in self._lent]

    def lend(self, return_id: int, *, at: datetime) -> bool:
        """Lend an item that is due out, as sent; False where it is not due or lent already."""
        with self._core.transaction() as change:
            if return_id in self._lent:
                return False
            cursor = change.execute(
                "UPDATE returns SET state = 'sent', tries = tries + 1"
                f" WHERE id = :id AND state IN ({_TO_SEND}) AND {_DUE_FROM} <= :now",
                _moments(at) | {"id": return_id},
            )
            if not cursor.rowcount:
                return False
            change.note("return being sent", f"return {return_id}")
            self._lent.add(return_id)
        return True

    def take_back(self, return_id: int) -> None:
        """End the lending of an item, whatever came of it."""
        self._lent.discard(return_id)

    def try_later(self, return_id: int, after: datetime, note: str) -> None:
        """Make the item due again after that moment."""
        with self._core.transaction() as change:
            change.execute(
                "UPDATE returns SET try_after = ?, note = ? WHERE id = ? AND state = 'sent'",
                (to_text(after), self._note(return_id, note), return_id),
            )
            change.note("return to be tried again", f"return {return_id}: {note}")

    def hold_off(self, until: datetime) -> None:
        """Make nothing due before that moment: the gateway asked for it."""
        text = to_text(until)
        with self._core.transaction() as change:
            change.execute(
                f"UPDATE returns SET try_after = ? WHERE state IN ({_TO_SEND})"
                " AND (try_after IS NULL OR try_after < ?)",
                (text, text),
            )
            change.note("nothing to be sent", f"before {text}")

    def next_try(self, *, at: datetime) -> datetime | None:
        """Return when the next item is due, that moment or later.

        None when nothing is left to send.
        """
        lent = ", ".join(map(str, self._lent))
        rows = self._core.rows(
            f"SELECT MIN({_DUE_FROM}) AS due FROM returns"
            f" WHERE state IN ({_TO_SEND}) AND id NOT IN ({lent})",
            _moments(at),
        )
        return from_text(rows[0]["due"]) if rows[0]["due"] else None

    def record_receipt(
        self, return_id: int, code: str, document: bytes, *, note: str = "", at: datetime
    ) -> None:
        """Keep the proof that an item was received; a second one for it changes nothing."""
        sealed = self._core.seal(RECEIPT_DOCUMENT.place(return_id), document)
        with self._core.transaction() as change:
            change.execute(
                "INSERT INTO receipts (return_id, code, received_at, document) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (return_id, code, to_text(at), sealed),
            )
            change.execute(
                "UPDATE returns SET state = 'received', note = ?"
                " WHERE id = ? AND state <> 'received'",
                (self._note(return_id, note or code), return_id),
            )
            change.note("return received", f"return {return_id}, code {code}")

    def record_refusal(self, return_id: int, note: str) -> bool:
        """Record that the DCC refuses it as it is; it is kept until a person tries it again.

        Return False where nothing was changed: it had been received before.
        """
        return self._set_aside(return_id, ReturnState.REFUSED, note)

    def hold(self, return_id: int, note: str) -> bool:
        """Keep it until a person decides what to do with it; False as `record_refusal`."""
        return self._set_aside(return_id, ReturnState.HELD, note)

    def try_again(self, return_id: int) -> None:
        """Make a refused or held item ready once more, under its key; StoreError for any other."""
        with self._core.transaction() as change:
            change.execute(
                "UPDATE returns SET state = 'ready', try_after = NULL, note = NULL"
                f" WHERE id = ? AND state IN ({_SET_ASIDE})",
                (return_id,),
            )
            check_changed(change, return_id, "refused or held")
            change.note("return to be tried again", f"return {return_id}")

    def mark_written(self, return_ids: Iterable[int], note: str) -> None:
        """Mark what was ready as written to a file: it waits to be sent or for its receipt."""
        with self._core.transaction() as change:
            change.execute_many(
                "UPDATE returns SET state = 'written', note = ?"
                " WHERE id = ? AND state IN ('ready', 'written')",
                ((self._note(return_id, note), return_id) for return_id in return_ids),
            )
            change.note("outbox exported", note)

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
            change.note("received forgotten", f"{counted(len(ids), 'return')} before {limit[0]}")
        return len(ids)

    def _set_aside(self, return_id: int, state: ReturnState, note: str) -> bool:
        with self._core.transaction() as change:
            cursor = change.execute(
                "UPDATE returns SET state = ?, note = ? WHERE id = ? AND state <> 'received'",
                (state, self._note(return_id, note), return_id),
            )
            what = f"return {state}" if cursor.rowcount else "answer to a received return"
            change.note(what, f"return {return_id}: {note}")
        return bool(cursor.rowcount)

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


def _moments(at: datetime) -> dict[str, str]:
    """Return the parameters of what is due: now, and the day after which a moment is a clock's
    mistake."""
    return {"now": to_text(at), "horizon": to_text(at + timedelta(days=1))}
