"""A row that was changed in the file is named in one line, whatever reads it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, HUB, NOW, hear, open_store, pack

from hht.journeys.events import StepDone
from hht.outbox.compose813 import return_item
from hht.outbox.reports import draft_report
from hht.store import Store, StoreDamaged, StoreError

CHANGES: dict[str, tuple[str, Callable[[Store], object]]] = {
    "a snapshot cut short": (
        "UPDATE journeys SET snapshot = substr(snapshot, 1, 5)",
        lambda store: store.journeys.load(1, "pairing"),
    ),
    "a snapshot that is none": (
        "UPDATE journeys SET snapshot = CAST('7' AS BLOB)",
        lambda store: store.journeys.load(1, "pairing"),
    ),
    "a snapshot that lacks what it had": (
        """UPDATE journeys SET snapshot = CAST('{"a": 1}' AS BLOB)""",
        lambda store: store.journeys.restore(1, "pairing", lambda kept: str(kept["step"])),
    ),
    "an event's time": (
        "UPDATE events SET at = 'noon'",
        lambda store: store.events.of_job(1),
    ),
    "a RequestID that is none": (
        "UPDATE returns SET request_id = 'x'",
        lambda store: return_item(store, 1),
    ),
    "a RequestID that is gone": (
        "UPDATE returns SET request_id = NULL",
        lambda store: return_item(store, 1),
    ),
    "a report that is no text": (
        "UPDATE returns SET body = x'FF00FF'",
        lambda store: return_item(store, 1),
    ),
    "what an entry of the trail is about": (
        "UPDATE audit SET subject = x'FF00FF'",
        lambda store: store.audit.entries(),
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
        draft_report(store, "8.14.1", b"<a/>", originator=HUB)
        assert read(store)
        store.database.connection.execute(change)
        with pytest.raises(StoreDamaged, match="changed or is damaged"):
            read(store)


def test_a_damaged_row_hides_no_other(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for name in ("JOB-1", "JOB-2"):
            store.jobs.add(pack(CCS01_COMMAND, reference=name))
            draft_report(store, "8.14.1", b"<a/>", originator=HUB)
        for table, change in {
            "jobs": "details = x'00'",
            "returns": "created_at = 'noon'",
        }.items():
            store.database.connection.execute(f"UPDATE {table} SET {change} WHERE id = 1")
        assert store.jobs.numbers() == (2, 1)
        assert [each.id for each in store.jobs.all()] == [2]
        damaged: list[int] = []
        whole = store.returns.all(on_damaged=lambda number, error: damaged.append(number))
        assert ([each.id for each in whole], damaged) == ([2], [1])


def test_a_response_to_a_command_whose_state_is_damaged_is_kept(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        store.database.connection.execute("PRAGMA ignore_check_constraints = ON")
        store.database.connection.execute("UPDATE commands SET state = 'xending'")
        assert hear(store, CCS01_RESPONSE, job.id).command_id is None
        assert [each.raw for each in store.captures.held()] == [CCS01_RESPONSE]


def test_a_number_that_no_row_can_have_changes_nothing_and_is_said(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, pytest.raises(StoreError, match="so large a number"):
        store.outbox.try_again(1 << 64)
