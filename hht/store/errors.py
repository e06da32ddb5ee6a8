"""What can go wrong with a database, each with its one line."""

import shutil
import sqlite3
from pathlib import Path

from hht.errors import HhtError
from hht.state_machine import OutOfStep

_RESTORE = "Leave the file as it is; run 'hht doctor' and restore the last backup."


class StoreError(HhtError):
    """A database that cannot do what was asked."""

    code = "DB-01"


class StoreDamaged(StoreError):
    """The file is not a whole database."""

    code = "DB-02"


class StoreForeign(StoreError):
    """The file is somebody else's, or another mode's, or a newer version's."""

    code = "DB-03"


class StoreBusy(StoreError):
    """Another program holds the file."""

    code = "DB-04"


class StoreFull(StoreError):
    """There is no room left, or too little to go on delivering."""

    code = "DB-05"


class StoreReadOnly(StoreError):
    """The file or its folder may not be written."""

    code = "DB-06"


class StateRefused(OutOfStep):
    """A change of state that the rules do not allow."""

    code = "DB-10"


class StoreLocked(StoreError):
    """The data is protected, and the PIN was not entered or must wait."""

    code = "DB-07"


class WrongPin(StoreError):
    """The PIN is not the right one, or not fit to be one."""

    code = "DB-09"


class StoreWiped(StoreError):
    """The data key was destroyed after too many wrong PINs."""

    code = "DB-08"


MAY_PASS = (StoreFull, StoreBusy, StoreReadOnly, StoreLocked)
"""What time, or a person, can end: then what could not be written is tried again."""


def translate(error: sqlite3.Error | OverflowError, path: Path) -> StoreError:
    """Return the one line for what SQLite reports (by its result code).

    OverflowError is of a number that has no room in 64 bits.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = str(path)
    if isinstance(error, OverflowError):
        return StoreError(
            "Nothing in it has so large a number", where=where, remedy="Look it up in its list."
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreDamaged("The database is damaged", where=where, remedy=_RESTORE)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreBusy(
            "Another program holds the database",
            where=where,
            remedy="Close it and try again.",
        )
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _has_no_room(path)):
        return StoreFull("The disk is full", where=where, remedy="Make room and try again.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreReadOnly(
            "The database cannot be written",
            where=where,
            remedy="Check who owns the file and its folder.",
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreError(
            "The disk failed while the database was read or written",
            where=where,
            remedy="Copy the folder to another card, and run 'hht doctor' on it.",
        )
    if code == sqlite3.SQLITE_ERROR:  # what a statement of ours names is not there
        return StoreDamaged("The database is damaged", where=where, remedy=_RESTORE)
    return StoreError(f"The database refused: {error}", where=where, remedy=_RESTORE)


def _has_no_room(path: Path) -> bool:
    """Return whether the disk is full: SQLite says only that it could not write a file beside
    its own."""
    try:
        return shutil.disk_usage(path.parent).free == 0
    except OSError:
        return False
