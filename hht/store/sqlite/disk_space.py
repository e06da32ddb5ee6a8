"""Room on the disk: a full one stops deliveries before it stops captures."""

import contextlib
import os
import shutil
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from hht.store.errors import StoreError, StoreFull

MEBIBYTE = 1024 * 1024  # bytes
LOW_BYTES = 256 * MEBIBYTE
DELIVERY_BYTES = 32 * MEBIBYTE
# A thousand captures fit in this; it is given back to the system when the disk is full.
RESERVE_BYTES = 2 * MEBIBYTE
# With less than this free a database may not even open: its WAL, the index of that, a page cache.
NEEDED_BYTES = MEBIBYTE // 2


class Room(StrEnum):
    """How much room there is: for everything, soon too little, or for captures only."""

    ENOUGH = "enough"
    LOW = "low"
    CAPTURES_ONLY = "captures only"


class Space:
    """The disk under one database, and the file that holds room in reserve."""

    def __init__(self, database: Path) -> None:
        self._folder = database.parent
        self.reserve = database.with_name(database.name + ".reserve")

    def free(self) -> int:
        """Return the bytes free for us."""
        return shutil.disk_usage(self._folder).free

    def room(self) -> Room:
        """Return what the free bytes mean."""
        free = self.free()
        if free < DELIVERY_BYTES:
            return Room.CAPTURES_ONLY
        return Room.LOW if free < LOW_BYTES else Room.ENOUGH

    def check_delivery(self) -> None:
        """Raise StoreFull when nothing more may be sent, so that what comes back can be kept."""
        if self.room() is Room.CAPTURES_ONLY:
            raise StoreFull(
                "The disk is nearly full, so nothing more is delivered; captures are still kept",
                where=str(self._folder),
                remedy="Make room, or export the queue and have it received.",
            )

    def keep_reserve(self) -> None:
        """Hold the reserve while there is plenty; real bytes, because a sparse file holds none."""
        if self.room() is Room.CAPTURES_ONLY or self._reserved():
            return
        with contextlib.suppress(OSError), open(self.reserve, "wb", opener=_private) as file:
            file.write(os.urandom(RESERVE_BYTES))
            file.flush()
            os.fsync(file.fileno())

    def lend_reserve(self, before: Callable[[], object] = lambda: None) -> None:
        """Give the reserve back where so little is free that a small change may fail for it.

        What is kept, received, unlocked or forgotten goes on; `before` is called first.
        """
        if self.reserve.exists() and self.free() < NEEDED_BYTES:
            with contextlib.suppress(StoreError, OSError):
                self.release_reserve()
                before()

    def release_reserve(self) -> None:
        """Give the reserve back to the disk, if that was not done yet."""
        self.reserve.unlink(missing_ok=True)

    def _reserved(self) -> bool:
        return self.reserve.exists() and self.reserve.stat().st_size >= RESERVE_BYTES


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
