"""Reads a package as its unit does: everything is checked before anything is decrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hht.entity_id import EntityId
from hht.facility.package.content import UnitContent, decode_content
from hht.facility.package.header import PackageHeader, SignedHeader, parse_header
from hht.facility.package.keys import body_key, is_signed, key_id, public_of
from hht.facility.package.refusals import PackageRefused, Refusal
from hht.facility.package.writer import NONCE


@dataclass(frozen=True, slots=True)
class UnitTrust:
    """What a unit goes by: who it is, which facilities it knows, and what it had before.

    `batch` is None where the unit does not know which one is being loaded. `newest` is the highest
    `issued` of a package it ever committed, `newest_digest` that package's digest.
    """

    unit: EntityId
    facilities: Sequence[EllipticCurvePublicKey]
    batch: str | None = None
    newest: int = 0
    newest_digest: bytes = b""


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """A package that was accepted."""

    header: PackageHeader
    content: UnitContent


def open_package(
    package: bytes, key: EllipticCurvePrivateKey, trust: UnitTrust, now: datetime
) -> OpenedPackage:
    """Check and decrypt; PackageRefused with its reason. `key` is the Key Agreement key."""
    header = check_package(package, trust, now)
    body = package[-header.length :]
    plain = _decrypt(header, body, key)
    content = decode_content(plain)
    if content.unit_id != trust.unit:
        raise PackageRefused(Refusal.BAD_CONTENT)
    return OpenedPackage(header, content)


def check_package(package: bytes, trust: UnitTrust, now: datetime) -> PackageHeader:
    """Check all that can be checked without decrypting: PackageRefused with the first reason."""
    read = parse_header(package)
    check_header(read, trust, now)
    body = package[read.size :]
    if len(body) < read.header.length or not read.header.length:
        raise PackageRefused(Refusal.TORN)
    if len(body) > read.header.length or sha256(body).digest() != read.header.digest:
        raise PackageRefused(Refusal.ALTERED)
    return read.header


def check_header(read: SignedHeader, trust: UnitTrust, now: datetime) -> None:
    """Check a header alone, so that a unit can refuse before a body is written."""
    header = read.header
    known = {key_id(key): key for key in trust.facilities}
    if header.facility not in known:
        raise PackageRefused(Refusal.UNKNOWN_FACILITY)
    if not is_signed(known[header.facility], read.signature, header.signed):
        raise PackageRefused(Refusal.BAD_SIGNATURE)
    if header.unit != trust.unit:
        raise PackageRefused(Refusal.OTHER_UNIT)
    if trust.batch is not None and header.batch != trust.batch:
        raise PackageRefused(Refusal.OTHER_BATCH)
    if _is_replayed(header, trust):
        raise PackageRefused(Refusal.REPLAYED)
    if header.not_after and now.timestamp() > header.not_after:
        raise PackageRefused(Refusal.EXPIRED)


def _is_replayed(header: PackageHeader, trust: UnitTrust) -> bool:
    """Return whether it is older than what the unit had; the very same one may be opened again."""
    if header.issued == trust.newest:
        return bool(trust.newest_digest) and header.digest != trust.newest_digest
    return header.issued < trust.newest


def _decrypt(header: PackageHeader, body: bytes, key: EllipticCurvePrivateKey) -> bytes:
    try:
        secret = body_key(key, public_of(header.point))
        return AESGCM(secret).decrypt(NONCE, body, header.bound)
    except (InvalidTag, ValueError):
        raise PackageRefused(Refusal.OTHER_KEY) from None
