"""Drafts: reports (SR 8.14.x) that may still change, until they are made ready to be sent."""

from hht.store.core import Repository, Transaction
from hht.store.errors import StoreError
from hht.store.secrets.fields import RETURN_BODY
from hht.store.sqlite.timestamps import to_text


class DraftRepository(Repository):
    """The items of the outbox that are not ready yet."""

    def add(self, service: str, request_id: str, body: bytes, *, job_id: int | None = None) -> int:
        """Keep a report's Body element; its number. `request_id` still has the counter 0."""
        with self._core.transaction() as change:
            cursor = change.execute(
                "INSERT INTO returns (job_id, service, state, request_id, created_at)"
                " VALUES (?, ?, 'draft', ?, ?)",
                (job_id, service, request_id, to_text(self._core.clock.now())),
            )
            return_id = int(cursor.lastrowid or 0)
            self._write_body(change, return_id, body)
            change.note("draft made", f"return {return_id}")
        return return_id

    def edit(self, return_id: int, body: bytes) -> None:
        """Replace a draft's body; StoreError when it is no draft any more."""
        with self._core.transaction() as change:
            self._write_body(change, return_id, body)
            change.note("draft changed", f"return {return_id}")

    def discard(self, return_id: int) -> None:
        """Delete a draft; StoreError when it is no draft any more."""
        with self._core.transaction() as change:
            change.execute("DELETE FROM returns WHERE id = ? AND state = 'draft'", (return_id,))
            check_changed(change, return_id, "a draft")
            change.note("draft discarded", f"return {return_id}")

    def make_ready(
        self, change: Transaction, return_id: int, *, key: str, request_id: str, counter: int
    ) -> None:
        """Fix a draft's key and RequestID: from here on it is sent as it is, once."""
        change.execute(
            "UPDATE returns SET state = 'ready', idempotency_key = ?, request_id = ?,"
            " request_counter = ? WHERE id = ? AND state = 'draft'",
            (key, request_id, counter, return_id),
        )
        check_changed(change, return_id, "a draft")
        change.note("return ready", f"return {return_id}, key {key}")

    def _write_body(self, change: Transaction, return_id: int, body: bytes) -> None:
        change.execute(
            "UPDATE returns SET body = ? WHERE id = ? AND state = 'draft'",
            (self._core.seal(RETURN_BODY.place(return_id), body), return_id),
        )
        check_changed(change, return_id, "a draft")


def check_changed(change: Transaction, return_id: int, what: str) -> None:
    """Raise StoreError when the last statement found no item in that state."""
    if change.execute("SELECT changes()").fetchone()[0] == 0:
        raise not_in_state(return_id, what)


def not_in_state(return_id: int, what: str) -> StoreError:
    return StoreError(
        f"The queued item {return_id} is not {what}",
        remedy="'hht queue list' shows how each item stands.",
    )
