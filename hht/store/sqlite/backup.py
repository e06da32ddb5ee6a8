"""Backup and restore of a database as it is: what is locked stays locked and needs no PIN."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hht.store.errors import StoreError, StoreReadOnly, translate
from hht.store.modes import Mode
from hht.store.sqlite.database import Database
from hht.store.sqlite.file_check import check_file, open_untouched
from hht.store.sqlite.file_lock import FileLock


def back_up(database: Database, target: Path) -> Path:
    """Copy the database, as of now, to a new file; it takes its name only when it is whole."""
    if target.exists():
        raise StoreError(
            "There is a file of that name", where=str(target), remedy="Choose another name."
        )
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
        with contextlib.closing(sqlite3.connect(part)) as copy:
            database.copy_into(copy)
        _settle(part, target)
    except OSError as error:
        raise _unwritable(error, target) from None
    except sqlite3.Error as error:
        raise translate(error, target) from None
    return target


def restore(backup: Path, path: Path, mode: Mode) -> Path | None:
    """Put a backup in the database's place; what was there is kept beside it, and named.

    StoreError when the backup is damaged, of another mode, or the database is in use. A restored
    database keeps its idempotency keys, so what is sent twice by that is received once.
    """
    check_file(backup, mode)
    if backup.stat().st_size == 0:
        raise StoreError("The backup is empty", where=str(backup), remedy="Choose another one.")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(path)
    lock.acquire()
    try:
        part = path.with_name(f".{path.name}.part")
        with contextlib.closing(open_untouched(backup)) as source:
            _copy(source, part)
        replaced = _put_aside(path)
        _settle(part, path)
        return replaced
    except OSError as error:
        raise _unwritable(error, path) from None
    except sqlite3.Error as error:
        raise translate(error, backup) from None
    finally:
        lock.release()


def _copy(source: sqlite3.Connection, part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite3.connect(part)) as copy:
        source.backup(copy)


def _put_aside(path: Path) -> Path | None:
    """Rename the database and its WAL together: apart, each would be worth nothing."""
    if not path.exists():
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}.before-restore-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def _settle(part: Path, target: Path) -> None:
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(target)


def _unwritable(error: OSError, path: Path) -> StoreReadOnly:
    return StoreReadOnly(
        f"The file cannot be written ({error.strerror})",
        where=str(path),
        remedy="Check the folder and its room.",
    )
