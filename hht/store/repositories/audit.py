"""The audit trail: every change in one chain, each entry under a keyed hash over all before it."""

import hmac
import os
import sqlite3
from dataclasses import dataclass

from hht.clock import Clock
from hht.store.secrets.fields import AUDIT_KEY, Fields, locked
from hht.store.sqlite.database import Database
from hht.store.sqlite.timestamps import to_text

KEY_BYTES = 32
BEGINNING = bytes(32)
_LAST = "SELECT id, mac FROM audit ORDER BY id DESC LIMIT 1"
_APPEND = "INSERT INTO audit (id, at, action, subject, mac) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last entry: how many there are, and the hash (hex) that stands for all of them."""

    entries: int
    mac: str


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a check of the chain found; `broken_at` is the first entry that does not fit."""

    head: AuditHead
    broken_at: int | None = None
    head_found: bool = True

    @property
    def holds(self) -> bool:
        """Whether every entry fits the one before it, and the asked-for head is among them."""
        return self.broken_at is None and self.head_found


class Audit:
    """The trail of one database. Its key is a sealed field, so no entry is made while locked.

    Without a PIN the key lies in the same file: then the chain shows damage and careless editing,
    not an attacker who recomputes it. A head that was exported before shows that too. The last
    entry is kept at hand, since nobody else writes to the file: after a rollback it is read again,
    and the table refuses an entry whose number is there already.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._key: bytes | None = None
        self._last = (0, BEGINNING)
        self._last_holds_at = -1

    def new_key(self, fields: Fields) -> bytes:
        """Make the key of a new database, sealed for its place."""
        return fields.seal(AUDIT_KEY.place(1), os.urandom(KEY_BYTES))

    def forget_key(self) -> None:
        """Lock: no entry can be made or checked any more."""
        self._key = None

    def load_key(self, fields: Fields) -> None:
        """Take the key again, once the fields can be read."""
        sealed = self._database.value("SELECT secret FROM audit_key")
        self._key = fields.open(AUDIT_KEY.place(1), sealed)

    def append(self, connection: sqlite3.Connection, action: str, subject: str) -> None:
        """Add an entry inside the caller's transaction; `subject` must not hold a secret."""
        if self._last_holds_at != self._database.rollbacks:
            self._last = connection.execute(_LAST).fetchone() or (0, BEGINNING)
            self._last_holds_at = self._database.rollbacks
        number, before = self._last
        at = to_text(self._clock.now())
        mac = self._mac(before, number + 1, at, action, subject)
        connection.execute(_APPEND, (number + 1, at, action, subject, mac))
        self._last = (number + 1, mac)

    def head(self) -> AuditHead:
        """The last entry as it stands, unchecked."""
        rows = self._database.rows(_LAST)
        return AuditHead(rows[0]["id"], rows[0]["mac"].hex()) if rows else AuditHead(0, "")

    def entries(self) -> list[dict[str, object]]:
        """Every entry as it stands, oldest first: entry, at, action, subject."""
        return self._database.rows("SELECT id AS entry, at, action, subject FROM audit ORDER BY id")

    def verify(self, head: str = "") -> AuditVerdict:
        """Compute the whole chain again; `head` is one from an export, which must be in it."""
        before, found = BEGINNING, not head
        for count, row in enumerate(self._database.rows("SELECT * FROM audit ORDER BY id"), 1):
            mac = self._mac(before, count, row["at"], row["action"], row["subject"])
            if row["id"] != count or not hmac.compare_digest(mac, row["mac"]):
                return AuditVerdict(self.head(), broken_at=row["id"], head_found=found)
            found = found or mac.hex() == head.lower()
            before = mac
        return AuditVerdict(self.head(), head_found=found)

    def _mac(self, before: bytes, number: int, at: str, action: str, subject: str) -> bytes:
        if self._key is None:
            raise locked()
        text = "\0".join((str(number), at, action, subject)).encode()
        return hmac.digest(self._key, before + text, "sha256")
