"""Which rows a change has touched, and the digest by which the audit trail knows each of them."""

import hashlib
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# 128 bits of a SHA-256: an entry's MAC covers them, so they cannot be chosen to match another.
DIGEST_BYTES = 16
GONE = bytes(DIGEST_BYTES)
_RECORD = struct.Struct(f">Bq{DIGEST_BYTES}s")


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


@dataclass(frozen=True, slots=True)
class RowRecord:
    """A row as the trail has it: which one, and its digest, `GONE` once it was deleted."""

    table: int
    row_id: int
    digest: bytes

    def __str__(self) -> str:
        return f"{WATCHED[self.table].word} {self.row_id}"


class RowWatch:
    """A watch on every row that is touched on one connection, however it is written.

    Triggers of the connection's own see to that, so no change can be forgotten in the code.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._touched: set[tuple[int, int]] = set()
        self._late: set[tuple[int, int]] = set()
        connection.create_function("hht_touched", 2, self._touch)
        connection.executescript("".join(map(_triggers, range(len(WATCHED)))))

    def _touch(self, table: int, row_id: int) -> None:
        (self._late if table in LATE else self._touched).add((table, row_id))

    def begin(self) -> None:
        """Forget what was touched before: a change that failed, or none of the trail's."""
        self._touched.clear()

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
        return b"".join(
            _RECORD.pack(table, row_id, self._digest(table, row_id))
            for table, row_id in sorted(self._touched | self._late)
        )

    def _digest(self, number: int, row_id: int) -> bytes:
        table = WATCHED[number]
        row = self._connection.execute(
            f"SELECT {table.columns} FROM {table.name} WHERE rowid = ?", (row_id,)
        ).fetchone()
        return GONE if row is None else digest_of(row)


def digest_of(row: tuple[object, ...]) -> bytes:
    """Return the digest of a row's values; `ascii` writes them the same with every Python."""
    return hashlib.sha256(ascii(tuple(row)).encode()).digest()[:DIGEST_BYTES]


def read_records(content: bytes) -> Iterator[RowRecord]:
    """Yield the rows that an entry vouches for."""
    for table, row_id, digest in _RECORD.iter_unpack(content):
        yield RowRecord(table, row_id, digest)


def last_late(entries: Iterable[bytes]) -> dict[int, int]:
    """Return the last living row of each late table that an entry has.

    `entries` are the newest first.

    An entry that hht has not written says nothing: the check of the trail finds it.
    """
    last: dict[int, int] = {}
    gone: set[tuple[int, int]] = set()
    for content in entries:
        if len(content) % _RECORD.size:
            continue
        late = [each for each in read_records(content) if each.table in LATE]
        gone.update((each.table, each.row_id) for each in late if each.digest == GONE)
        for each in late:
            if each.digest != GONE and (each.table, each.row_id) not in gone:
                last[each.table] = max(last.get(each.table, 0), each.row_id)
        if last.keys() == LATE:
            break
    return last


def rows_now(connection: sqlite3.Connection) -> Iterator[RowRecord]:
    """Yield every row that the trail should vouch for, as it is now."""
    for number, table in enumerate(WATCHED):
        for row_id, *row in connection.execute(f"SELECT rowid, {table.columns} FROM {table.name}"):
            yield RowRecord(number, row_id, digest_of(tuple(row)))


def _triggers(number: int) -> str:
    table = WATCHED[number]
    changes = (("INSERT", "NEW"), (table.changes, "NEW"), ("DELETE", "OLD"))
    return "".join(
        f"CREATE TEMP TRIGGER watch_{table.name}_{order} AFTER {change} ON main.{table.name}"
        f" BEGIN SELECT hht_touched({number}, {row}.rowid); END;"
        for order, (change, row) in enumerate(changes)
    )
