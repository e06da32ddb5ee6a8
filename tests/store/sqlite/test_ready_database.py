"""The database that tests copy is the one that the steps make."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ready_database import copy_or_migrate

from hht.store.sqlite.migrations import STEPS, migrate, version_of

NUMBER = 4711


def made(path: Path, make) -> tuple[list[str], int, int, str]:
    """A database in a file, as the program opens one: its text, stamps and way of journaling."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        make(connection, NUMBER)
        (number,) = connection.execute("PRAGMA application_id").fetchone()
        (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
        return list(connection.iterdump()), number, version_of(connection), journal


def test_a_copied_database_is_as_one_that_took_every_step(tmp_path: Path) -> None:
    copied = made(tmp_path / "copied.db", copy_or_migrate)
    assert copied == made(tmp_path / "migrated.db", migrate)
    assert copied[1:] == (NUMBER, len(STEPS), "wal")


def test_a_database_that_is_there_takes_its_missing_steps_and_keeps_its_rows(
    tmp_path: Path,
) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as connection:
        connection.executescript(f"{STEPS[0]} PRAGMA user_version = 1; CREATE TABLE mine (x);")
        connection.execute("INSERT INTO mine VALUES (1)")
        copy_or_migrate(connection, NUMBER)
        assert version_of(connection) == len(STEPS)
        assert connection.execute("SELECT x FROM mine").fetchall() == [(1,)]
