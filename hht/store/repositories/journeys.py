"""Journey snapshots: the engineer's progress, so that a flat battery costs nothing."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from hht.store.core import Repository, row_of
from hht.store.secrets.fields import JOURNEY_SNAPSHOT

T = TypeVar("T")


class JourneyRepository(Repository):
    """The snapshots of one database."""

    def save(self, job_id: int, name: str, snapshot: dict[str, Any]) -> None:
        """Keep the snapshot (JSON) of a journey, in place of the one before."""
        sealed = self._core.seal(_place(job_id, name), json.dumps(snapshot).encode())
        with self._core.transaction() as change:
            change.execute(
                "INSERT INTO journeys (job_id, name, snapshot) VALUES (?, ?, ?)"
                " ON CONFLICT DO UPDATE SET snapshot = excluded.snapshot",
                (job_id, name, sealed),
            )
            change.note("place in a journey kept", f"job {job_id}, {name}")

    def load(self, job_id: int, name: str) -> dict[str, Any] | None:
        """Return the last snapshot, None when there is none; StoreDamaged where it was changed."""
        return self.restore(job_id, name, dict)

    def restore(self, job_id: int, name: str, make: Callable[[dict[str, Any]], T]) -> T | None:
        """Return what `make` makes of the last snapshot, None when there is none.

        StoreDamaged where that was changed, or is none of those that `make` knows.
        """
        rows = self._core.rows(
            "SELECT job_id AS id, name, snapshot FROM journeys WHERE job_id = ? AND name = ?",
            (job_id, name),
        )
        return self._made(rows[0], make) if rows else None

    def clear(self, job_id: int, name: str) -> None:
        """Forget the snapshot: the journey is over."""
        with self._core.transaction() as change:
            change.execute("DELETE FROM journeys WHERE job_id = ? AND name = ?", (job_id, name))
            change.note("journey over", f"job {job_id}, {name}")

    @row_of("a journey of job")
    def _made(self, row: dict[str, Any], make: Callable[[dict[str, Any]], T]) -> T:
        place = _place(row["id"], row["name"])
        return make(dict(json.loads(self._core.unseal(place, row["snapshot"]))))


def _place(job_id: int, name: str) -> str:
    return JOURNEY_SNAPSHOT.place(f"{job_id}.{name}")
