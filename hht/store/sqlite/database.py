"""One connection to one database file: how it is opened, and how changes are made durable."""

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hht.store.errors import StoreForeign, translate
from hht.store.modes import Mode
from hht.store.sqlite.crash_points import crash_points
from hht.store.sqlite.disk_space import Space
from hht.store.sqlite.file_check import BUSY_SECONDS, check_file, open_untouched
from hht.store.sqlite.file_lock import FileLock
from hht.store.sqlite.memory_copy import copy_into_memory
from hht.store.sqlite.migrations import STEPS, migrate, version_of
from hht.store.sqlite.owner import check_names, make_private
from hht.store.sqlite.pending import finish_restore

if TYPE_CHECKING:
    from sqlite_utils import Database as SqliteUtils

# WAL with FULL: a committed row survives the loss of power; NORMAL may lose the last ones.
_PRAGMAS = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
"""


SHORT_WAL_PAGES = 50  # 200 KB: on a nearly full disk a long WAL would fill the rest


class Database:
    """The only writer of one file; safe to share between threads, which hold `turn` in turn."""

    def __init__(
        self, path: Path, mode: Mode, *, read_only: bool = False, as_copy: bool = False
    ) -> None:
        """Open it to write, `read_only`, or `as_copy` in memory where nothing can be written."""
        self.path = path
        self.is_copy = as_copy
        self.mode = mode
        self.is_read_only = read_only
        self.turn = threading.RLock()
        self.is_closed = False
        self._crash_point = crash_points()
        self.rollbacks = 0
        self._waits_for_disk = True
        self._is_left_open = False
        self._file_lock = FileLock(path)
        if read_only:
            self.connection = _look_on(path, mode)
            return
        if as_copy:
            self.connection = copy_into_memory(path, mode)
            return
        Space(path).lend_reserve()
        make_private(path)
        self._file_lock.acquire()
        try:
            finish_restore(path)
            check_names(path)
            check_file(path, mode)
            self.connection = self._connect()
        except BaseException:
            self._file_lock.release()
            raise

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            connection.executescript(_PRAGMAS)
            migrate(connection, self.mode.application_id)
            connection.execute("PRAGMA foreign_keys = ON")
            # The stamp must be in the file itself, not only in the WAL beside it.
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            return connection
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise translate(error, self.path) from None

    @property
    def tables(self) -> "SqliteUtils":
        """The same connection through sqlite-utils, for what is not done a thousand times."""
        from sqlite_utils import Database as SqliteUtils

        return SqliteUtils(self.connection, recursive_triggers=False, execute_plugins=False)

    @contextlib.contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[sqlite3.Connection]:
        """Make a change that happens whole or not at all, and is on the disk when this returns.

        With `at_once` False the next change brings it there; until then the operating system has
        it, and only the loss of power can undo it.
        """
        with self.turn:
            connection = self.connection
            crash_point = self._crash_point if at_once else _nothing
            try:
                self._wait_for_disk(at_once)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                crash_point()
                connection.execute("COMMIT")
            except (sqlite3.Error, OverflowError) as error:
                self._rollback()
                raise translate(error, self.path) from None
            except BaseException:
                self._rollback()
                raise
            crash_point()

    def _wait_for_disk(self, at_once: bool) -> None:
        """Have the next commit wait for the disk, or leave that to a later one that does."""
        if self._is_left_open:  # one that a failing disk has let nobody end
            self._undo()
        if at_once is not self._waits_for_disk:
            level = "FULL" if at_once else "NORMAL"
            self.connection.execute(f"PRAGMA synchronous = {level}")
            self._waits_for_disk = at_once

    @contextlib.contextmanager
    def any_text(self) -> Iterator[None]:
        """Have texts read that are not UTF-8: who wrote one is to be found, and stops no check."""
        with self.turn:
            self.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            try:
                yield
            finally:
                self.connection.text_factory = str

    @contextlib.contextmanager
    def translated(self) -> Iterator[sqlite3.Connection]:
        """Provide the connection outside of a change; what SQLite reports is a StoreError."""
        with self.turn:
            try:
                yield self.connection
            except (sqlite3.Error, OverflowError) as error:
                raise translate(error, self.path) from None

    def rows(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
    ) -> list[dict[str, Any]]:
        """Return the rows of a query, by column name."""
        with self.translated() as connection:
            cursor = connection.execute(sql, parameters)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        """Return the first column of the first row, None without one."""
        with self.translated() as connection:
            row = connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def empty_wal(self) -> None:
        """Bring everything into the file itself and empty the WAL, which holds older pages."""
        with self.translated() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def keep_wal_short(self) -> None:
        """Use little room: a WAL holds each page many times over, the file itself once."""
        self.empty_wal()
        self.rows(f"PRAGMA wal_autocheckpoint = {SHORT_WAL_PAGES}")

    def copy_into(self, copy: sqlite3.Connection) -> None:
        """Copy the whole database as of now, while nothing is written to it."""
        with self.turn:
            self.connection.backup(copy)

    def close(self) -> None:
        """Close the connection and let the next writer in; closing twice is harmless."""
        with self.turn:
            self.is_closed = True
            self.connection.close()
            self._file_lock.release()

    def _rollback(self) -> None:
        """Undo the change; what made that necessary is said, not that the disk fails at it too."""
        self.rollbacks += 1
        with contextlib.suppress(sqlite3.Error):
            self._undo()

    def _undo(self) -> None:
        self._is_left_open = True
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self._is_left_open = False


def _nothing() -> None:
    """Do nothing, where no test kills at a commit."""


def _look_on(path: Path, mode: Mode) -> sqlite3.Connection:
    check_file(path, mode)
    connection = open_untouched(path)
    if version_of(connection) < len(STEPS):
        connection.close()
        raise StoreForeign(
            "The database is an older hht's, or empty",
            where=str(path),
            remedy="Start hht once to bring it up to date.",
        )
    return connection
