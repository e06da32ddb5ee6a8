"""A disk that fails in the middle of a change: one clear line, and the next change is whole."""

import sqlite3
from typing import Any

import pytest
from store_samples import CCS01_COMMAND, open_store, pack

from hht.store import Store, StoreError


class DyingDisk:
    """A connection whose disk fails at the statements that begin so."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.fails_at: tuple[str, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql.startswith(self.fails_at):
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        return self._connection.execute(sql, *parameters)


def change(store: Store, *, at_once: bool) -> None:
    with store.database.transaction(at_once=at_once) as connection:
        connection.execute("DELETE FROM keyring")


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "later"])
@pytest.mark.parametrize(
    "fails_at", [("BEGIN",), ("COMMIT", "ROLLBACK"), ("PRAGMA", "DELETE")], ids=lambda at: at[0]
)
def test_a_disk_that_fails_is_one_line_and_what_comes_after_it_is_kept(tmp_path, fails_at, at_once):
    with open_store(tmp_path) as store:
        disk: Any = DyingDisk(store.database.connection)
        store.database.connection = disk
        disk.fails_at = fails_at
        with pytest.raises(StoreError, match="The disk failed"):
            change(store, at_once=at_once)
        disk.fails_at = ()
        job = store.jobs.add(pack(CCS01_COMMAND))
    with open_store(tmp_path) as store:
        assert [each.id for each in store.jobs.all()] == [job.id]


def test_what_is_to_be_on_the_disk_at_once_is_so_whatever_failed_before(tmp_path):
    with open_store(tmp_path) as store:
        disk: Any = DyingDisk(store.database.connection)
        store.database.connection = disk
        change(store, at_once=False)
        disk.fails_at = ("PRAGMA",)
        with pytest.raises(StoreError, match="The disk failed"):
            change(store, at_once=True)
        disk.fails_at = ()
        change(store, at_once=True)
        assert store.database.value("PRAGMA synchronous") == 2  # FULL


def test_a_change_within_a_change_is_an_error_and_nothing_of_either_is_kept(tmp_path):
    with open_store(tmp_path) as store:
        with pytest.raises(StoreError), store.transaction():
            store.jobs.add(pack(CCS01_COMMAND))
        assert not store.jobs.all()
