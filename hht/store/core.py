"""What all repositories of one database share: the file, its secret fields, its trail, its room."""

import contextlib
import functools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from hht.clock import Clock
from hht.store.audit.trail import EVENTS_RECORDED, ROWS_CHANGED, Audit
from hht.store.errors import StoreError, damaged_record
from hht.store.modes import Mode
from hht.store.secrets.fields import Fields
from hht.store.sqlite.database import Database
from hht.store.sqlite.disk_space import Space

P = ParamSpec("P")
T = TypeVar("T")
RepositoryT = TypeVar("RepositoryT", bound="Repository")
_Row = dict[str, Any]
_NO_VALUE = (ValueError, TypeError, LookupError, AttributeError)


class Transaction:
    """One change under way: repositories pass it to each other, and it is committed as a whole."""

    def __init__(self, connection: sqlite3.Connection, audit: Audit) -> None:
        self._connection = connection
        self._audit = audit
        self._notes: list[tuple[str, str]] = []
        audit.watch.begin()

    def execute(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, parameters)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> sqlite3.Cursor:
        return self._connection.executemany(sql, rows)

    def note(self, action: str, subject: str) -> None:
        """Add an entry to the audit trail; `subject` must not hold a secret."""
        self._notes.append((action, subject))

    def vouch_for_everything(self) -> None:
        """Have the trail take every row as it is after this change."""
        self._audit.watch.touch_everything()

    def finish(self) -> bool:
        """Write the entries, before the commit; whether there were any.

        A change of what the trail vouches for has an entry whether it was noted or not.
        """
        watch = self._audit.watch
        if not watch.is_due and not self._notes:
            return False
        notes = self._notes or [(ROWS_CHANGED, "")]
        self._audit.append(self._connection, notes, watch.records())
        return True


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
        self.space.lend_reserve(self.database.keep_wal_short)
        with self.database.turn:
            with self.database.transaction(at_once=at_once) as connection:
                change = Transaction(connection, self.audit)
                yield change
                has_entries = change.finish()
            if has_entries:
                self.audit.is_on_the_disk()

    def vouch_for_late(self) -> None:
        """Make an entry for the events that wait for one, where that can be."""
        if not self.audit.watch.has_late or self.database.is_closed or self.audit.is_locked:
            return
        with contextlib.suppress(StoreError), self.transaction() as change:
            change.note(EVENTS_RECORDED, "")

    def rows(
        self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()
    ) -> list[dict[str, Any]]:
        return self.database.rows(sql, parameters)

    def value(self, sql: str, parameters: Sequence[Any] = ()) -> Any:
        return self.database.value(sql, parameters)

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt a field for its place; StoreLocked before the PIN."""
        return self.fields.seal(place, plain)

    def unseal(self, place: str, sealed: bytes | str) -> bytes:
        """Decrypt a field; StoreDamaged when it was changed, StoreLocked before the PIN."""
        return self.fields.open(place, sealed)

    def seal_text(self, place: str, text: str) -> bytes | None:
        """Encrypt a text for its place; None for an empty one."""
        return self.seal(place, text.encode()) if text else None

    def unseal_text(self, place: str, sealed: bytes | str | None) -> str:
        """Decrypt a text, which is empty where there is none."""
        return self.unseal(place, sealed).decode("utf-8", "replace") if sealed else ""


class Repository:
    """The rows of one kind in one database."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core


def row_of(
    word: str,
) -> Callable[
    [Callable[Concatenate[RepositoryT, _Row, P], T]], Callable[Concatenate[RepositoryT, _Row, P], T]
]:
    """Have a method that reads a row, which `word` names, raise StoreDamaged for what is none."""

    def guarded(
        read: Callable[Concatenate[RepositoryT, _Row, P], T],
    ) -> Callable[Concatenate[RepositoryT, _Row, P], T]:
        @functools.wraps(read)
        def read_or_name(self: RepositoryT, row: _Row, /, *more: P.args, **named: P.kwargs) -> T:
            number = row["id"]
            try:
                return read(self, row, *more, **named)
            except _NO_VALUE:
                raise damaged_record(f"{word} {number}", self._core.database.path) from None

        return read_or_name

    return guarded
