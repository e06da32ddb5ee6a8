"""Backup of a database as it is: what is locked stays locked and needs no PIN."""

import contextlib
import os
import sqlite3
from pathlib import Path

from hht.files import sync_file, sync_folder, there_already
from hht.store.errors import StoreReadOnly, translate
from hht.store.sqlite.database import Database


def back_up(database: Database, target: Path) -> Path:
    """Copy the database, as of now, to a new file; it gets its name only when it is whole.

    InputError where there is a file of that name.
    """
    if target.exists():
        raise there_already(target)
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)  # of one that was killed, or a link that somebody left
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with contextlib.closing(sqlite3.connect(part)) as copy:
            database.copy_into(copy)
        _settle(part, target)
    except OSError as error:
        raise unwritable(error, target) from None
    except sqlite3.Error as error:
        raise translate(error, target) from None
    return target


def _settle(part: Path, target: Path) -> None:
    sync_file(part)
    part.replace(target)
    sync_folder(target.parent)


def unwritable(error: OSError, path: Path) -> StoreReadOnly:
    """Return the one line for a file that the system would not have written."""
    return StoreReadOnly(
        f"The file cannot be written ({error.strerror})",
        where=str(path),
        remedy="Check the folder and its room.",
    )
