"""Protection at rest: the PIN that opens the store, the lock, and the change of keys."""

from dataclasses import asdict
from datetime import datetime

from hht.store.core import Repository, Transaction
from hht.store.errors import StoreError
from hht.store.secrets.fields import SEALED_COLUMNS, Fields, LockedFields, PlainFields, SealedFields
from hht.store.secrets.vault import (
    PinState,
    Vault,
    make_vault,
    new_data_key,
    open_vault,
    pin_state,
)
from hht.store.sqlite.timestamps import from_text, to_text

_SAVE = """
    INSERT INTO vault
        (id, salt, wrapped, memory_kib, passes, lanes, failures, not_before, wipe_after)
    VALUES (1, :salt, :wrapped, :memory_kib, :passes, :lanes, :failures, :not_before, :wipe_after)
    ON CONFLICT DO UPDATE SET salt = excluded.salt, wrapped = excluded.wrapped,
        memory_kib = excluded.memory_kib, passes = excluded.passes, lanes = excluded.lanes,
        failures = excluded.failures, not_before = excluded.not_before,
        wipe_after = excluded.wipe_after"""


class Protection(Repository):
    """The vault of one database. Training data has none: a trainee's PIN would protect nothing."""

    @property
    def is_protected(self) -> bool:
        """Whether a PIN was set."""
        return self._vault() is not None

    @property
    def is_locked(self) -> bool:
        """Whether the PIN must be entered before anything secret can be read or kept."""
        return isinstance(self._core.fields, LockedFields)

    def protect(self, pin: str, *, wipe_after: int | None = None) -> None:
        """Set the first PIN: everything secret is sealed, and the plain bytes leave the file.

        `wipe_after` wrong PINs in a row make the data unreadable for ever; None never does.
        """
        if self.is_protected:
            raise StoreError(
                "A PIN is set already", where=self._where, remedy="Change it instead of setting it."
            )
        self._seal_under_new_key(pin, wipe_after, "protected")

    def unlock(self, pin: str) -> None:
        """Open with the PIN; WrongPin, StoreLocked while one has to wait, StoreWiped."""
        self._use(SealedFields(self._data_key(pin), self._database_id()))

    def pin_state(self) -> PinState:
        """How long to wait for the next try of the PIN, and how many are left."""
        vault = self._vault()
        return pin_state(vault, self._core.clock.now()) if vault else PinState(0, None)

    def lock(self) -> bool:
        """Forget the keys; False where no PIN is set. Nothing can be captured until `unlock`."""
        if not self.is_protected:
            return False
        self._core.fields = LockedFields()
        self._core.audit.forget_key()
        return True

    def change_pin(self, old: str, new: str) -> None:
        """Wrap the same data key under another PIN."""
        data_key = self._data_key(old)
        vault = self._vault()
        wipe_after = vault.wipe_after if vault else None
        self._use(SealedFields(data_key, self._database_id()))
        with self._core.transaction() as change:
            _save(change, make_vault(new, data_key, self._database_id(), wipe_after))
            change.note("pin changed", "")
        self._core.database.empty_wal()

    def change_keys(self, pin: str) -> None:
        """Seal everything again under a new data key: for when the old one may be known."""
        self.unlock(pin)
        vault = self._vault()
        self._seal_under_new_key(pin, vault.wipe_after if vault else None, "keys changed")

    def _seal_under_new_key(self, pin: str, wipe_after: int | None, action: str) -> None:
        data_key = new_data_key()
        vault = make_vault(pin, data_key, self._database_id(), wipe_after)
        new = SealedFields(data_key, self._database_id())
        with self._core.transaction() as change:
            _seal_again(change, self._core.fields, new)
            _save(change, vault)
            change.note(action, "")
        self._use(new)
        self._core.database.empty_wal()

    def _data_key(self, pin: str) -> bytes:
        vault = self._vault()
        if vault is None:
            raise StoreError("No PIN is set", where=self._where, remedy="Set one first.")
        return open_vault(vault, pin, self._database_id(), self._core.clock.now(), self._save_try)

    def _save_try(self, vault: Vault) -> None:
        with self._core.transaction() as change:
            _save(change, vault)
        if not vault.wrapped:
            self._core.database.empty_wal()

    def _use(self, fields: Fields) -> None:
        self._core.fields = fields
        self._core.audit.load_key(fields)

    def start(self) -> None:
        """Find out whether a PIN is needed; give a new database its identity and its audit key."""
        if self.is_protected:
            self._core.fields = LockedFields()
            return
        if self._core.value("SELECT COUNT(*) FROM audit_key") == 0:
            with self._core.transaction() as change:
                change.execute("INSERT INTO meta VALUES ('database_id', randomblob(16))")
                sealed = self._core.audit.new_key(self._core.fields)
                change.execute("INSERT INTO audit_key (id, secret) VALUES (1, ?)", (sealed,))
        self._use(PlainFields())

    def _vault(self) -> Vault | None:
        rows = self._core.rows(f"SELECT {', '.join(Vault.__slots__)} FROM vault")
        if not rows:
            return None
        waits = rows[0]["not_before"]
        return Vault(**rows[0] | {"not_before": from_text(waits) if waits else None})

    def _database_id(self) -> bytes:
        return bytes(self._core.value("SELECT value FROM meta WHERE name = 'database_id'"))

    @property
    def _where(self) -> str:
        return str(self._core.database.path)


def _save(change: Transaction, vault: Vault) -> None:
    waits: datetime | None = vault.not_before
    change.execute(_SAVE, asdict(vault) | {"not_before": to_text(waits) if waits else None})


def _seal_again(change: Transaction, old: Fields, new: Fields) -> None:
    """Every secret field of every row, one at a time, from one key to the other."""
    for column in SEALED_COLUMNS:
        table, name = column.table, column.column
        rows = change.execute(f"SELECT rowid FROM {table} WHERE {name} IS NOT NULL").fetchall()
        for (row_id,) in rows:
            row_key, sealed = change.execute(
                f"SELECT {column.row_key}, {name} FROM {table} WHERE rowid = ?", (row_id,)
            ).fetchone()
            place = column.place(row_key)
            change.execute(
                f"UPDATE {table} SET {name} = ? WHERE rowid = ?",
                (new.seal(place, old.open(place, sealed)), row_id),
            )
