"""How a data key is kept: wrapped under a key that is made from a PIN, with a TPM's part or not."""

import os
from typing import Protocol

from hht.store.secrets.fields import KEY_BYTES, NONCE_BYTES

WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + 16  # with the tag of GCM


class Stretch(Protocol):
    """What Argon2id is given beside the PIN."""

    @property
    def salt(self) -> bytes: ...

    @property
    def memory_kib(self) -> int: ...

    @property
    def passes(self) -> int: ...

    @property
    def lanes(self) -> int: ...


def stretch(pin: str, by: Stretch) -> bytes:
    """Return a key from a PIN, which costs what `by` says."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=by.salt,
        length=KEY_BYTES,
        iterations=by.passes,
        lanes=by.lanes,
        memory_cost=by.memory_kib,
    )
    return kdf.derive(pin.encode("utf-8", "surrogatepass"))


def derive(secret: bytes, purpose: str) -> bytes:
    """Return a key of its own for each purpose (HKDF-SHA256), from a secret that cannot be
    guessed."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(secret)


def wrap(key: bytes, data_key: bytes, database_id: bytes) -> bytes:
    """Encrypt a data key: nonce (12 bytes), ciphertext, tag (16), bound to its database."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, data_key, database_id)


def unwrap(key: bytes, wrapped: bytes, database_id: bytes) -> bytes | None:
    """Return the data key again; None where the key is another one."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce, rest = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, rest, database_id)
    except InvalidTag:
        return None
