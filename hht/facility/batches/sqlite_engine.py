"""The books in a SQLite file; one process, the keeper, has it open."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from hht.facility.batches.engine import SCHEMA_VERSION, TABLES, statements
from hht.store.errors import StoreForeign, translate
from hht.store.sqlite.file_check import BUSY_SECONDS

APPLICATION_ID = int.from_bytes(b"HHTB", "big")
_WORDS = {"FILL": "", "BYTES": "BLOB", "SERIAL": "INTEGER PRIMARY KEY AUTOINCREMENT"}
# WAL with FULL: what a bench heard is booked survives the loss of power.
_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"


class SqliteEngine:
    """The one connection to the file."""

    now = "((julianday('now') - 2440587.5) * 86400.0)"
    lock = ""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; StoreError where it is something else."""
        self._path = path
        self._depth = 0
        try:
            self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._prepare()
        except sqlite3.Error as error:
            raise translate(error, path) from None

    def rows(self, sql: str, *parameters: Any) -> list[Sequence[Any]]:
        return self._connection.execute(sql, parameters).fetchall()

    def run(self, sql: str, *parameters: Any) -> int:
        return self._connection.execute(sql, parameters).rowcount

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Begin a transaction, or a savepoint inside one."""
        name = f"step{self._depth}"
        self._connection.execute(f"SAVEPOINT {name}" if self._depth else "BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
            self._connection.execute(f"RELEASE {name}" if self._depth > 1 else "COMMIT")
        except BaseException:
            self._depth -= 1
            self._undo(name)
            raise
        self._depth -= 1

    def close(self) -> None:
        self._connection.close()

    def _undo(self, name: str) -> None:
        if self._depth:
            self._connection.execute(f"ROLLBACK TO {name}")
            self._connection.execute(f"RELEASE {name}")
        elif self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _prepare(self) -> None:
        stamp = self._pragma("application_id")
        version = self._pragma("user_version")
        empty = not self.rows("SELECT 1 FROM sqlite_schema")
        if not empty and (stamp != APPLICATION_ID or version > SCHEMA_VERSION):
            self._connection.close()
            raise StoreForeign(
                "The file does not hold a facility's batches, or those of a newer hht",
                where=str(self._path),
                remedy="Name another data folder, or update hht.",
            )
        self._connection.executescript(_PRAGMAS)
        if empty:
            self._make_tables()

    def _make_tables(self) -> None:
        with self.transaction():
            for statement in statements(TABLES.format(**_WORDS)):
                self._connection.execute(statement)
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")

    def _pragma(self, name: str) -> int:
        return int(self.rows(f"PRAGMA {name}")[0][0])
