"""A package's clear header: packed, and read without trust (docs/package.md has the bytes)."""

import struct
from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.facility.package.refusals import PackageRefused, Refusal

MAGIC = b"HHT-PKG\x00"
VERSION = 1  # of the package's layout, raised when that changes
KEY_ID_BYTES = 8  # enough that two keys of a facility never share one
POINT_BYTES = 65  # an uncompressed P-256 point
DIGEST_BYTES = 32  # SHA-256
SIGNATURE_BYTES = 64  # r and s of ECDSA over P-256
LONGEST_BATCH = 64  # a name, not a text: it has to fit a label's line
# Some hundred Local Commands of 1.2 kB; a unit must know what its memory has to hold.
LARGEST_BODY = 1024 * 1024

_START = struct.Struct(">8sH")
_FIELDS = struct.Struct(f">8s{KEY_ID_BYTES}sQQ{POINT_BYTES}sB")
_END = struct.Struct(f">{DIGEST_BYTES}sI")


@dataclass(frozen=True, slots=True)
class PackageHeader:
    """The fields anybody may read.

    `issued` is the batch's opening in milliseconds since 1970, `not_after` seconds since 1970 or 0.
    `facility` names the signing key, `point` is the sender's ephemeral public key, `digest` the
    SHA-256 of the encrypted body, `length` its bytes.
    """

    unit: EntityId
    facility: bytes
    issued: int
    not_after: int
    point: bytes
    batch: str
    digest: bytes = bytes(DIGEST_BYTES)
    length: int = 0

    @property
    def bound(self) -> bytes:
        """The part that is the body's associated data: everything before the digest."""
        batch = self.batch.encode("ascii")
        fields = _FIELDS.pack(
            self.unit, self.facility, self.issued, self.not_after, self.point, len(batch)
        )
        return _START.pack(MAGIC, VERSION) + fields + batch

    @property
    def signed(self) -> bytes:
        """The part that the facility signs: the whole header."""
        return self.bound + _END.pack(self.digest, self.length)


@dataclass(frozen=True, slots=True)
class SignedHeader:
    """A header as it was read, with its signature and the number of bytes both take."""

    header: PackageHeader
    signature: bytes
    size: int


def parse_header(package: bytes) -> SignedHeader:
    """Read the header at the start of a package; PackageRefused where there is none, or a part."""
    start = package[: _START.size]
    if not MAGIC.startswith(start[: len(MAGIC)]):
        raise PackageRefused(Refusal.NOT_A_PACKAGE)
    if len(start) < _START.size:
        raise PackageRefused(Refusal.TORN)
    if (version := _START.unpack(start)[1]) != VERSION:
        raise PackageRefused(Refusal.NEWER_VERSION if version > VERSION else Refusal.NOT_A_PACKAGE)
    try:
        return _fields(package)
    except struct.error:
        raise PackageRefused(Refusal.TORN) from None


def _fields(package: bytes) -> SignedHeader:
    at = _START.size
    unit, facility, issued, not_after, point, length = _FIELDS.unpack_from(package, at)
    at += _FIELDS.size
    batch, at = package[at : at + length], at + length
    digest, body = _END.unpack_from(package, at)
    at += _END.size
    signature, at = package[at : at + SIGNATURE_BYTES], at + SIGNATURE_BYTES
    if len(signature) < SIGNATURE_BYTES:
        raise PackageRefused(Refusal.TORN)
    if not is_batch_name(batch) or body > LARGEST_BODY:
        raise PackageRefused(Refusal.NOT_A_PACKAGE)
    header = PackageHeader(
        EntityId(unit), facility, issued, not_after, point, batch.decode(), digest, body
    )
    return SignedHeader(header, signature, at)


def is_batch_name(name: bytes) -> bool:
    """Return whether this may name a batch: 1 to 64 printable ASCII characters without spaces."""
    return 1 <= len(name) <= LONGEST_BATCH and all(0x21 <= byte <= 0x7E for byte in name)
