"""The audit trail: append-only, chained, and in the same transaction as the change."""

import contextlib
import sqlite3

import pytest
from store_samples import (
    CCS01_COMMAND,
    CCS01_RESPONSE,
    CS14_ALERT,
    GNCA_ALERT,
    hear,
    open_store,
    pack,
)

from hht.store import CommandEvent, StoreError


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path) as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND))
        opened.commands.move(1, CommandEvent.SEND)
        hear(opened, CCS01_RESPONSE, job.id)
        hear(opened, CCS01_RESPONSE, job.id)
        hear(opened, CS14_ALERT, job.id)
        yield opened


def forge(store, sql: str) -> None:
    """Change the file as somebody would who has it: with the triggers out of the way."""
    store.close()
    with contextlib.closing(sqlite3.connect(store.database.path, isolation_level=None)) as other:
        other.execute("DROP TRIGGER the_audit_trail_is_not_changed")
        other.execute("DROP TRIGGER the_audit_trail_is_not_shortened")
        other.execute(sql)


def break_off(store) -> None:
    """A change that fails after its entry was made."""
    with store.transaction() as change:
        change.note("never happened", "")
        raise ZeroDivisionError


def actions(store) -> list[str]:
    return [row["action"] for row in store.database.rows("SELECT action FROM audit ORDER BY id")]


def test_every_change_leaves_its_entry(store):
    assert actions(store) == [
        "job imported",
        "command sending",
        "captured",
        "captured again",
        "captured",
    ]
    assert store.verify_trail().holds


def test_a_capture_is_named_by_its_hash_and_what_became_of_it(store):
    subject = store.audit.entries()[2]
    capture = store.captures.all()[0]
    assert f"capture {capture.id}, sha256" in subject["subject"]
    assert f"command {capture.command_id}, return {capture.return_id}" in subject["subject"]


def test_a_change_that_fails_leaves_no_entry_and_no_change(store, monkeypatch):
    before = (actions(store), store.captures.all())
    monkeypatch.setattr(store.audit, "append", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        hear(store, CS14_ALERT + b"\0")
    monkeypatch.undo()
    assert (actions(store), store.captures.all()) == before


def test_the_chain_goes_on_from_the_last_entry_on_the_disk_after_a_change_that_failed(store):
    before = actions(store)
    with pytest.raises(ZeroDivisionError):
        break_off(store)
    hear(store, GNCA_ALERT)
    assert actions(store) == [*before, "captured"]
    assert store.verify_trail().holds


@pytest.mark.parametrize("sql", ["UPDATE audit SET action = 'x'", "DELETE FROM audit"])
def test_the_database_refuses_to_change_the_trail(store, sql):
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.database.connection.execute(sql)


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        ("UPDATE audit SET action = 'captured' WHERE id = 2", 2),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE id = 4", 4),
        ("UPDATE audit SET subject = CAST('capture 9' AS BLOB) WHERE id = 3", 3),
        ("DELETE FROM audit WHERE id = 3", 4),
        ("UPDATE audit SET id = id + 1000 WHERE id = 5", 1005),
    ],
)
def test_any_change_breaks_the_chain_at_its_place(store, tmp_path, sql, broken_at):
    forge(store, sql)
    with open_store(tmp_path) as again:
        verdict = again.verify_trail()
    assert (verdict.holds, verdict.broken_at) == (False, broken_at)


def test_a_trail_cut_at_its_end_is_found_out_by_a_head_that_was_exported(store, tmp_path):
    head = store.audit.head()
    assert store.verify_trail(head.mac).holds
    forge(store, "DELETE FROM audit WHERE id = 5")
    with open_store(tmp_path) as again:
        verdict = again.verify_trail(head.mac)
    assert (verdict.holds, verdict.head_found) == (False, False)
    assert "capture 2 is in no entry, or was deleted: it was put in" in verdict.faults


def test_the_trail_goes_on_after_a_pin_and_new_keys(store):
    before = store.audit.head()
    store.vault.protect("271828")
    store.vault.change_keys("271828")
    hear(store, CS14_ALERT)
    assert store.verify_trail(before.mac).holds
    assert actions(store)[-3:] == ["protected", "keys changed", "captured"]
    store.vault.lock()
    with pytest.raises(StoreError, match="locked"):
        store.verify_trail()
