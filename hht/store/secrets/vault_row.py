"""The vault's row: what is kept of PIN and tries, in the database and beside it in the anchor."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

from hht.clock import Clock
from hht.store.audit.anchor import Anchored
from hht.store.audit.trail import COUNTERS_CHANGED, COUNTERS_PUT_BACK, Audit
from hht.store.audit.watch import digest_of
from hht.store.core import Repository, StoreCore, Transaction
from hht.store.errors import StoreError, StoreFull, StoreReadOnly
from hht.store.secrets.pin_tries import PinTries, waiting
from hht.store.secrets.vault import Vault
from hht.store.sqlite.timestamps import to_text

_TRIES = tuple(PinTries.__slots__)
_KEYS = ("wrapped", "tpm", "recovery")
_FIXED = ("salt", *_KEYS, "memory_kib", "passes", "lanes", "wipe_after")
_COLUMNS = (*_FIXED, *_TRIES)
_SAVE = f"""
    INSERT INTO vault (id, {", ".join(_COLUMNS)}) VALUES (1, {", ".join(f":{n}" for n in _COLUMNS)})
    ON CONFLICT DO UPDATE SET {", ".join(f"{n} = excluded.{n}" for n in _COLUMNS)}"""
_SETTLE = f"UPDATE vault SET {', '.join(f'{n} = :{n}' for n in (*_KEYS, *_TRIES))}"
_INSERT_TRY = "INSERT INTO pin_tries (at, outcome) VALUES (?, ?)"
_RECORDED = "SELECT at, outcome FROM pin_tries ORDER BY id"
_STEP_WITH_TRIES = 8  # of the schema: nothing reported what an older hht has counted
WRONG, BROKEN_OFF, WIPED = "wrong PIN", "try of the PIN broken off", "data made unreadable"
_OUTCOMES = (WRONG, BROKEN_OFF, WIPED, COUNTERS_PUT_BACK, COUNTERS_CHANGED)
_DIGEST_DIGITS = 16  # 64 bits: to hit them by trying, the anchor would have to be asked each time

_Tries = tuple[tuple[str, str], ...]
"""How tries ended, for the trail: when, and what it calls that."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the database has of the tries: their count, and how those ended that the trail lacks."""

    tries: PinTries
    recorded: _Tries = ()

    @property
    def digest(self) -> str:
        tries = replace(
            self.tries, wait=float(self.tries.wait), wait_from=float(self.tries.wait_from)
        )
        return _digest((*astuple(tries), *self.recorded))

    @property
    def recorded_digest(self) -> str:
        return _digest(self.recorded)


