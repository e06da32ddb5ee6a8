"""Protection at rest: the PIN that opens the store, the lock, and the change of keys."""

from collections.abc import Iterable

from hht.store.audit.trail import ROWS_RECORDED
from hht.store.core import Repository, StoreCore, Transaction
from hht.store.errors import StoreDamaged, StoreError
from hht.store.secrets.fields import (
    SEALED_COLUMNS,
    SEALED_SINCE_STEP_8,
    Fields,
    LockedFields,
    PlainFields,
    SealedColumn,
    SealedFields,
)
from hht.store.secrets.recovery import new_recovery_code, recovery_key
from hht.store.secrets.tpm import Tpm, find_tpm
from hht.store.secrets.vault import (
    PinCost,
    PinState,
    Vault,
    make_vault,
    new_data_key,
    open_vault,
    pin_state,
)
from hht.store.secrets.vault_row import VaultRow
from hht.store.sqlite.migrations import STEPS

_STEP_THAT_SEALS_MORE = 8  # of the schema: what SEALED_SINCE_STEP_8 lists was clear before


class Protection(Repository):
    """The vault of one database. Training data has none: a trainee's PIN would protect nothing."""

    def __init__(self, core: StoreCore, pin_cost: PinCost) -> None:
        super().__init__(core)
        self._pin_cost = pin_cost
        self.row = VaultRow(core)
        self._had_no_trail = False

    @property
    def is_protected(self) -> bool:
        """Whether a PIN was set."""
        return self.row.read() is not None

    @property
    def is_locked(self) -> bool:
        """Whether the PIN must be entered before anything secret can be read or kept."""
        return isinstance(self._core.fields, LockedFields)

    @property
    def has_tpm_part(self) -> bool:
        """Whether a part of the key is in a TPM."""
        vault = self.row.read()
        return bool(vault and vault.tpm)

    def protect(self, pin: str, *, wipe_after: int | None = None, tpm: Tpm | None = None) -> str:
        """Set the first PIN: everything secret is sealed, and the plain bytes leave the file.

        `wipe_after` wrong PINs in a row make the data unreadable for ever; None never does. With
        a `tpm` a part of the key is there, and the recovery code for when it is gone is returned,
        to be shown once; else an empty text. TpmTrouble, and no PIN, where it cannot be used.
        """
        if self.is_protected:
            raise StoreError(
                "A PIN is set already", where=self._where, remedy="Change it instead of setting it."
            )
        return self._seal_under_new_key(pin, wipe_after, "protected", tpm)

    def unlock(self, pin: str) -> None:
        """Open with the PIN; WrongPin, StoreLocked while one has to wait, StoreWiped."""
        are_hidden = self.row.are_tries_hidden()
        self._use(SealedFields(self._data_key(pin), self._database_id()))
        self.row.record_in_trail(are_hidden=are_hidden)

    def pin_state(self) -> PinState:
        """Return how long to wait for the next try of the PIN, and how many are left."""
        vault = self.row.read()
        return pin_state(vault, self._core.clock.boot_moment()) if vault else PinState(0, None)

    def lock(self) -> bool:
        """Forget the keys; False where no PIN is set. Nothing can be captured until `unlock`."""
        if not self.is_protected:
            return False
        self._core.fields = LockedFields()
        self._core.audit.forget_key()
        return True

    def change_pin(self, old: str, new: str, *, tpm: Tpm | None = None) -> str:
        """Wrap the same data key under another PIN; as `protect` with a TPM.

        The recovery code before is void. `old` may be that code, where the TPM is gone.
        """
        data_key = self._data_key(old)
        vault = self.row.read()
        wipe_after = vault.wipe_after if vault else None
        self._use(SealedFields(data_key, self._database_id()))
        changed, code = self._vault_of(new, data_key, wipe_after, tpm)
        with self._core.transaction() as change:
            self.row.save(change, changed)
            change.note("pin changed", "")
        self.row.saved(changed)
        self._core.database.empty_wal()
        return code

    def change_keys(self, pin: str, *, tpm: Tpm | None = None) -> str:
        """Seal everything again under a new data key: for when the old one may be known.

        As `protect` with a TPM.
        """
        vault = self.row.read()
        if vault and vault.recovery and recovery_key(pin):
            raise StoreError(
                "The recovery code cannot be the PIN of new keys",
                remedy="Set a new PIN first: 'hht pin change'.",
            )
        self.unlock(pin)
        wipe_after = vault.wipe_after if vault else None
        return self._seal_under_new_key(pin, wipe_after, "keys changed", tpm)

    def _seal_under_new_key(
        self, pin: str, wipe_after: int | None, action: str, tpm: Tpm | None
    ) -> str:
        data_key = new_data_key()
        vault, code = self._vault_of(pin, data_key, wipe_after, tpm)
        new = SealedFields(data_key, self._database_id())
        try:
            with self._core.transaction() as change:
                _seal_again(change, self._core.fields, new)
                self.row.save(change, vault)
                change.note(action, "")
                self._core.audit.seal_with(new)
        except BaseException:
            self._core.audit.seal_with(self._core.fields)
            raise
        self.row.saved(vault)
        self._use(new)
        self._core.database.empty_wal()
        return code

    def _vault_of(
        self, pin: str, data_key: bytes, wipe_after: int | None, tpm: Tpm | None
    ) -> tuple[Vault, str]:
        """Return the new record of the PIN, and the recovery code where a TPM has a part of the
        key."""
        code = new_recovery_code() if tpm else ""
        vault = make_vault(
            pin, data_key, self._database_id(), wipe_after, self._pin_cost, tpm, code
        )
        return vault, code

    def _data_key(self, pin: str) -> bytes:
        vault = self._vault_with_pin()
        now = self._core.clock.boot_moment()
        tpm = find_tpm() if vault.tpm else None
        return open_vault(vault, pin, self._database_id(), now, self.row.save_tries, tpm)

    def _vault_with_pin(self) -> Vault:
        vault = self.row.read()
        if vault is None:
            raise StoreError("No PIN is set", where=self._where, remedy="Set one first.")
        return vault

    def _use(self, fields: Fields) -> None:
        self._core.fields = fields
        self._core.audit.load_key(fields)
        self._bring_up_to_date(fields)

    def _bring_up_to_date(self, fields: Fields) -> None:
        """Seal what an older hht left in clear, and vouch for rows that a step has rewritten."""
        step = self._core.audit.step_of_last
        if step is None and self._had_no_trail:
            step = 0
        if self._core.database.is_read_only:
            return
        if step is None or step >= len(STEPS):
            self._core.audit.take_up_late()
            return
        with self._core.transaction() as change:
            if isinstance(fields, SealedFields) and step < _STEP_THAT_SEALS_MORE:
                _seal_again(change, PlainFields(), fields, SEALED_SINCE_STEP_8)
            change.vouch_for_everything()
            change.note(ROWS_RECORDED, f"step {len(STEPS)}")
        self._core.database.empty_wal()

    def start(self) -> None:
        """Find out whether a PIN is needed; give a new database its identity and its audit key."""
        if self._core.value("SELECT COUNT(*) FROM audit_key") == 0:
            self._refuse_without_key()
            self._had_no_trail = bool(self._core.value("SELECT COUNT(*) FROM jobs"))
            with self._core.transaction() as change:
                change.execute("INSERT INTO meta VALUES ('database_id', randomblob(16))")
                sealed = self._core.audit.new_key(self._core.fields)
                change.execute("INSERT INTO audit_key (id, secret) VALUES (1, ?)", (sealed,))
        self._core.audit.hold_to_anchor(self._database_id())
        if self.is_protected:
            self._core.fields = LockedFields()
            self._core.audit.forget_key()
            if not self._core.database.is_read_only:
                self.row.begin()
            return
        if self._core.audit.is_key_sealed:
            raise StoreDamaged(
                "The record of the PIN was taken out of the database",
                where=self._where,
                remedy="Leave the file as it is and restore the last backup.",
            )
        self._use(PlainFields())

    def _refuse_without_key(self) -> None:
        """Raise StoreDamaged where there was a key: then the database was named, or has entries."""
        named = "EXISTS (SELECT 1 FROM meta WHERE name = 'database_id')"
        if self._core.value(f"SELECT {named} OR EXISTS (SELECT 1 FROM audit)"):
            raise StoreDamaged(
                "The key of the audit trail was taken out of the database",
                where=self._where,
                remedy="Leave the file as it is and restore the last backup.",
            )

    def _database_id(self) -> bytes:
        identity = self._core.value("SELECT value FROM meta WHERE name = 'database_id'")
        if not isinstance(identity, bytes):
            raise StoreDamaged(
                "What the database is was taken out of it",
                where=self._where,
                remedy="Leave the file as it is and restore the last backup.",
            )
        return identity

    @property
    def _where(self) -> str:
        return str(self._core.database.path)


def _seal_again(
    change: Transaction,
    old: Fields,
    new: Fields,
    columns: Iterable[SealedColumn] = SEALED_COLUMNS,
) -> None:
    """Seal every secret field of every row again, one at a time, from one key to the other."""
    for column in columns:
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
