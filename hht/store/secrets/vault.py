"""The vault: a PIN or passphrase unlocks the data key under which all secret fields are sealed."""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hht.store.errors import StoreLocked, StoreWiped, WrongPin
from hht.store.secrets.fields import KEY_BYTES, NONCE_BYTES

SHORTEST_PIN = 6
SALT_BYTES = 16
# Argon2id as RFC 9106 recommends where memory is short: 64 MiB, about a tenth of a second here.
MEMORY_KIB = 64 * 1024
PASSES = 3
LANES = 4
# The first mistakes are gloves; after them each wrong PIN doubles the wait.
FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Vault:
    """What is kept on the disk: the data key, wrapped; and how often a wrong PIN was tried.

    `wrapped` is empty once the key was wiped. `wipe_after` is None where the policy is never to.
    """

    salt: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    memory_kib: int = MEMORY_KIB
    passes: int = PASSES
    lanes: int = LANES
    failures: int = 0
    not_before: datetime | None = None
    wipe_after: int | None = None


@dataclass(frozen=True, slots=True)
class PinState:
    """Seconds until the next try may be made; how many are left before the wipe, None for ever."""

    wait_seconds: int
    tries_left: int | None


def pin_state(vault: Vault, now: datetime) -> PinState:
    """What whoever asks for the PIN can tell before it is entered."""
    wait = (vault.not_before - now).total_seconds() if vault.not_before else 0.0
    left = None if vault.wipe_after is None else max(0, vault.wipe_after - vault.failures)
    return PinState(max(0, math.ceil(wait)), left if vault.wrapped else 0)


def make_vault(pin: str, data_key: bytes, database_id: bytes, wipe_after: int | None) -> Vault:
    """Wrap a data key under a PIN; WrongPin when the PIN is too short to protect anything."""
    if len(pin) < SHORTEST_PIN:
        raise WrongPin(
            f"A PIN needs {SHORTEST_PIN} characters or more",
            remedy="Choose a longer one; a passphrase is better still.",
        )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    empty = Vault(salt=os.urandom(SALT_BYTES), wrapped=b"", wipe_after=wipe_after)
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_wrapping_key(empty, pin))
    return replace(empty, wrapped=nonce + cipher.encrypt(nonce, data_key, database_id))


def new_data_key() -> bytes:
    """A key that no PIN is part of, so a new PIN needs no field to be sealed again."""
    return os.urandom(KEY_BYTES)


def open_vault(
    vault: Vault, pin: str, database_id: bytes, now: datetime, save: Callable[[Vault], None]
) -> bytes:
    """The data key; WrongPin, StoreLocked while one has to wait, StoreWiped when it is gone.

    `save` must have a failure on the disk before it returns: each try is counted before it is
    judged, so pulling the battery gives nobody another one.
    """
    if vault.wrapped and _is_used_up(vault):
        vault = _wipe(vault, save)
    if not vault.wrapped:
        raise StoreWiped(
            "The data was made unreadable after too many wrong PINs",
            remedy="Restore a backup, or move the file away and begin anew.",
        )
    if vault.not_before is not None and now < vault.not_before:
        seconds = int((vault.not_before - now).total_seconds()) + 1
        raise StoreLocked(
            f"{vault.failures} wrong PINs were entered",
            remedy=f"Wait {seconds} seconds and try again.",
        )
    tried = _after_failure(vault, now)
    save(tried)
    data_key = _unwrap(vault, pin, database_id)
    if data_key is None:
        raise _wrong(_wipe(tried, save) if _is_used_up(tried) else tried)
    save(replace(vault, failures=0, not_before=None))
    return data_key


def _is_used_up(vault: Vault) -> bool:
    return vault.wipe_after is not None and vault.failures >= vault.wipe_after


def _wipe(vault: Vault, save: Callable[[Vault], None]) -> Vault:
    """Without the wrapped key nothing that was sealed can ever be read again."""
    wiped = replace(vault, wrapped=b"")
    save(wiped)
    return wiped


def _after_failure(vault: Vault, now: datetime) -> Vault:
    failures = vault.failures + 1
    doubled = timedelta(seconds=2 ** min(failures - FREE_FAILURES, 16))
    wait = min(doubled, LONGEST_WAIT) if failures >= FREE_FAILURES else None
    return replace(vault, failures=failures, not_before=now + wait if wait else None)


def _wrong(tried: Vault) -> WrongPin:
    if tried.wipe_after is None:
        return WrongPin("The PIN is wrong", remedy="Try again.")
    left = tried.wipe_after - tried.failures
    if left <= 0:
        return WrongPin(
            "The PIN is wrong, and the data is now unreadable", remedy="Restore a backup."
        )
    return WrongPin("The PIN is wrong", remedy=f"{left} more and the data becomes unreadable.")


def _unwrap(vault: Vault, pin: str, database_id: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = vault.wrapped[:NONCE_BYTES], vault.wrapped[NONCE_BYTES:]
    try:
        return AESGCM(_wrapping_key(vault, pin)).decrypt(nonce, rest, database_id)
    except InvalidTag:
        return None


def _wrapping_key(vault: Vault, pin: str) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=vault.salt,
        length=KEY_BYTES,
        iterations=vault.passes,
        lanes=vault.lanes,
        memory_cost=vault.memory_kib,
    )
    return kdf.derive(pin.encode())
