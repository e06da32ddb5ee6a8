"""A copy in memory of a database whose card cannot be written: to list, show, export, back up."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hht.store.errors import StoreFull, StoreReadOnly, translate
from hht.store.modes import Mode
from hht.store.sqlite.file_check import check_file, open_untouched
from hht.store.sqlite.migrations import migrate
from hht.store.sqlite.pending import mark_of


def copy_into_memory(path: Path, mode: Mode) -> sqlite3.Connection:
    """Open a copy, brought up to date; the file and its WAL stay as they are.

    It is empty where there is no file.
    """
    if mark_of(path).exists():
        raise StoreReadOnly(
            "A restore was broken off and cannot be finished here",
            where=str(path),
            remedy="Make room, or make the card writable again.",
        )
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        if path.exists():
            with _readable(path, mode) as source:
                source.backup(connection)
        migrate(connection, mode.application_id)
        connection.executescript("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON;")
    except sqlite3.Error as error:
        connection.close()
        raise translate(error, path) from None
    return connection


@contextlib.contextmanager
def _readable(path: Path, mode: Mode) -> Iterator[sqlite3.Connection]:
    """Provide the file as it is there; by the temporary folder where its WAL needs an index."""
    connection = _opened(path, mode)
    if connection is not None:
        with contextlib.closing(connection):
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="hht-") as folder:
        copied = Path(folder) / path.name
        _copy_files(path, copied)
        check_file(copied, mode)
        with contextlib.closing(open_untouched(copied)) as connection:
            yield connection


def _opened(path: Path, mode: Mode) -> sqlite3.Connection | None:
    """Return the file where it is; None where SQLite would have to write beside it for that."""
    try:
        check_file(path, mode)
        connection = open_untouched(path)
        connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        return connection
    except (StoreReadOnly, StoreFull, sqlite3.OperationalError):
        return None


def _copy_files(path: Path, copied: Path) -> None:
    try:
        for suffix in ("", "-wal"):
            source = path.with_name(path.name + suffix)
            if source.exists():
                shutil.copyfile(source, copied.with_name(copied.name + suffix))
    except OSError as error:
        raise StoreReadOnly(
            f"No copy can be made of the database ({error.strerror})",
            where=str(path),
            remedy="Make room in the temporary folder.",
        ) from None
