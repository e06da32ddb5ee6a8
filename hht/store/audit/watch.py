"""Which rows a change has touched, and the digest by which the audit trail knows each of them."""

import hashlib
import json
import sqlite3
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

# 128 bits of a SHA-256: an entry's MAC covers them, so they cannot be chosen to match another.
DIGEST_BYTES = 16
GONE = bytes(DIGEST_BYTES)
_RECORD = struct.Struct(f">Bq{DIGEST_BYTES}s")
_BEFORE = 0x80
"""Added to a table's number where the digest is the row's before the change."""


@dataclass(frozen=True, slots=True)
class WatchedTable:
    """A table whose rows the trail vouches for, what one is called, the columns that count.

    The rows of a `late` one are vouched for with the next change that has an entry of its own: an
    event must not cost a sync. They are only added, and deleted where a change says so.
    """

    name: str
    word: str
    columns: str = "*"
    late: bool = False

    @property
    def changes(self) -> str:
        """The change that is watched: of any column, or of those that count."""
        return "UPDATE" if self.columns == "*" else f"UPDATE OF {self.columns}"


# A table's place here is its number in the trail: append only.
WATCHED = (
    WatchedTable("jobs", "job"),
    WatchedTable("certificates", "certificate"),
    WatchedTable("commands", "Local Command"),
    WatchedTable("captures", "capture"),
    WatchedTable("returns", "queued item"),
    WatchedTable("receipts", "receipt of item"),
    WatchedTable("keyring", "secret"),
    # How often a wrong PIN was tried changes while no key is there to vouch for it.
    WatchedTable(
        "vault",
        "record of the PIN",
        "salt, wrapped, memory_kib, passes, lanes, wipe_after, tpm, recovery",
    ),
    WatchedTable("journeys", "place in a journey"),
    WatchedTable("events", "event", late=True),
)
LATE = frozenset(number for number, table in enumerate(WATCHED) if table.late)
NUMBERS = {table.name: number for number, table in enumerate(WATCHED)}


@dataclass(frozen=True, slots=True)
class RowRecord:
    """A row as the trail has it: which one, and its digest, `GONE` once it was deleted.

    With `is_before` the digest is that which the row had when the change came to it.
    """

    table: int
    row_id: int
    digest: bytes
    is_before: bool = False

    @property
    def key(self) -> tuple[int, int]:
        """The row's table, and its number in it."""
        return self.table, self.row_id

    def __str__(self) -> str:
        return f"{WATCHED[self.table].word} {self.row_id}"


class RowWatch:
    """A watch on every row that is touched on one connection, however it is written.

    Triggers of the connection's own see to that, so no change can be forgotten in the code. A row
    is digested before its first change too: one that somebody else has edited does not become hht's
    by being changed.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._touched: set[tuple[int, int]] = set()
        self._late: set[tuple[int, int]] = set()
        self._before: dict[tuple[int, int], bytes] = {}
        connection.create_function("hht_found", 2, self._find)
        connection.create_function("hht_touched", 2, self._touch)
        connection.executescript("".join(map(_triggers, range(len(WATCHED)))))

    def _touch(self, table: int, row_id: int) -> None:
        (self._late if table in LATE else self._touched).add((table, row_id))

    def _find(self, table: int, row_id: int) -> None:
        key = (table, row_id)
        if not (key in self._touched or key in self._late or key in self._before):
            self._before[key] = self.digest(table, row_id)

    def begin(self) -> None:
        """Forget what was touched before: a change that failed, or none of the trail's."""
        self._touched.clear()
        self._before.clear()

    @property
    def is_due(self) -> bool:
        """Whether a row was touched that needs an entry with this change."""
        return bool(self._touched)

    @property
    def has_late(self) -> bool:
        """Whether rows wait for the next entry."""
        return bool(self._late)

    def vouched(self) -> None:
        """Note that the entry of what was touched is on the disk."""
        self._late.clear()

    def touch_late(self, last: Mapping[int, int]) -> None:
        """Take the late rows after the `last` one that an entry has, by table, as touched."""
        for number in LATE:
            select = f"SELECT rowid FROM {WATCHED[number].name} WHERE rowid > ?"
            rows = self._connection.execute(select, (last.get(number, 0),))
            self._late.update((number, row_id) for (row_id,) in rows)

    def touch_everything(self) -> None:
        """Take every row as touched, so that the next entry vouches for all of them."""
        for number, table in enumerate(WATCHED):
            rows = self._connection.execute(f"SELECT rowid FROM {table.name}")
            self._touched.update((number, row_id) for (row_id,) in rows)

    def records(self) -> bytes:
        """Return what an entry keeps of the rows touched since `begin`, and of the late ones."""
        found = (
            _RECORD.pack(table | _BEFORE, row_id, digest)
            for (table, row_id), digest in sorted(self._before.items())
        )
        left = (
            _RECORD.pack(table, row_id, self.digest(table, row_id))
            for table, row_id in sorted(self._touched | self._late)
        )
        return b"".join((*found, *left))

    def digest(self, number: int, row_id: int) -> bytes:
        """Return the digest of a row of a table of that number, as it is now."""
        table = WATCHED[number]
        with _any_text(self._connection):
            row = self._connection.execute(
                f"SELECT {table.columns} FROM {table.name} WHERE rowid = ?", (row_id,)
            ).fetchone()
        return GONE if row is None else digest_of(row)


