"""What can go wrong with a database, each with its one line."""

import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from hht.errors import HhtError
from hht.state_machine import OutOfStep
from hht.store.modes import Mode

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


class ForOtherData(StoreError):
    """What is to be taken in belongs to another mode's data."""

    code = "DB-12"


class OtherMode(StoreForeign):
    """The file is another mode's, which it `holds`."""

    def __init__(self, holds: Mode, mode: Mode, path: Path) -> None:
        super().__init__(
            f"The file holds {holds} data and was opened as {mode}",
            where=str(path),
            remedy="Training, live and facility data never mix; give the file its name back.",
        )
        self.holds = holds


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


class _Line(NamedTuple):
    """An error with its words and what to do."""

    kind: type[StoreError]
    what: str
    remedy: str


_DAMAGED = _Line(StoreDamaged, "The database is damaged", _RESTORE)
_HELD = _Line(StoreBusy, "Another program holds the database", "Close it and try again.")
_FULL = _Line(StoreFull, "The disk is full", "Make room and try again.")
_NOT_WRITABLE = _Line(
    StoreReadOnly, "The database cannot be written", "Check who owns the file and its folder."
)
_DISK_FAILED = _Line(
    StoreError,
    "The disk failed while the database was read or written",
    "Copy the folder to another card, and run 'hht doctor' on it.",
)
_TOO_LARGE = _Line(StoreError, "Nothing in it has so large a number", "Look it up in its list.")
_BY_CODE: Mapping[int, _Line] = {
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_ERROR: _DAMAGED,  # what a statement of ours names is not there
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_IOERR: _DISK_FAILED,
}


def translate(error: sqlite3.Error | OverflowError, path: Path) -> StoreError:
    """Return the one line for what SQLite reports (by its result code).

    OverflowError is of a number that has no room in 64 bits.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    refused = _Line(StoreError, f"The database refused: {error}", _RESTORE)
    line = _TOO_LARGE if isinstance(error, OverflowError) else _BY_CODE.get(code, refused)
    if line is _DISK_FAILED and _has_no_room(path):
        line = _FULL
    return line.kind(line.what, where=str(path), remedy=line.remedy)


def damaged_record(name: str, path: Path) -> StoreDamaged:
    """Build the error for a row, named as people name it, that is not as hht has written it."""
    return StoreDamaged(
        f"The record of {name} was changed or is damaged",
        where=str(path),
        remedy="'hht audit verify' says what else was; restore the last backup.",
    )


def _has_no_room(path: Path) -> bool:
    """Return whether the disk is full: SQLite says only that it could not write a file beside
    its own."""
    try:
        return shutil.disk_usage(path.parent).free == 0
    except OSError:
        return False
