"""Reads one file with a certificate, a public or a private key, and what a certificate names."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.files import plain_octets, read_plain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.x509 import Certificate, Name, ObjectIdentifier

_CURVE = "secp256r1"


def read_certificate(path: Path) -> "Certificate | None":
    """Return the certificate of a PEM file; None where it holds a bare key."""
    from cryptography.x509 import load_pem_x509_certificate

    from hht.gbcs.certificates import UNREADABLE

    pem = plain_octets(read_plain(path))
    if b"BEGIN CERTIFICATE" not in pem:
        return None
    try:
        return load_pem_x509_certificate(pem)
    except UNREADABLE:
        raise _unusable(path, "a certificate") from None


def read_public_key(path: Path) -> "EllipticCurvePublicKey":
    """Return the P-256 key of a PEM file with a certificate or a bare public key."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from hht.gbcs.certificates import UNREADABLE

    certificate = read_certificate(path)
    try:
        pem = plain_octets(read_plain(path))
        key = p256_key_in(certificate) if certificate else load_pem_public_key(pem)
    except UNREADABLE:
        raise _unusable(path, "a certificate or public key") from None
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != _CURVE:
        raise _unusable(path, "a P-256 certificate or public key")
    return key


def p256_key_in(certificate: "Certificate") -> "EllipticCurvePublicKey | None":
    """Return the public key of a certificate; None for one of another kind."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

    from hht.gbcs.certificates import UNREADABLE

    try:
        key = certificate.public_key()
    except UNREADABLE:
        return None
    return key if isinstance(key, EllipticCurvePublicKey) and key.curve.name == _CURVE else None


def read_private_key(path: Path) -> "EllipticCurvePrivateKey":
    """Return the P-256 key of a PEM file with a PKCS #8 key without password."""
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from hht.gbcs.certificates import UNREADABLE

    try:
        key = load_pem_private_key(plain_octets(read_plain(path)), password=None)
    except UNREADABLE:
        key = None
    if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != _CURVE:
        raise _unusable(path, "a P-256 private key without a password")
    return key


def subject_of(certificate: "Certificate") -> EntityId | None:
    """Return the Entity Identifier that a certificate names; None where it names none.

    A Remote Party's is the x500UniqueIdentifier of the subject, a bit string; a Device's is the end
    of the hardwareModuleName in the subject alternative name.
    """
    from cryptography.x509 import ExtensionNotFound, OtherName, SubjectAlternativeName
    from cryptography.x509.oid import NameOID

    from hht.gbcs.certificates import UNREADABLE

    raw = _in_subject(certificate, NameOID.X500_UNIQUE_IDENTIFIER)
    with suppress(ExtensionNotFound, *UNREADABLE):
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
        raw = raw or next((name.value for name in names if isinstance(name, OtherName)), b"")
    return EntityId(raw[-8:]) if isinstance(raw, bytes) and len(raw) >= 8 else None


def is_for(certificate: "Certificate", use: str) -> bool:
    """Return whether its key usage, where it has one, is to agree keys ("ka") or to sign ("ds")."""
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    from hht.gbcs.certificates import UNREADABLE

    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except (ExtensionNotFound, *UNREADABLE):
        return True
    return usage.key_agreement if use == "ka" else usage.digital_signature


def role_in(certificate: "Certificate | None") -> str | None:
    """Return the organisational unit of the certificate's subject, which carries the role code."""
    from cryptography.x509.oid import NameOID

    unit = _in_subject(certificate, NameOID.ORGANIZATIONAL_UNIT_NAME) if certificate else b""
    return str(unit) if unit else None


def issuer_of(certificate: "Certificate") -> "Name | None":
    """Return whom a certificate names as its issuer; None where that cannot be read."""
    from hht.gbcs.certificates import UNREADABLE

    try:
        return certificate.issuer
    except UNREADABLE:
        return None


def _in_subject(certificate: "Certificate", kind: "ObjectIdentifier") -> str | bytes:
    """Return the subject's first attribute of a kind; empty for none, or where it is unreadable."""
    from hht.gbcs.certificates import UNREADABLE

    with suppress(*UNREADABLE):
        for found in certificate.subject.get_attributes_for_oid(kind):
            return found.value
    return b""


def _unusable(path: Path, expected: str) -> HhtError:
    return HhtError(
        f"this file is not {expected}", where=str(path), remedy="Replace it or take it away."
    )
