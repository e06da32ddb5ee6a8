"""The check of the trail: its chain, the rows that it vouches for, its anchor, and the rules."""

import hmac
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from hht.spans import counted
from hht.store.audit.fit import Fit
from hht.store.audit.trail import (
    ACCEPTED,
    BEGINNING,
    ROWS_RECORDED,
    TROUBLES,
    Audit,
    AuditHead,
)
from hht.store.audit.watch import GONE, LATE, RowRecord, read_records, rows_now
from hht.store.errors import StoreDamaged
from hht.store.sqlite.database import Database
from hht.store.sqlite.migrations import migrate

_ANCHOR_FAULTS = {
    Fit.OLDER: "this is an older copy, or its end was cut off: the anchor knows a later trail",
    Fit.MISSING: "the anchor is gone, or this is another machine",
    Fit.STALE: "the anchor is older than the trail: it was put back, could not be written, or the"
    " data was opened on another machine",
}
# What an hht that the trail could vouch for has put into the tables it does not watch.
_SINGLE_ROWS = {
    "SELECT id FROM audit_key": ([(1,)], "the key of the trail"),
    "SELECT name FROM meta": ([("database_id",)], "what the database is"),
}
# Triggers, and the tables and indexes, which say what may be in a row and what only once.
_RULES = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a check found; `broken_at` is the first entry that does not fit the chain.

    `faults` has a line for every row, rule or alarm that does not fit the trail; `head_found` says
    whether the head that was asked for is in it.
    """

    head: AuditHead
    broken_at: int | None = None
    head_found: bool = True
    faults: tuple[str, ...] = ()
    fit: Fit = Fit.NOT_CHECKED

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.broken_at is None and self.head_found and not self.faults

    @property
    def said(self) -> str:
        """The first thing that was found, in words."""
        if self.broken_at is not None:
            return f"broken at entry {self.broken_at}"
        if not self.head_found:
            return "the head you gave is not in it: the end was cut off"
        if self.faults:
            return self.faults[0]
        return f"{counted(self.head.entries, 'entry', 'entries')}, unbroken"


class _Replay:
    """What is known after so many entries."""

    def __init__(self, head: str) -> None:
        self.wanted = head.lower()
        self.head_found = not head
        self.mac = BEGINNING
        self.vouched: dict[tuple[int, int], bytes] = {}
        self.alarms: list[str] = []
        self.vouches = False

    def take(self, row: dict[str, Any], mac: bytes) -> None:
        """Go on with an entry that fits the chain."""
        self.mac = mac
        self.head_found = self.head_found or mac.hex() == self.wanted
        action, rows = row["action"], row["rows"]
        if action in (ROWS_RECORDED, ACCEPTED):
            self.vouched.clear()
        if action == ACCEPTED:
            self.alarms.clear()
        elif action in TROUBLES:
            self.alarms.append(f"{action} (entry {row['id']})")
        if rows is not None:
            for record in read_records(rows[1:]):
                if record.is_before:
                    self._compare(record, row["id"])
                else:
                    self.vouched[record.key] = record.digest
            self.vouches = True

    def _compare(self, record: RowRecord, entry: int) -> None:
        """Hold a row, as a change of hht's has found it, against the last entry that has it."""
        digest = self.vouched.get(record.key, GONE)
        if digest == GONE and (record.table in LATE or not self.vouches):
            return
        if digest != record.digest:
            how = "was put in" if digest == GONE else "was changed"
            self.alarms.append(f"{record} {how} before hht changed it (entry {entry})")


def verify(database: Database, audit: Audit, head: str = "") -> AuditVerdict:
    """Compute the whole chain again and hold the rows against it; StoreLocked before the PIN.

    `head` is one from an export or an upload, which must be in it. StoreDamaged where a page of
    the file cannot be read.
    """
    with database.translated(), database.any_text():
        return _verify(database, audit, head)


def _verify(database: Database, audit: Audit, head: str) -> AuditVerdict:
    replay, fit = _Replay(head), audit.fit()
    for count, row in enumerate(database.rows("SELECT * FROM audit ORDER BY id"), 1):
        mac = _mac(audit, replay.mac, count, row)
        if mac is None or row["id"] != count or not hmac.compare_digest(mac, row["mac"]):
            return AuditVerdict(
                audit.head(), broken_at=row["id"], head_found=replay.head_found, fit=fit
            )
        replay.take(row, mac)
    rows = (*_row_faults(database, replay), *_single_row_faults(database))
    faults = (*_anchor_faults(fit), *rows, *_rule_faults(database))
    return AuditVerdict(
        audit.head(),
        head_found=replay.head_found,
        faults=(*faults, *replay.alarms),
        fit=fit,
    )


def _mac(audit: Audit, before: bytes, number: int, row: dict[str, Any]) -> bytes | None:
    """Return what an entry's hash should be; None where its subject was changed.

    Only an older hht left an empty subject out, and had no rows in an entry.
    """
    if row["subject"] is None and row["rows"] is not None:
        return None
    try:
        subject = audit.subject(row["id"], row["subject"])
        return audit.mac(before, number, row["at"], row["action"], subject, row["rows"])
    except (StoreDamaged, UnicodeError, TypeError):
        return None


def _anchor_faults(fit: Fit) -> Iterator[str]:
    if fit in _ANCHOR_FAULTS:
        yield _ANCHOR_FAULTS[fit]


def _row_faults(database: Database, replay: _Replay) -> Iterator[str]:
    """Hold every row against the last entry that has it."""
    if not replay.vouches and replay.mac != BEGINNING:
        return  # an older hht has written all of it
    vouched = replay.vouched
    last = {
        table: max(
            (row_id for (at, row_id), d in vouched.items() if at == table and d != GONE), default=0
        )
        for table in LATE
    }
    for row in rows_now(database.connection):
        digest = vouched.pop(row.key, GONE)
        if digest == GONE and row.row_id > last.get(row.table, row.row_id):
            continue  # the next entry has it
        if digest == GONE:
            yield f"{row} is in no entry, or was deleted: it was put in"
        elif digest != row.digest:
            yield f"{row} was changed"
    for (table, row_id), digest in sorted(vouched.items()):
        if digest != GONE:
            yield f"{RowRecord(table, row_id, digest)} is missing"


def _single_row_faults(database: Database) -> Iterator[str]:
    """Look for rows that were added to, or moved in, what has one row for ever."""
    for select, (wanted, word) in _SINGLE_ROWS.items():
        if database.connection.execute(select).fetchall() != wanted:
            yield f"the record of {word} was changed"


def _rule_faults(database: Database) -> Iterator[str]:
    """List where the rules that the database itself keeps are not those of its step."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        migrate(fresh, database.mode.application_id)
        wanted = _rules(fresh)
    there = _rules(database.connection)
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) != there.get(name):
            yield f"the database's rule {name!r} was taken out, put in or changed"


def _rules(connection: sqlite3.Connection) -> dict[str, str]:
    """Return table, index or trigger -> its text, laid out and quoted the same."""
    return {
        name: re.sub(r"\s+", " ", sql).replace('"', "") for name, sql in connection.execute(_RULES)
    }
