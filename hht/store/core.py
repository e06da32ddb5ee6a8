"""What all repositories of one database share: the file, its secret fields, its trail, its room."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hht.clock import Clock
from hht.store.modes import Mode
from hht.store.repositories.audit import Audit
from hht.store.secrets.fields import Fields
from hht.store.sqlite.database import Database
from hht.store.sqlite.disk_space import Space


class Transaction:
    """One change under way: repositories pass it to each other, and it is committed as a whole."""

    def __init__(self, connection: sqlite3.Connection, audit: Audit) -> None:
        self._connection = connection
        self._audit = audit

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        return self._connection.executemany(sql, rows)

    def note(self, action: str, subject: str) -> None:
        """Add an entry to the audit trail; `subject` must not hold a secret."""
        self._audit.append(self._connection, action, subject)


class StoreCore:
    """The database with what every repository needs of it; `fields` changes with lock and PIN."""

    def __init__(self, database: Database, fields: Fields, clock: Clock) -> None:
        self.database = database
        self.fields = fields
        self.clock = clock
        self.space = Space(database.path)
        self.audit = Audit(database, clock)

    @property
    def mode(self) -> Mode:
        return self.database.mode

    @contextlib.contextmanager
    def transaction(self, *, at_once: bool = True) -> Iterator[Transaction]:
        """Begin a change that happens whole or not at all; it is on the disk when this returns.

        One that need not be there `at_once` outlives the program, and the loss of power from the
        next change on.
        """
        with self.database.transaction(at_once=at_once) as connection:
            yield Transaction(connection, self.audit)

    def rows(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
    ) -> list[dict[str, Any]]:
        return self.database.rows(sql, parameters)

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        return self.database.value(sql, parameters)

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt a field for its place; StoreLocked before the PIN."""
        return self.fields.seal(place, plain)

    def unseal(self, place: str, sealed: bytes) -> bytes:
        """Decrypt a field; StoreDamaged when it was changed, StoreLocked before the PIN."""
        return self.fields.open(place, sealed)


class Repository:
    """The rows of one kind in one database."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