class VaultRow(Repository):
    """The vault's row, and what the trail is to record of the time when it was locked."""

    def __init__(self, core: StoreCore) -> None:
        super().__init__(core)
        self._held: Vault | None = None
        self._in_file: _Counted | None = None

    def read(self) -> Vault | None:
        """Return the vault as it is; None where no PIN was set."""
        if self._held is not None:
            return self._held
        rows = self._core.rows(f"SELECT {', '.join(_COLUMNS)} FROM vault")
        return _vault(rows[0]) if rows else None

    def begin(self) -> None:
        """Go on with a wait after a restart, and find out whether what was counted was changed."""
        vault = self.read()
        if vault is None:
            return
        self._in_file = _Counted(vault.tries, self._recorded())
        tries, alarm = self._judged(self._in_file)
        now = self._core.clock.boot_moment()
        resumed = replace(vault, tries=tries.settled(now).resumed(now))
        if resumed == vault and not alarm:
            return
        new = self._dated([alarm] if alarm else _outcomes(vault, resumed))
        after = self._with(resumed.tries, new)
        self._anchor(after)
        try:
            self._settle(resumed, new)
            self._settled_in_file(after)
        except StoreError:
            self._held = resumed  # a card that cannot be written: until the program ends

    def save(self, change: Transaction, vault: Vault) -> None:
        """Keep a vault that was made again; `saved` is to be called once that is on the disk."""
        self._held = None
        change.execute(_SAVE, _row(vault))

    def save_tries(self, vault: Vault) -> None:
        """Keep what is counted against the PIN; it is on the disk when this returns.

        StoreFull or StoreReadOnly where a try that begins cannot be kept: then it is not made.
        """
        before = self.read()
        new = self._dated(_outcomes(before, vault))
        after = self._with(vault.tries, new)
        # First, so that no file can count what the anchor does not: that was put into it.
        if not self._anchor(after) and self._core.database.is_copy:
            raise StoreReadOnly(
                "Neither card nor state folder can be written, so no try of the PIN is made",
                where=str(self._core.database.path),
                remedy="Make one of them writable.",
            )
        try:
            self.write_tries(before, vault, new)
        except (StoreFull, StoreReadOnly) as error:
            if before and vault.tries.begun:
                self._anchor(self._with(before.tries))
            raise type(error)(
                f"{error.what}, so no try of the PIN can be counted and none is made",
                where=error.where,
                remedy=error.remedy,
            ) from None
        self._settled_in_file(after)

    def write_tries(self, before: Vault | None, vault: Vault, new: _Tries) -> None:
        database = self._core.database
        self._core.space.lend_reserve(database.keep_wal_short)
        try:
            self._settle(vault, new)
        except StoreFull:
            # What a try was begun with has room in the file: once it is there, the WAL's is free
            # for how the try ended. Else the right PIN would count as broken off.
            database.keep_wal_short()
            self._settle(vault, new)
        if self._held is not None:
            self._held = vault
        if before and before.wrapped and not vault.wrapped:
            database.empty_wal()

    def _settle(self, vault: Vault, new: _Tries) -> None:
        with self._core.database.transaction() as connection:
            connection.execute(_SETTLE, _row(vault))
            connection.executemany(_INSERT_TRY, new)

    def are_tries_hidden(self) -> bool:
        """Return whether tries were counted that no record shows: it was taken out."""
        vault = self.read()
        recorded = Counter(outcome for _, outcome in self._recorded())
        if (
            vault is None
            or self._held is not None
            or recorded[COUNTERS_PUT_BACK] + recorded[COUNTERS_CHANGED]
        ):
            return False  # what could not be written, or was put back, is counted and not recorded
        if (self._audit.step_of_last or 0) < _STEP_WITH_TRIES:
            return False
        return (
            recorded[WRONG] < vault.tries.failures or recorded[BROKEN_OFF] < vault.tries.interrupted
        )

    def record_in_trail(self, *, are_hidden: bool) -> None:
        """Move the tries that ended while the trail had no key into it."""
        recorded, vault = self._recorded(), self.read()
        is_changed = self._is_changed_beside_us(recorded)
        if vault is None or not (recorded or are_hidden or is_changed):
            return
        after = _Counted(vault.tries)
        self._anchor(after)
        with self._core.transaction() as change:
            for at, outcome in recorded:
                # One who cannot write an entry could have one written here.
                change.note(outcome if outcome in _OUTCOMES else COUNTERS_CHANGED, f"at {at}")
            if are_hidden:
                change.note(COUNTERS_PUT_BACK, "tries of the PIN are counted that nothing tells of")
            if is_changed:
                change.note(COUNTERS_CHANGED, "how tries ended was changed while they were made")
            change.execute("DELETE FROM pin_tries")
        self._settled_in_file(after)

    def _is_changed_beside_us(self, recorded: _Tries) -> bool:
        if self._core.database.is_copy or self._held is not None:
            return False  # the file is behind what is known
        return self._in_file is not None and recorded != self._in_file.recorded

    def _judged(self, found: _Counted) -> tuple[PinTries, str]:
        """Return what counts, and how the trail calls it where that is not as it was written.

        It was written after the anchor: as that has it or, if the power went between the two, as
        the anchor says that it was before.
        """
        anchor, tries = self._audit.anchor, found.tries
        held = anchor.read() if anchor else None
        if anchor is None or held is None:
            return tries, ""
        is_less = tries.strikes < held.tries.strikes
        if not held.row or anchor.is_of_copy or not anchor.can_be_kept:
            return (
                (put_back(tries, held, self._core.clock), COUNTERS_PUT_BACK)
                if is_less
                else (tries, "")
            )
        if not held.told:  # an older hht's, which had no digest of what is recorded
            found = _Counted(tries)
        is_after = tries == held.tries and held.told in ("", found.recorded_digest)
        if is_after or found.digest == held.row:
            return held.tries, ""
        alarm = COUNTERS_PUT_BACK if is_less else COUNTERS_CHANGED
        return put_back(tries, held, self._core.clock), alarm

    def _anchor(self, after: _Counted) -> bool:
        """Keep the count beside the database, before it is kept there; False where it cannot be."""
        anchor, before = self._audit.anchor, self._in_file
        if anchor is None:
            return False
        if before is None or anchor.is_of_copy:
            return anchor.write_tries(after.tries)
        return anchor.write_tries(after.tries, before.digest, after.recorded_digest)

    def saved(self, vault: Vault) -> None:
        """Note that a vault which was made again is on the disk."""
        self._settled_in_file(self._with(vault.tries))

    def _settled_in_file(self, after: _Counted) -> None:
        """Let the anchor know that nothing before this is in the file any more.

        A copy in memory leaves the file as it is. A try that has begun is settled soon.
        """
        if self._core.database.is_copy:
            return
        self._in_file = after
        if not after.tries.begun:
            self._anchor(after)

    def _with(self, tries: PinTries, new: _Tries = ()) -> _Counted:
        """Return what the database is to have next: not what somebody else has put into it."""
        recorded = self._in_file.recorded if self._in_file else self._recorded()
        return _Counted(tries, recorded + new)

    def _recorded(self) -> _Tries:
        return tuple((row["at"], row["outcome"]) for row in self._core.rows(_RECORDED))

    def _dated(self, outcomes: Iterable[str]) -> _Tries:
        now = to_text(self._core.clock.now())
        return tuple((now, outcome) for outcome in outcomes)

    @property
    def _audit(self) -> Audit:
        return self._core.audit


def put_back(tries: PinTries, held: Anchored, clock: Clock) -> PinTries:
    """Return what counts where the row is not as it was written: the more of each, the wait."""
    failures = max(tries.failures, held.failures)
    interrupted = max(tries.interrupted + tries.begun, held.interrupted + held.begun)
    return waiting(failures, interrupted, clock.boot_moment())


def _digest(values: tuple[object, ...]) -> str:
    return digest_of(values).hex()[:_DIGEST_DIGITS]


def _outcomes(before: Vault | None, after: Vault) -> list[str]:
    """Return what the trail is to hold of a step from one count to the next."""
    if before is None or not after.tries.strikes:
        return []
    recorded = [WRONG] * max(0, after.tries.failures - before.tries.failures)
    recorded += [BROKEN_OFF] * max(0, after.tries.interrupted - before.tries.interrupted)
    return recorded + [WIPED] * (bool(before.wrapped) and not after.wrapped)


def _vault(row: dict[str, Any]) -> Vault:
    tries = PinTries(**{name: row.pop(name) for name in _TRIES})
    return Vault(**row, tries=tries)


def _row(vault: Vault) -> dict[str, Any]:
    row = asdict(vault)
    tries: dict[str, Any] = row.pop("tries")
    return row | tries
