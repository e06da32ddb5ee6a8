"""The vault: a PIN or passphrase unlocks the data key under which all secret fields are sealed."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hht.clock import BootMoment
from hht.spans import counted
from hht.store.errors import StoreDamaged, StoreError, StoreLocked, StoreWiped, WrongPin
from hht.store.secrets.fields import KEY_BYTES
from hht.store.secrets.pin_strength import check_pin
from hht.store.secrets.pin_tries import UNTRIED, PinTries, whole_seconds
from hht.store.secrets.recovery import recovery_key
from hht.store.secrets.tpm import Tpm, TpmTrouble, tpm_missing
from hht.store.secrets.wrapping import WRAPPED_BYTES, derive, stretch, unwrap, wrap

SALT_BYTES = 16  # 128 bits, as RFC 9106 recommends for Argon2
# What a file may ask of us is some seconds at most: it must not keep its owner out. Less than
# 8 KiB a lane is no Argon2 (RFC 9106).
MOST_MEMORY_KIB = 256 * 1024
MOST_PASSES = 10
MOST_LANES = 16
LEAST_KIB_A_LANE = 8
_TPM_AUTH, _TPM_KEY = "hht TPM authorisation", "hht key with the TPM's part"


@dataclass(frozen=True, slots=True)
class PinCost:
    """What a try of the PIN costs, by Argon2id; the vault keeps the cost it was made with.

    The default is what RFC 9106 recommends where memory is short: about a tenth of a second.
    """

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


FIELD_COST = PinCost()


@dataclass(frozen=True, slots=True)
class Vault:
    """What is kept on the disk: the data key, wrapped; and how often a PIN was tried.

    `wrapped` is empty once the key was wiped. `wipe_after` is None where the policy is never to.
    `tpm` is by what a TPM knows its part of the key, empty where it has none; `recovery` the data
    key wrapped under the code for when that TPM is gone.
    """

    salt: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    memory_kib: int = FIELD_COST.memory_kib
    passes: int = FIELD_COST.passes
    lanes: int = FIELD_COST.lanes
    wipe_after: int | None = None
    tpm: bytes = field(default=b"", repr=False)
    recovery: bytes = field(default=b"", repr=False)
    tries: PinTries = UNTRIED


@dataclass(frozen=True, slots=True)
class PinState:
    """Seconds until the next try may be made; how many are left before the wipe, None for ever."""

    wait_seconds: int
    tries_left: int | None


def pin_state(vault: Vault, now: BootMoment) -> PinState:
    """Return the tries left and the wait before the next PIN attempt."""
    left = None if vault.wipe_after is None else max(0, vault.wipe_after - vault.tries.failures)
    wait = whole_seconds(vault.tries.settled(now).wait_left(now))
    return PinState(wait, left if vault.wrapped else 0)


def make_vault(
    pin: str,
    data_key: bytes,
    database_id: bytes,
    wipe_after: int | None,
    cost: PinCost,
    tpm: Tpm | None = None,
    recovery_code: str = "",
) -> Vault:
    """Wrap a data key under a PIN, with a part of the key in the TPM where one is given.

    WrongPin when the PIN would protect nothing, TpmTrouble when the TPM cannot be used.
    """
    check_pin(pin)
    salt = os.urandom(SALT_BYTES)
    made = Vault(salt, b"", cost.memory_kib, cost.passes, cost.lanes, wipe_after)
    key = stretch(pin, made)
    if tpm is not None:
        part = os.urandom(KEY_BYTES)
        made = replace(made, tpm=tpm.seal(part, derive(key, _TPM_AUTH)))
        key = derive(key + part, _TPM_KEY)
    made = replace(made, wrapped=wrap(key, data_key, database_id))
    by_code = recovery_key(recovery_code)
    return replace(made, recovery=wrap(by_code, data_key, database_id)) if by_code else made


def new_data_key() -> bytes:
    """Return a key that no PIN is part of, so a new PIN needs no field to be sealed again."""
    return os.urandom(KEY_BYTES)


def open_vault(
    vault: Vault,
    pin: str,
    database_id: bytes,
    now: BootMoment,
    save: Callable[[Vault], None],
    tpm: Tpm | None = None,
) -> bytes:
    """Return the data key; WrongPin, StoreLocked while one has to wait, StoreWiped when it is gone.

    `save` must have what it is given on the disk before it returns, or raise: a try that cannot
    be kept as begun is not made, so pulling the battery does not give another one. TpmTrouble
    where the TPM that has a part of the key cannot be asked; that counts as no try.
    """
    _check_wiped(vault)
    _check_record(vault)
    vault = replace(vault, tries=vault.tries.settled(now))
    if vault.tries.wait_left(now):
        raise _must_wait(vault, now, save)
    save(replace(vault, tries=vault.tries.begin()))
    try:
        data_key = _unwrap(vault, pin, database_id, tpm)
    except (StoreLocked, TpmTrouble):  # nothing was judged, so nothing is counted
        save(vault)
        raise
    if data_key is None:
        raise _wrong(_failed(vault, now, save))
    with contextlib.suppress(StoreError):  # on a disk that became full the right PIN opens too
        save(replace(vault, tries=UNTRIED))
    return data_key


def _must_wait(vault: Vault, now: BootMoment, save: Callable[[Vault], None]) -> StoreLocked:
    """Keep what is left of the wait, and say how long that is."""
    left = counted(whole_seconds(vault.tries.wait_left(now)), "second")
    save(replace(vault, tries=vault.tries.resumed(now)))
    return StoreLocked(_strikes(vault.tries), remedy=f"Wait {left} and try again.")


def _strikes(tries: PinTries) -> str:
    """Say what the wait is for."""
    wrong, broken = tries.failures, tries.interrupted
    said = (
        f"{counted(wrong, 'wrong PIN was', 'wrong PINs were')} entered" if wrong else "",
        f"{counted(broken, 'try of the PIN was', 'tries of the PIN were')} broken off"
        if broken
        else "",
    )
    return " and ".join(filter(None, said))


def _failed(vault: Vault, now: BootMoment, save: Callable[[Vault], None]) -> Vault:
    """Settle a try as wrong; without the wrapped key nothing can ever be read again."""
    failed = replace(vault, tries=vault.tries.failed(now))
    if failed.wipe_after is not None and failed.tries.failures >= failed.wipe_after:
        failed = replace(failed, wrapped=b"", tpm=b"", recovery=b"")
    save(failed)
    return failed


def _check_wiped(vault: Vault) -> None:
    if not vault.wrapped:
        raise StoreWiped(
            "The data was made unreadable after too many wrong PINs",
            remedy="Restore a backup, or move the file away and begin again.",
        )


def _check_record(vault: Vault) -> None:
    """Refuse a key or a cost that was not made here, without counting the try."""
    if len(vault.salt) < SALT_BYTES or len(vault.wrapped) < WRAPPED_BYTES:
        raise StoreDamaged(
            "The record of the PIN was changed in the database",
            where="vault",
            remedy="Restore the last backup.",
        )
    least = LEAST_KIB_A_LANE * vault.lanes
    if (
        1 <= vault.lanes <= MOST_LANES
        and 1 <= vault.passes <= MOST_PASSES
        and least <= vault.memory_kib <= MOST_MEMORY_KIB
    ):
        return
    raise StoreDamaged(
        "What a try of the PIN costs was changed in the database",
        where="vault",
        remedy="Restore the last backup.",
    )


def _wrong(tried: Vault) -> WrongPin:
    if tried.wipe_after is None:
        return WrongPin("The PIN is wrong", remedy="Try again.")
    if not tried.wrapped:
        return WrongPin(
            "The PIN is wrong, and the data is now unreadable", remedy="Restore a backup."
        )
    left = tried.wipe_after - tried.tries.failures
    return WrongPin("The PIN is wrong", remedy=f"{left} more and the data becomes unreadable.")


def _unwrap(vault: Vault, pin: str, database_id: bytes, tpm: Tpm | None) -> bytes | None:
    """Return the data key by the PIN, or by the recovery code where a TPM has a part of the key."""
    by_code = recovery_key(pin) if vault.recovery else None
    data_key = unwrap(by_code, vault.recovery, database_id) if by_code else None
    if data_key is not None:
        return data_key
    key = stretch(pin, vault)
    if vault.tpm:
        if tpm is None:
            raise tpm_missing()
        part = tpm.unseal(vault.tpm, derive(key, _TPM_AUTH))
        if part is None:
            return None
        key = derive(key + part, _TPM_KEY)
    return unwrap(key, vault.wrapped, database_id)
