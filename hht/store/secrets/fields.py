"""Sealed fields: the columns that hold secrets or a customer's data, bound to their row."""

import os
from dataclasses import dataclass
from typing import Protocol

from hht.store.errors import StoreDamaged, StoreLocked

NONCE_BYTES = 12  # of GCM; random, and one key seals far fewer than 2^32 fields
KEY_BYTES = 32  # AES-256


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that is sealed, and the SQL expression of the key that names its row."""

    table: str
    column: str
    row_key: str

    def place(self, row_key: object) -> str:
        """Return where a field belongs, the same whether the row is there already or about to
        be."""
        return f"{self.table}.{self.column}.{row_key}"


JOB_DETAILS = SealedColumn("jobs", "details", "lower(hex(content))")
COMMAND_RAW = SealedColumn("commands", "raw", "job_id || '.' || position")
CAPTURE_RAW = SealedColumn("captures", "raw", "lower(hex(sha256))")
JOURNEY_SNAPSHOT = SealedColumn("journeys", "snapshot", "job_id || '.' || name")
RETURN_BODY = SealedColumn("returns", "body", "id")
KEYRING_SECRET = SealedColumn("keyring", "secret", "name")
EVENT_FACTS = SealedColumn("events", "facts", "id")
AUDIT_KEY = SealedColumn("audit_key", "secret", "id")
JOB_REFERENCE = SealedColumn("jobs", "reference", "lower(hex(content))")
COMMAND_TITLE = SealedColumn("commands", "title", "job_id || '.' || position")
COMMAND_REASON = SealedColumn("commands", "reason", "job_id || '.' || position")
RETURN_NOTE = SealedColumn("returns", "note", "id")
RECEIPT_DOCUMENT = SealedColumn("receipts", "document", "return_id")
AUDIT_SUBJECT = SealedColumn("audit", "subject", "id")

SEALED_SINCE_STEP_8 = (
    JOB_REFERENCE,
    COMMAND_TITLE,
    COMMAND_REASON,
    RETURN_NOTE,
    RECEIPT_DOCUMENT,
    AUDIT_SUBJECT,
)
"""What a database with a PIN that an older hht has written still holds in clear."""

SEALED_COLUMNS = (
    JOB_DETAILS,
    COMMAND_RAW,
    CAPTURE_RAW,
    JOURNEY_SNAPSHOT,
    RETURN_BODY,
    KEYRING_SECRET,
    EVENT_FACTS,
    AUDIT_KEY,
    *SEALED_SINCE_STEP_8,
)


def capture_place(sha256: bytes) -> str:
    """Return where a captured message's sealed bytes belong."""
    return CAPTURE_RAW.place(sha256.hex())


class Fields(Protocol):
    """How the secret columns of one database are written and read."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """Return what is stored for `plain` at `place`."""

    def open(self, place: str, sealed: bytes | str) -> bytes:
        """Return the plain bytes again.

        StoreDamaged when they were changed or moved from elsewhere.
        """


class PlainFields:
    """No protection: training data, and a live database before its PIN is set."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """Return the bytes themselves."""
        return plain

    def open(self, place: str, sealed: bytes | str) -> bytes:
        """Return the bytes themselves."""
        return _bytes(sealed)


class LockedFields:
    """A protected database whose PIN was not entered yet."""

    def seal(self, place: str, plain: bytes) -> bytes:
        """Refuse with StoreLocked."""
        raise locked()

    def open(self, place: str, sealed: bytes | str) -> bytes:
        """Refuse with StoreLocked."""
        raise locked()


class SealedFields:
    """AES-256-GCM with a nonce of its own for every field: nonce (12 bytes), ciphertext, tag (16).

    The database's identity and the field's place are authenticated with it, so a field that was
    copied to another row, column or database does not open.
    """

    def __init__(self, data_key: bytes, database_id: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(data_key)
        self._database_id = database_id

    def seal(self, place: str, plain: bytes) -> bytes:
        """Encrypt and bind to its place."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, self._binding(place))

    def open(self, place: str, sealed: bytes | str) -> bytes:
        """Decrypt; StoreDamaged when a bit was changed or the field comes from another place."""
        from cryptography.exceptions import InvalidTag

        stored = _bytes(sealed)
        nonce, rest = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, rest, self._binding(place))
        except (InvalidTag, ValueError):
            raise StoreDamaged(
                "A protected field was changed since it was written",
                where=place.rpartition(".")[0],
                remedy="Run 'hht doctor', and restore the last backup.",
            ) from None

    def _binding(self, place: str) -> bytes:
        return self._database_id + place.encode()


def _bytes(stored: bytes | str) -> bytes:
    """Return what is in the file, also where a text or a number was written in its place."""
    return stored if isinstance(stored, bytes) else str(stored).encode(errors="surrogateescape")


def locked() -> StoreLocked:
    """Return the error for a secret that is asked for before the PIN."""
    return StoreLocked("The data is protected and locked", remedy="Enter the PIN.")
