"""At rest: without the PIN the file shows nothing, and a thief gets few guesses."""

from pathlib import Path

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

from hht.clock import ManualClock
from hht.outbox.compose813 import return_item
from hht.store import Mode, Store, StoreDamaged, StoreError
from hht.store.errors import StoreLocked, StoreWiped, WrongPin
from hht.store.secrets.auto_lock import AutoLock
from hht.store.secrets.fields import CAPTURE_RAW, SealedFields

PIN = "271828"
# The Device's Install Code as the CCS01 Command carries it: the secret that matters most.
INSTALL_CODE = b"0123456789ABCDEF"
SECRETS = (INSTALL_CODE, b"1 High Street", b"private key of the HHT", CCS01_RESPONSE, b"Mrs Smith")


def fill(store: Store) -> int:
    job = store.jobs.add(pack(CCS01_COMMAND, mode=None))
    hear(store, CCS01_RESPONSE, job.id)
    store.journeys.save(job.id, "install", {"customer": "Mrs Smith"})
    store.secrets.put("hht identity", b"private key of the HHT")
    return job.id


def everything_written(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())


@pytest.fixture
def store(tmp_path):
    """A live store with secrets in it and no PIN yet."""
    with open_store(tmp_path, Mode.LIVE) as opened:
        fill(opened)
        yield opened


def reopened(store: Store) -> Store:
    store.close()
    return Store.open(store.database.path, Mode.LIVE)


def test_before_the_pin_the_secrets_are_in_the_file_so_the_search_for_them_works(store, tmp_path):
    store.close()
    assert all(secret in everything_written(tmp_path) for secret in SECRETS)


def test_after_the_pin_no_secret_is_in_any_file_open_or_closed(store, tmp_path):
    store.vault.protect(PIN)
    assert not any(secret in everything_written(tmp_path) for secret in SECRETS)
    store.secrets.put("another", b"private key of the HHT")
    job = store.jobs.add(pack(CCS01_COMMAND, mode=None, reference="JOB-0002"))
    hear(store, CS14_ALERT, job.id)
    assert not any(secret in everything_written(tmp_path) for secret in (*SECRETS, CS14_ALERT))
    store.close()
    assert not any(secret in everything_written(tmp_path) for secret in SECRETS)


def test_a_protected_store_opens_locked_and_tells_only_counts(store):
    store.vault.protect(PIN)
    with reopened(store) as locked:
        assert (locked.vault.is_protected, locked.vault.is_locked) == (True, True)
        assert locked.returns.waiting_count() == 1
        for ask in (
            locked.jobs.all,
            locked.captures.all,
            lambda: locked.secrets.get("hht identity"),
            lambda: return_item(locked, 1),
            lambda: hear(locked, CS14_ALERT),
        ):
            with pytest.raises(StoreLocked, match="Enter the PIN"):
                ask()


def test_the_pin_opens_everything_as_it_was(store):
    before = (
        store.jobs.all(),
        store.captures.all(),
        store.commands.of_job(1),
        return_item(store, 1),
    )
    store.vault.protect(PIN)
    with reopened(store) as again:
        again.vault.unlock(PIN)
        assert (
            again.jobs.all(),
            again.captures.all(),
            again.commands.of_job(1),
            return_item(again, 1),
        ) == before
        assert again.secrets.get("hht identity") == b"private key of the HHT"
        assert again.journeys.load(1, "install") == {"customer": "Mrs Smith"}
        assert again.verify_trail().holds


def test_a_new_pin_replaces_the_old_one(store):
    store.vault.protect(PIN)
    store.vault.change_pin(PIN, "correct horse battery")
    with reopened(store) as again:
        with pytest.raises(WrongPin):
            again.vault.unlock(PIN)
        again.vault.unlock("correct horse battery")
        assert again.captures.all()


