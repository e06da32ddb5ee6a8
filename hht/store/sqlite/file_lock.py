"""One writer: a lock on a file beside the database, released with the process."""

import contextlib
import os
import sys
from pathlib import Path
from typing import IO

from hht.store.errors import StoreBusy, StoreReadOnly


class FileLock:
    """Held from `acquire` to `release`, or to the end of the process however it ends.

    SQLite before 3.51.3 can damage a WAL that two connections write and checkpoint at once,
    so a second writer must not even open the file.
    """

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ".lock")
        self._database = database
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock; StoreBusy, with the holder's process, when another has it."""
        try:
            self._file = open(self.path, "a+", opener=_private)  # noqa: SIM115
        except OSError as error:
            raise StoreReadOnly(
                f"The folder cannot be written ({error.strerror})",
                where=str(self.path.parent),
                remedy="Check who owns it, or choose another with --data-dir.",
            ) from None
        try:
            _lock(self._file)
        except OSError:
            holder = self._holder()
            self.release()
            raise StoreBusy(
                f"Another hht{holder} has the database open",
                where=str(self._database),
                remedy="Leave that one and try again.",
            ) from None
        with contextlib.suppress(OSError):  # a full disk does not keep us from holding it
            self._file.truncate(0)
            self._file.write(str(os.getpid()))
            self._file.flush()

    def release(self) -> None:
        """Let it go; the empty file stays, because removing it would race with the next one."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def _holder(self) -> str:
        assert self._file is not None
        self._file.seek(0)
        number = self._file.read(20).strip()
        return f" (process {number})" if number.isdigit() else ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        # Windows locks are mandatory: one far beyond the text leaves the holder's number readable.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
