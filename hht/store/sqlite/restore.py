"""Restore: a backup replaces the database in one step; a killed restore is ended later."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hht.files import open_plain, unfit
from hht.store.errors import OtherMode, StoreError, StoreForeign, translate
from hht.store.modes import Mode
from hht.store.sqlite.backup import unwritable
from hht.store.sqlite.file_check import check_file, open_untouched
from hht.store.sqlite.file_lock import FileLock
from hht.store.sqlite.owner import check_owner
from hht.store.sqlite.pending import aside_of, decide, finish_restore, part_of


def restore(backup: Path, path: Path, mode: Mode) -> Path | None:
    """Put a backup in the database's place; what was there is kept beside it, and named.

    InputError when the backup cannot be read; StoreError when it is damaged, of another mode, or
    the database is in use. A restored database keeps its idempotency keys, so what is sent twice
    by that is received once.
    """
    _check_backup(backup, mode)
    if backup.stat().st_size == 0:
        raise StoreError("The backup is empty", where=str(backup), remedy="Choose another one.")
    _check_folder(path)
    lock = FileLock(path)
    lock.acquire()
    try:
        finish_restore(path)
        with contextlib.closing(open_untouched(backup)) as source:
            _copy(source, part_of(path))
        aside = aside_of(path)
        decide(path, aside)
        finish_restore(path)
        return aside
    except OSError as error:
        raise unwritable(error, path) from None
    except sqlite3.Error as error:
        raise translate(error, backup) from None
    finally:
        lock.release()


def _check_backup(backup: Path, mode: Mode) -> None:
    """Refuse what is no backup of the mode's, with the remedy of one who has named it."""
    try:
        open_plain(backup).close()
    except OSError as error:
        raise unfit(backup, f"The backup can't be read ({error.strerror})") from None
    try:
        check_file(backup, mode)
    except OtherMode as error:
        raise StoreForeign(
            f"The backup holds {error.holds} data and cannot become {mode} data",
            where=str(backup),
            remedy=f"Say --mode {error.holds}.",
        ) from None


def _check_folder(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owner(path)
    except OSError as error:
        raise unwritable(error, path) from None


def _copy(source: sqlite3.Connection, part: Path) -> None:
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with contextlib.closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
