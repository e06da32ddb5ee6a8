"""A row that was changed in the file is named in one line, whatever reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, NOW, open_store, pack

from hht.journeys.events import StepDone
from hht.store import Store, StoreDamaged

CHANGES: dict[str, tuple[str, Callable[[Store], object]]] = {
    "a snapshot cut short": (
        "UPDATE journeys SET snapshot = substr(snapshot, 1, 5)",
        lambda store: store.journeys.load(1, "pairing"),
    ),
    "a snapshot that is none": (
        "UPDATE journeys SET snapshot = CAST('7' AS BLOB)",
        lambda store: store.journeys.load(1, "pairing"),
    ),
    "an event's time": (
        "UPDATE events SET at = 'noon'",
        lambda store: store.events.visits(),
    ),
}


@pytest.mark.parametrize(("change", "read"), CHANGES.values(), ids=CHANGES)
def test_a_changed_row_is_damaged(
    tmp_path: Path, change: str, read: Callable[[Store], object]
) -> None:
    with open_store(tmp_path) as store:
        store.jobs.add(pack(CCS01_COMMAND))
        store.journeys.save(1, "pairing", {"step": "first"})
        store.events.add(StepDone("first", 1), at=NOW, job_id=1)
        assert read(store)
        store.database.connection.execute(change)
        with pytest.raises(StoreDamaged, match="changed or is damaged"):
            read(store)