@contextmanager
def _any_text(connection: sqlite3.Connection) -> Iterator[None]:
    """Have texts read that are not UTF-8: an edited row may have one."""
    before = connection.text_factory
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = before


def digest_of(row: tuple[object, ...]) -> bytes:
    """Return the digest of a row's values; `ascii` writes them the same with every Python."""
    return hashlib.sha256(ascii(tuple(row)).encode()).digest()[:DIGEST_BYTES]


def read_records(content: bytes) -> Iterator[RowRecord]:
    """Yield the rows that an entry has: as a change came to them, then as it left them."""
    for table, row_id, digest in _RECORD.iter_unpack(content):
        yield RowRecord(table & ~_BEFORE, row_id, digest, is_before=bool(table & _BEFORE))


def last_digests(
    entries: Iterable[bytes], wanted: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """Return the last digest that an entry has of each row that is wanted, by table and row.

    `entries` are the newest first. A row that none has is left out: an older hht has written it.
    """
    missing, found = set(wanted), dict[tuple[int, int], bytes]()
    for content in entries:
        if not missing:
            break
        for table, row_id, digest in _RECORD.iter_unpack(_records_of(content)):
            if (table, row_id) in missing:
                found[table, row_id] = digest
                missing.discard((table, row_id))
    return found


def _records_of(entry: bytes) -> bytes:
    """Return what follows the step in an entry; nothing where hht has not written it."""
    content = entry[1:]
    return b"" if len(content) % _RECORD.size else content


def last_late(entries: Iterable[bytes]) -> dict[int, int]:
    """Return the last living row of each late table that an entry has.

    `entries` are the newest first.

    An entry that hht has not written says nothing: the check of the trail finds it.
    """
    last: dict[int, int] = {}
    gone: set[tuple[int, int]] = set()
    for content in entries:
        records = read_records(_records_of(content))
        late = [each for each in records if each.table in LATE and not each.is_before]
        gone.update((each.table, each.row_id) for each in late if each.digest == GONE)
        for each in late:
            if each.digest != GONE and (each.table, each.row_id) not in gone:
                last[each.table] = max(last.get(each.table, 0), each.row_id)
        if last.keys() == LATE:
            break
    return last


def rows_now(
    connection: sqlite3.Connection, wanted: Collection[tuple[int, int]] | None = None
) -> Iterator[RowRecord]:
    """Yield every row that the trail should vouch for, as it is now, or those that are wanted."""
    for number, table in enumerate(WATCHED):
        select = f"SELECT rowid, {table.columns} FROM {table.name}"
        if wanted is None:
            rows = connection.execute(select)
        else:
            ids = json.dumps([row_id for at, row_id in wanted if at == number])
            among = " WHERE rowid IN (SELECT value FROM json_each(?))"
            rows = connection.execute(select + among, (ids,))
        for row_id, *row in rows:
            yield RowRecord(number, row_id, digest_of(tuple(row)))


def _triggers(number: int) -> str:
    table = WATCHED[number]
    changes = (("INSERT", "NEW"), (table.changes, "NEW"), ("DELETE", "OLD"))
    after = (
        f"CREATE TEMP TRIGGER watch_{table.name}_{order} AFTER {change} ON main.{table.name}"
        f" BEGIN SELECT hht_touched({number}, {row}.rowid); END;"
        for order, (change, row) in enumerate(changes)
    )
    before = (
        f"CREATE TEMP TRIGGER find_{table.name}_{order} BEFORE {change} ON main.{table.name}"
        f" BEGIN SELECT hht_found({number}, OLD.rowid); END;"
        for order, change in enumerate((table.changes, "DELETE"))
    )
    return "".join((*after, *before))
