"""Whether a file is a database of ours, found out without changing a byte of it."""

import contextlib
import sqlite3
from pathlib import Path

from hht.files import open_plain
from hht.store.errors import OtherMode, StoreDamaged, StoreForeign, StoreReadOnly, translate
from hht.store.modes import Mode
from hht.store.sqlite.migrations import STEPS, version_of
from hht.store.sqlite.shape import check_shape

MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100  # of every SQLite database file
BUSY_SECONDS = 2.0  # a copy or virus scanner lets go of a file sooner
# Checking every page of a large file would hold up the first screen; `hht doctor` does that.
LARGEST_CHECKED_AT_START = 16 * 1024 * 1024


def check_file(path: Path, mode: Mode, busy_seconds: float = BUSY_SECONDS) -> None:
    """Refuse what is damaged, foreign, another mode's or newer than this hht; change nothing.

    StoreBusy where another program holds it for longer than that.
    """
    for suffix in ("", "-wal", "-shm", "-journal"):
        _check_plain(path.with_name(path.name + suffix))
    size, header = _read_header(path)
    if size == 0:
        return
    if not header.startswith(MAGIC):
        raise StoreForeign(
            "The file is not a database",
            where=str(path),
            remedy="Choose another folder with --data-dir, or move the file away.",
        )
    if len(header) < HEADER_BYTES:
        _cut_short(path)
    if int.from_bytes(header[28:32], "big") * _page_size(header) > size and not _has_wal(path):
        _cut_short(path)
    try:
        with contextlib.closing(open_untouched(path, busy_seconds)) as connection:
            _check_stamp(connection, mode, path)
            check_shape(connection, path)
            if size <= LARGEST_CHECKED_AT_START:
                _check_pages(connection, path)
    except sqlite3.Error as error:
        raise translate(error, path) from None


def open_untouched(path: Path, busy_seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Return a connection that cannot write.

    Where there is no WAL it makes no files beside it either.
    """
    how = "mode=ro" if _has_wal(path) else "mode=ro&immutable=1"
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=busy_seconds, isolation_level=None)


def _check_plain(file: Path) -> None:
    """Refuse a pipe, a device or a folder: SQLite would wait for it, or has words of its own."""
    if file.exists() and not file.is_file():
        raise StoreForeign(
            "It is no plain file",
            where=str(file),
            remedy="Look who put it there, and take it away.",
        )


def _read_header(path: Path) -> tuple[int, bytes]:
    try:
        with open_plain(path) as file:
            return path.stat().st_size, file.read(HEADER_BYTES)
    except OSError as error:
        raise StoreReadOnly(
            f"The database cannot be read ({error.strerror})",
            where=str(path),
            remedy="Check who owns the file and its folder.",
        ) from None


def _check_stamp(connection: sqlite3.Connection, mode: Mode, path: Path) -> None:
    stamp = connection.execute("PRAGMA application_id").fetchone()[0]
    for other in Mode:
        if stamp == other.application_id and other is not mode:
            raise OtherMode(other, mode, path)
    # A first start that dies before its first step leaves no stamp and no table.
    tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
    if stamp != mode.application_id and (stamp or tables):
        raise StoreForeign(
            "The database belongs to another program",
            where=str(path),
            remedy="Choose another folder with --data-dir, or move the file away.",
        )
    if version_of(connection) > len(STEPS):
        raise StoreForeign(
            f"The database is at step {version_of(connection)} and this hht knows {len(STEPS)}",
            where=str(path),
            remedy="It was made by a newer hht: update this one.",
        )


def _check_pages(connection: sqlite3.Connection, path: Path) -> None:
    found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if found != "ok":
        raise StoreDamaged(
            f"The database is damaged ({found.splitlines()[-1][:80]})",
            where=str(path),
            remedy="Leave the file as it is and restore the last backup.",
        )


def _page_size(header: bytes) -> int:
    written = int.from_bytes(header[16:18], "big")
    return 65536 if written == 1 else written


def _has_wal(path: Path) -> bool:
    return path.with_name(path.name + "-wal").exists()


def _cut_short(path: Path) -> None:
    raise StoreDamaged(
        "The database is cut short",
        where=str(path),
        remedy="Leave the file as it is and restore the last backup.",
    )
