"""The two keys of a package: the facility's signing key, and the secret agreed with the unit.

P-256 throughout. A signature is r || s, 32 bytes each, over SHA-256, made deterministically
(RFC 6979) so that a batch that is built again gives the same bytes.
"""

import hashlib
import hmac
from functools import cached_property
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hht.facility.package.header import KEY_ID_BYTES

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_CURVE = ec.SECP256R1()
_HASH = hashes.SHA256()
_DETERMINISTIC = ec.ECDSA(_HASH, deterministic_signing=True)
_ECDSA = ec.ECDSA(_HASH)
_BODY_KEY = b"hht package body 1"
_EPHEMERAL = b"hht package ephemeral 1"


class FacilityKey:
    """The facility's private signing key."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> Self:
        """Make a new key."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def from_secret(cls, secret: bytes) -> Self:
        """Take the 32 bytes that `secret` gives."""
        return cls(ec.derive_private_key(int.from_bytes(secret, "big"), _CURVE))

    @cached_property
    def secret(self) -> bytes:
        """The private value, 32 bytes, big-endian."""
        return self._private.private_numbers().private_value.to_bytes(32, "big")

    @cached_property
    def public(self) -> ec.EllipticCurvePublicKey:
        """The key that units know."""
        return self._private.public_key()

    @cached_property
    def key_id(self) -> bytes:
        """The name of the key in headers."""
        return key_id(self.public)

    def sign(self, signed: bytes) -> bytes:
        """Sign: r || s."""
        return sign(self._private, signed)

    def ephemeral_for(self, header: bytes, content: bytes) -> ec.EllipticCurvePrivateKey:
        """Derive the ephemeral key of one package: another one for every other header or content.

        It never repeats over two contents, so the body's key is used once, and the same content
        gives the same package again.
        """
        seed = hmac.digest(self.secret, _EPHEMERAL + hashlib.sha256(header).digest(), "sha512")
        wide = hmac.digest(seed, content, "sha512")
        return ec.derive_private_key(int.from_bytes(wide, "big") % (_ORDER - 1) + 1, _CURVE)


def sign(private: ec.EllipticCurvePrivateKey, signed: bytes) -> bytes:
    """Sign with any P-256 key: r || s."""
    r, s = decode_dss_signature(private.sign(signed, _DETERMINISTIC))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def is_signed(public: ec.EllipticCurvePublicKey, signature: bytes, signed: bytes) -> bool:
    """Return whether the signature r || s is this key's over these bytes."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        public.verify(encode_dss_signature(r, s), signed, _ECDSA)
    except InvalidSignature:
        return False
    return True


def key_id(public: ec.EllipticCurvePublicKey) -> bytes:
    """Name a public key: the first 8 bytes of the SHA-256 of its point."""
    return hashlib.sha256(point_of(public)).digest()[:KEY_ID_BYTES]


def point_of(public: ec.EllipticCurvePublicKey) -> bytes:
    """Write a public key as an uncompressed point, 65 bytes."""
    return public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def public_of(point: bytes) -> ec.EllipticCurvePublicKey:
    """Read an uncompressed point; ValueError where it is not on the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point)


def body_key(own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey) -> bytes:
    """Agree the body's AES-256 key: HKDF-SHA256 over the ECDH secret."""
    return derived_key(own, other, _BODY_KEY)


def derived_key(
    own: ec.EllipticCurvePrivateKey, other: ec.EllipticCurvePublicKey, purpose: bytes
) -> bytes:
    """Agree a 32-byte key for one purpose."""
    agreed = own.exchange(ec.ECDH(), other)
    return HKDF(algorithm=_HASH, length=32, salt=None, info=purpose).derive(agreed)