def test_a_change_of_keys_seals_everything_again(store):
    store.vault.protect(PIN)
    before = store.database.value("SELECT raw FROM captures")
    store.vault.change_keys(PIN)
    assert store.database.value("SELECT raw FROM captures") != before
    with reopened(store) as again:
        again.vault.unlock(PIN)
        assert again.captures.all()[0].raw == CCS01_RESPONSE


def test_the_wipe_policy_makes_the_data_unreadable_for_ever(store, tmp_path):
    store.vault.protect(PIN, wipe_after=2)
    locked = reopened(store)
    wrapped = locked.database.value("SELECT wrapped FROM vault")
    with pytest.raises(WrongPin, match="1 more"):
        locked.vault.unlock("000000")
    with pytest.raises(WrongPin, match="now unreadable"):
        locked.vault.unlock("000000")
    with pytest.raises(StoreWiped, match="Restore a backup"):
        locked.vault.unlock(PIN)
    locked.close()
    assert wrapped not in everything_written(tmp_path)


def test_a_field_moved_to_another_row_does_not_open(store):
    hear(store, GNCA_ALERT, 1)
    store.vault.protect(PIN)
    store.database.connection.execute(
        "UPDATE captures SET raw = (SELECT raw FROM captures WHERE id = 1) WHERE id = 2"
    )
    assert store.captures.get(1).raw == CCS01_RESPONSE
    with pytest.raises(StoreDamaged, match="changed since it was written"):
        store.captures.get(2)


def test_a_field_of_another_database_does_not_open(store, tmp_path):
    key = bytes(32)
    place = CAPTURE_RAW.place("00")
    sealed = SealedFields(key, b"one database").seal(place, b"text")
    assert SealedFields(key, b"one database").open(place, sealed) == b"text"
    for other in (SealedFields(key, b"another"), SealedFields(b"1" * 32, b"one database")):
        with pytest.raises(StoreDamaged):
            other.open(place, sealed)


def test_the_same_secret_never_looks_the_same_twice():
    fields = SealedFields(bytes(32), b"id")
    assert fields.seal("a.b.1", b"x") != fields.seal("a.b.1", b"x")


def test_locking_forgets_the_keys(store):
    store.vault.protect(PIN)
    assert store.vault.lock()
    with pytest.raises(StoreLocked):
        store.captures.all()
    store.vault.unlock(PIN)
    assert store.captures.all()


def test_auto_lock_is_due_when_nobody_has_touched_it_for_the_time():
    clock = ManualClock()
    auto = AutoLock(idle_seconds=60, clock=clock)
    clock.advance(50)
    auto.touch()
    clock.advance(59)
    assert not auto.is_due
    clock.advance(1)
    assert auto.is_due


def test_a_store_without_a_pin_never_locks(store):
    assert not store.vault.lock()
    with pytest.raises(StoreError, match="No PIN is set"):
        store.vault.unlock(PIN)
    with pytest.raises(StoreError):
        store.vault.change_pin(PIN, PIN)


def test_secrets_are_kept_by_name_and_forgotten(store):
    store.secrets.put("hht identity", b"new")
    assert store.secrets.get("hht identity") == b"new"
    assert store.secrets.names() == ("hht identity",)
    store.secrets.forget("hht identity")
    with pytest.raises(StoreError, match="no secret named"):
        store.secrets.get("hht identity")


def test_no_repr_of_a_row_shows_what_is_sealed(store):
    rows = [store.jobs.all(), store.commands.of_job(1), store.captures.all(), return_item(store, 1)]
    assert not any(secret.hex() in repr(rows) or str(secret) in repr(rows) for secret in SECRETS)
    assert "High Street" not in repr(rows)
    assert INSTALL_CODE.decode() not in repr(rows)


def test_a_pin_set_in_the_field_costs_what_rfc_9106_recommends(tmp_path):
    with Store.open(tmp_path / "live.db", Mode.LIVE) as store:
        store.vault.protect(PIN)
        vault = store.vault.row.read()
    assert vault
    assert (vault.memory_kib, vault.passes, vault.lanes) == (64 * 1024, 3, 4)
