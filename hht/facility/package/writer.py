"""Writes a unit's package: encrypted to the unit's certificate, signed by the facility."""

from dataclasses import replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hht.facility.package.content import UnitContent, encode_content
from hht.facility.package.header import PackageHeader
from hht.facility.package.keys import FacilityKey, body_key, point_of

# The body's key belongs to one content alone, so its nonce need not differ.
NONCE = bytes(12)


def write_package(
    content: UnitContent,
    unit_key: EllipticCurvePublicKey,
    facility: FacilityKey,
    *,
    batch: str,
    issued: int,
    not_after: int = 0,
) -> bytes:
    """Make the package; `issued` in ms, `not_after` in s since 1970 (0: without end).

    `unit_key` is the key of the unit's Key Agreement certificate. The same arguments give the same
    bytes.
    """
    plain = encode_content(content)
    header = PackageHeader(
        unit=content.unit_id,
        facility=facility.key_id,
        issued=issued,
        not_after=not_after,
        point=bytes(65),
        batch=batch,
    )
    ephemeral = facility.ephemeral_for(header.bound + point_of(unit_key), plain)
    header = replace(header, point=point_of(ephemeral.public_key()))
    body = AESGCM(body_key(ephemeral, unit_key)).encrypt(NONCE, plain, header.bound)
    header = replace(header, digest=sha256(body).digest(), length=len(body))
    return header.signed + facility.sign(header.signed) + body
