"""The audit trail: every change in one chain, each entry under a keyed hash over all before it."""

import hmac
import os
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hht.clock import Clock
from hht.spans import counted
from hht.store.audit.anchor import Anchor, anchor_path
from hht.store.audit.fit import Fit, fit_of
from hht.store.audit.watch import GONE, NUMBERS, RowWatch, last_digests, last_late, rows_now
from hht.store.errors import damaged_record
from hht.store.modes import Mode
from hht.store.secrets.fields import (
    AUDIT_KEY,
    AUDIT_SUBJECT,
    Fields,
    LockedFields,
    PlainFields,
    locked,
)
from hht.store.sqlite.database import Database
from hht.store.sqlite.migrations import STEPS
from hht.store.sqlite.timestamps import to_text

KEY_BYTES = 32  # as wide as the HMAC-SHA256 made with it
BEGINNING = bytes(32)
ROWS_CHANGED = "rows changed"
EVENTS_RECORDED = "events recorded"
ROWS_RECORDED = "rows recorded"
ACCEPTED = "accepted as it is"
UNANCHORED = "not anchored"
COUNTERS_PUT_BACK = "PIN counters put back"
COUNTERS_CHANGED = "PIN counters changed"
ALARMS = {
    Fit.OLDER: "older copy in place",
    Fit.MISSING: "anchor was missing",
    Fit.STALE: "anchor was behind",
}
"""What the first change after such a find says in the trail, so that no later one hides it."""

TROUBLES = (*ALARMS.values(), COUNTERS_PUT_BACK, COUNTERS_CHANGED)
_LAST_TROUBLE = f"""
    SELECT action FROM audit WHERE action IN ({", ".join("?" * len(TROUBLES))})
    AND id > (SELECT COALESCE(MAX(id), 0) FROM audit WHERE action = ?) ORDER BY id DESC LIMIT 1"""
_LAST = "SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1"
_ROWS_FROM_THE_END = "SELECT rows FROM audit WHERE rows IS NOT NULL ORDER BY id DESC"
_STEP = "SELECT substr(rows, 1, 1) FROM audit ORDER BY id DESC LIMIT 1"
_APPEND = "INSERT INTO audit (id, at, action, subject, rows, mac) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry: how many there are, and the hash (hex) that stands for all of them."""

    entries: int
    mac: str


