"""A file that is not a whole database of ours gets one clear line and is left as it is."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from store_samples import CCS01_COMMAND, CS14_ALERT, hear, open_store, pack

from hht.outbox.compose813 import add_return
from hht.store import (
    Mode,
    Store,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreReadOnly,
)
from hht.store.sqlite.file_check import check_file
from hht.store.sqlite.migrations import STEPS, migrate
from hht.store.sqlite.shape import LAST, digest_of, shape_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A training database with something in it, closed."""
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        for number in range(200):
            hear(store, CS14_ALERT + bytes([number]) * 40, job.id)
    return tmp_path / "training.db"


def refused(path: Path, kind: type[StoreError], mode: Mode = Mode.TRAINING) -> str:
    """The one line; the database's own bytes are as they were."""
    before = path.read_bytes()
    with pytest.raises(kind) as caught:
        Store.open(path, mode)
    line = str(caught.value)
    assert str(path) in line or str(path.parent) in line
    assert "\n" not in line
    assert caught.value.remedy
    assert path.read_bytes() == before
    return line


def damage(path: Path, at: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def test_a_new_database_is_for_nobody_elses_eyes(tmp_path):
    with open_store(tmp_path / "data") as store:
        hear(store, CS14_ALERT)
        for file in (tmp_path / "data").iterdir():
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file.name
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_commits_survive_the_loss_of_power_and_references_are_checked(tmp_path):
    with open_store(tmp_path) as store:
        settings = {
            name: store.database.value(f"PRAGMA {name}")
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_truncated_file(path, share):
    with path.open("r+b") as file:
        file.truncate(int(path.stat().st_size * share))
    refused(path, StoreDamaged)


def test_a_file_cut_inside_its_header(path):
    with path.open("r+b") as file:
        file.truncate(60)
    assert "cut short" in refused(path, StoreDamaged)


def test_flipped_bits_in_every_page(path):
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096):
        # The page's kind and the number of its cells.
        path.write_bytes(whole)
        damage(path, page * 4096, bytes(255 - byte for byte in whole[page * 4096 :][:8]))
        with contextlib.suppress(StoreDamaged), Store.open(path, Mode.TRAINING):
            pytest.fail(f"page {page} is damaged and nobody noticed")
        assert path.read_bytes()[4096 * page] == 255 - whole[4096 * page]


def test_a_text_file(tmp_path):
    path = tmp_path / "training.db"
    path.write_text("Dear diary")
    assert "not a database" in refused(path, StoreForeign)


def test_another_programs_database(tmp_path):
    path = tmp_path / "training.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE places (id INTEGER)")
        connection.execute("PRAGMA application_id = 252006673")
        connection.commit()
    assert "another program" in refused(path, StoreForeign)


def test_a_database_without_a_stamp_that_holds_somebodys_tables(tmp_path):
    path = tmp_path / "training.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE jobs (id INTEGER)")
        connection.commit()
    assert "another program" in refused(path, StoreForeign)


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.FACILITY])
def test_training_data_renamed_to_another_mode(path, mode):
    renamed = path.rename(path.with_name(mode.file_name))
    assert "training" in refused(renamed, StoreForeign, mode)


def test_a_database_of_a_newer_hht(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    assert "newer hht" in refused(path, StoreForeign)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DROP TABLE pin_tries; CREATE VIEW pin_tries AS SELECT 1 AS id", "pin_tries"),
        ("DROP TABLE journeys", "journeys"),
        ("ALTER TABLE events DROP COLUMN sitting", "its table events"),
        ("PRAGMA user_version = 1", "is not as hht made it"),
        ("PRAGMA user_version = 0", "is not as hht made it"),
        ("DELETE FROM audit_key", "key of the audit trail was taken out"),
    ],
)
def test_a_database_of_ours_that_somebody_changed_the_shape_of(path, change, named):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(change)
    assert named in refused(path, StoreDamaged)


def test_a_table_beside_ours_is_left_alone(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE mine (x)")
    open_store(path.parent).close()


def test_what_the_last_step_leaves_is_known_by_its_digest():
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, 0)
        assert digest_of(shape_of(connection)) == LAST


def test_an_item_whose_capture_was_taken_out_is_damaged(tmp_path):
    with open_store(tmp_path) as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        with store.transaction() as change:
            item = add_return(store, change, CS14_ALERT, None, job.id)
        with pytest.raises(StoreDamaged, match="item 1 returns was taken out"):
            store.returns.content(item)


def test_a_second_writer_in_this_or_another_process(path):
    with Store.open(path, Mode.TRAINING):
        assert f"process {os.getpid()}" in refused(path, StoreBusy)
        code = (
            "import sys; from pathlib import Path; from hht.store import Store, Mode\n"
            f"try: Store.open(Path({str(path)!r}), Mode.TRAINING)\n"
            "except Exception as error: sys.exit(str(error))"
        )
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert "Another hht" in other.stderr
    Store.open(path, Mode.TRAINING).close()


def test_a_file_that_a_foreign_program_has_locked(path):
    before = path.read_bytes()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreBusy, match=path.name) as caught:
            check_file(path, Mode.TRAINING, busy_seconds=0.05)
    assert caught.value.remedy
    assert path.read_bytes() == before


def test_an_onlooker_sees_what_the_writer_commits_and_cannot_write(path):
    with (
        Store.open(path, Mode.TRAINING) as writer,
        Store.open(path, Mode.TRAINING, read_only=True) as onlooker,
    ):
        before = len(onlooker.captures.all())
        hear(writer, CS14_ALERT + b"new")
        assert len(onlooker.captures.all()) == before + 1
        with pytest.raises(StoreReadOnly):
            hear(onlooker, CS14_ALERT + b"newer")


def test_an_onlooker_leaves_no_file_behind(path):
    names = sorted(file.name for file in path.parent.iterdir())
    with Store.open(path, Mode.TRAINING, read_only=True) as onlooker:
        assert onlooker.captures.all()
    assert sorted(file.name for file in path.parent.iterdir()) == names


def test_a_first_start_that_died_before_its_first_commit(tmp_path):
    (tmp_path / "training.db").touch()
    with open_store(tmp_path) as store:
        assert store.captures.all() == ()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        Store.open(tmp_path / "file" / "training.db", Mode.TRAINING)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")
def test_a_file_that_may_not_be_written(path):
    if os.geteuid() == 0:
        pytest.skip("root may write everything")
    path.chmod(0o400)
    assert "cannot be written" in refused(path, StoreReadOnly)
