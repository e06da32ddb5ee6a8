"""Backup and restore: the file as it is, locked or not, and never over something better."""

import os

import pytest
from present import present
from store_samples import CCS01_COMMAND, CCS01_RESPONSE, CS14_ALERT, hear, open_store, pack

from hht.errors import InputError
from hht.store import Mode, Store, StoreBusy, StoreDamaged, StoreError, StoreForeign, WrongPin
from hht.store.audit.fit import Fit
from hht.store.doctor import check_store
from hht.store.sqlite.backup import back_up
from hht.store.sqlite.restore import restore

PIN = "271828"


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data", Mode.LIVE) as opened:
        job = opened.jobs.add(pack(CCS01_COMMAND, mode=None))
        hear(opened, CCS01_RESPONSE, job.id)
        yield opened


def test_a_backup_is_the_whole_database_and_can_be_put_back(store, tmp_path):
    kept = store.captures.all()
    backup = back_up(store.database, tmp_path / "backup.db")
    hear(store, CS14_ALERT)
    store.close()
    aside = restore(backup, store.database.path, Mode.LIVE)
    with Store.open(store.database.path, Mode.LIVE) as again:
        assert again.captures.all() == kept
        verdict = again.verify_trail()
        assert (verdict.broken_at, verdict.fit) == (None, Fit.OLDER)
        assert not verdict.holds
        again.accept_as_it_is()
        assert again.verify_trail().holds
    with Store.open(present(aside), Mode.LIVE) as replaced:
        assert len(replaced.captures.all()) == 2


def test_a_locked_store_is_backed_up_without_its_pin_and_stays_locked(store, tmp_path):
    store.vault.protect(PIN)
    store.vault.lock()
    backup = back_up(store.database, tmp_path / "backup.db")
    assert CCS01_RESPONSE not in backup.read_bytes()
    restore(backup, tmp_path / "other" / "live.db", Mode.LIVE)
    with Store.open(tmp_path / "other" / "live.db", Mode.LIVE) as again:
        with pytest.raises(WrongPin):
            again.vault.unlock("000000")
        again.vault.unlock(PIN)
        assert again.captures.all()[0].raw == CCS01_RESPONSE


def test_what_is_sent_again_after_a_restore_has_the_same_key_and_request_id(store, tmp_path):
    backup = back_up(store.database, tmp_path / "backup.db")
    sent = store.returns.all()
    store.close()
    restore(backup, store.database.path, Mode.LIVE)
    with Store.open(store.database.path, Mode.LIVE) as again:
        assert again.returns.all() == sent


def test_a_backup_is_for_nobody_elses_eyes_and_replaces_nothing(store, tmp_path):
    backup = back_up(store.database, tmp_path / "backup.db")
    assert backup.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="there already"):
        back_up(store.database, backup)


def test_a_backup_follows_no_link_that_waits_for_it(store, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / ".backup.db.part").symlink_to(victim)
    backup = back_up(store.database, tmp_path / "backup.db")
    assert victim.read_text() == "precious"
    assert not backup.is_symlink()


def test_nothing_is_restored_where_others_may_write_or_from_a_pipe(store, tmp_path):
    backup = back_up(store.database, tmp_path / "backup.db")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    with pytest.raises(StoreForeign, match="Others may write"):
        restore(backup, tmp_path / "open" / "live.db", Mode.LIVE)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no plain file"):
        restore(tmp_path / "pipe", tmp_path / "new" / "live.db", Mode.LIVE)


def test_a_damaged_backup_or_one_of_another_mode_is_refused_and_nothing_replaced(store, tmp_path):
    backup = back_up(store.database, tmp_path / "backup.db")
    store.close()
    before = store.database.path.read_bytes()
    with pytest.raises(StoreForeign):
        restore(backup, tmp_path / "data" / "training.db", Mode.TRAINING)
    backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    with pytest.raises(StoreDamaged):
        restore(backup, store.database.path, Mode.LIVE)
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreError, match="empty"):
        restore(tmp_path / "empty.db", store.database.path, Mode.LIVE)
    assert store.database.path.read_bytes() == before


def test_a_database_in_use_is_not_replaced(store, tmp_path):
    backup = back_up(store.database, tmp_path / "backup.db")
    with pytest.raises(StoreBusy):
        restore(backup, store.database.path, Mode.LIVE)


def test_a_restored_store_passes_every_check(store, tmp_path):
    store.vault.protect(PIN)
    backup = back_up(store.database, tmp_path / "backup.db")
    restore(backup, tmp_path / "new" / "live.db", Mode.LIVE)
    with Store.open(tmp_path / "new" / "live.db", Mode.LIVE) as again:
        again.vault.unlock(PIN)
        assert [item for item in check_store(again) if not item.holds] == []