class Audit:
    """The trail of one database. Its key is a sealed field, so no entry is made while locked.

    Without a PIN the key is in the same file: then the chain shows damage and careless editing,
    not an attacker who recomputes it. The last entry is kept at hand, since only this process
    writes to the file: after a rollback it is read again, and the table refuses an entry whose
    number is there already.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._key: bytes | None = None
        self._fields: Fields = PlainFields()
        self._last = (0, BEGINNING)
        self._last_holds_at = -1
        self._alarm: tuple[str, str] | None = None
        with database.translated() as connection:
            self.watch = RowWatch(connection)
        self.anchor: Anchor | None = None

    def new_key(self, fields: Fields) -> bytes:
        """Make the key of a new database, sealed for its place."""
        return fields.seal(AUDIT_KEY.place(1), os.urandom(KEY_BYTES))

    def forget_key(self) -> None:
        """Lock: no entry can be made or checked any more."""
        self._key = None
        self._fields = LockedFields()

    def load_key(self, fields: Fields) -> None:
        """Take the key again, once the fields can be read."""
        sealed = self._database.value("SELECT secret FROM audit_key")
        self._key = fields.open(AUDIT_KEY.place(1), sealed)
        self._fields = fields

    def seal_with(self, fields: Fields) -> None:
        """Seal the subjects of entries for another key from now on."""
        self._fields = fields

    @property
    def is_locked(self) -> bool:
        """Whether no entry can be made."""
        return self._key is None

    @property
    def is_key_sealed(self) -> bool:
        """Whether the key is one of a database with a PIN: longer by what seals it."""
        return len(self._database.value("SELECT secret FROM audit_key") or b"") != KEY_BYTES

    def hold_to_anchor(self, database_id: bytes) -> None:
        """Have the trail anchored; training data proves nothing, so it has no anchor."""
        if self._database.mode is Mode.TRAINING:
            return
        path = anchor_path(self._database.mode, database_id)
        self.anchor = Anchor(path, self._database.path)
        fit = self.fit()
        if fit in ALARMS:
            held = self.anchor.read()
            entries = counted(held.entries, "entry", "entries") if held else ""
            was = f"the anchor had {entries}, head {held.head}" if held else ""
            self._alarm = (ALARMS[fit], was)

    def fit(self) -> Fit:
        """Return whether the trail ends where the anchor says."""
        return fit_of(self._database, self.anchor)

    @property
    def trouble(self) -> str:
        """What the anchor has shown and was not accepted since, as the trail names it.

        Empty where there is nothing; UNANCHORED where no anchor can be kept. Needs no key.
        """
        if self.anchor is None:
            return ""
        if self._alarm:
            return self._alarm[0]
        found = self._database.value(_LAST_TROUBLE, (*TROUBLES, ACCEPTED))
        return found or (UNANCHORED if self.fit() is Fit.NOT_CHECKED else "")

    @property
    def step_of_last(self) -> int | None:
        """The step of the schema at the last entry, 0 before entries had it; None without one."""
        rows = self._database.rows(_STEP)
        if not rows:
            return None
        (step,) = rows[0].values()
        return step[0] if step else 0

    def append(
        self, connection: sqlite3.Connection, notes: Sequence[tuple[str, str]], rows: bytes
    ) -> None:
        """Add what one change has to say, in the caller's transaction.

        A note is an action and its subject, which must not hold a secret. The last entry vouches
        for the rows (see hht.store.audit.watch) that the whole change has touched.
        """
        *others, last = [*([self._alarm] if self._alarm else []), *notes]
        for action, subject in others:
            self._append(connection, action, subject, None)
        self._append(connection, *last, bytes([len(STEPS)]) + rows)

    def take_up_late(self) -> None:
        """Find the rows that a program which was killed had no entry for yet."""
        with self._database.translated() as connection:
            rows = connection.execute(_ROWS_FROM_THE_END)
            self.watch.touch_late(last_late(content for (content,) in rows))

    def edited(self, rows: Iterable[tuple[str, int | None]]) -> set[tuple[str, int]]:
        """Return which of these rows, by table and number, are not as their last entry has them.

        Needs no key, and does not check the entries: an entry that was edited breaks the chain.
        """
        keys = {(NUMBERS[table], row_id): (table, row_id) for table, row_id in rows if row_id}
        with self._database.translated() as connection, self._database.any_text():
            entries = connection.execute(_ROWS_FROM_THE_END)
            known = last_digests((content for (content,) in entries), keys)
            now = {each.key: each.digest for each in rows_now(connection, known)}
        return {keys[key] for key, digest in known.items() if now.get(key, GONE) != digest}

    def is_on_the_disk(self) -> None:
        """Bring the anchor to the end of the trail, which is on the disk by now."""
        self._alarm = None
        self.watch.vouched()
        if self.anchor is not None and not self._database.is_copy:
            number, mac = self._last
            self.anchor.write_head(number, mac.hex())

    def head(self) -> AuditHead:
        """Return the last entry as it is, unchecked."""
        rows = self._database.rows(_LAST)
        return AuditHead(rows[0]["id"], rows[0]["mac"].hex()) if rows else AuditHead(0, "")

    def entries(self) -> list[dict[str, object]]:
        """Return every entry as it is, oldest first: entry, at, action, subject."""
        rows = self._database.rows("SELECT id AS entry, at, action, subject FROM audit ORDER BY id")
        return [row | {"subject": self.subject(row["entry"], row["subject"])} for row in rows]

    def subject(self, number: int, sealed: bytes | str | None) -> str:
        """Return what an entry is about, in clear; StoreDamaged where that was changed."""
        if sealed is None:
            return ""
        try:
            return self._fields.open(AUDIT_SUBJECT.place(number), sealed).decode()
        except UnicodeDecodeError:
            raise damaged_record(f"entry {number} of the trail", self._database.path) from None

    def mac(
        self, before: bytes, number: int, at: str, action: str, subject: str, rows: bytes | None
    ) -> bytes:
        """Return the keyed hash of an entry; one that an older hht has made vouches for no rows."""
        if self._key is None:
            raise locked()
        text = "\0".join((str(number), at, action, subject)).encode()
        vouched = b"" if rows is None else b"\0rows\0" + rows
        return hmac.digest(self._key, before + text + vouched, "sha256")

    def _append(
        self, connection: sqlite3.Connection, action: str, subject: str, rows: bytes | None
    ) -> None:
        if self._last_holds_at != self._database.rollbacks:
            self._last = connection.execute(_LAST).fetchone() or (0, BEGINNING)
            self._last_holds_at = self._database.rollbacks
        before, number = self._last[1], self._last[0] + 1
        at = to_text(self._clock.now())
        mac = self.mac(before, number, at, action, subject, rows)
        sealed = self._fields.seal(AUDIT_SUBJECT.place(number), subject.encode())
        connection.execute(_APPEND, (number, at, action, sealed, rows, mac))
        self._last = (number, mac)
