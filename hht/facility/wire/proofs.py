"""What a unit proves: that it holds its certificate's key, and that it holds a package.

Identity: the unit makes a MAC over the bench's nonce with the secret of its Key Agreement key and
the bench's ephemeral key, and so vouches for its Digital Signing certificate; only the holder of
the certified Key Agreement key can. Receipts are signed with the Digital Signing key.
"""

import base64
import hmac
from hashlib import sha256

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)

from hht.facility.package.keys import derived_key, is_signed, public_of, sign

_IDENTITY = b"hht unit identity 1"
_RECEIPT = b"hht unit receipt 1"


class Receipt(msgspec.Struct, frozen=True):
    """What a unit signed after its commit, with all that is needed to check it later.

    `digest` is the SHA-256 of the whole package, `counter` how often the unit ever committed.
    """

    eui: str
    digest: str
    counter: int
    nonce: str
    signature: str
    certificate: str

    def text(self) -> str:
        """Write it for the books, as one line of JSON."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def read(cls, text: str) -> "Receipt":
        """Read it again; ValueError where it is none."""
        return msgspec.json.decode(text, type=cls)

    @property
    def is_valid(self) -> bool:
        """Whether the certificate in it signed it."""
        try:
            key = signing_key_of(base64.b64decode(self.certificate))
            fields = bytes.fromhex(self.nonce), bytes.fromhex(self.digest)
            signed = receipt_bytes(bytes.fromhex(self.eui.replace("-", "")), *fields, self.counter)
            return key is not None and is_signed(key, bytes.fromhex(self.signature), signed)
        except ValueError:
            return False


def identity_bytes(nonce: bytes, point: bytes, eui: bytes, certificate: bytes) -> bytes:
    """Return what the identity's MAC is over; `certificate` is the Digital Signing one, DER."""
    return _IDENTITY + nonce + point + eui + sha256(certificate).digest()


def identity_mac(
    own: EllipticCurvePrivateKey, other: EllipticCurvePublicKey, proven: bytes
) -> bytes:
    """Make the MAC, 32 bytes; both sides come to the same one."""
    return hmac.digest(derived_key(own, other, _IDENTITY), proven, "sha256")


def unit_mac(agreement: EllipticCurvePrivateKey, point: bytes, proven: bytes) -> bytes:
    """Make the unit's MAC; ValueError where the bench's point is none."""
    return identity_mac(agreement, public_of(point), proven)


def receipt_bytes(eui: bytes, nonce: bytes, digest: bytes, counter: int) -> bytes:
    """Return what a receipt's signature is over."""
    return _RECEIPT + nonce + eui + digest + counter.to_bytes(8, "big")


def sign_receipt(
    signing: EllipticCurvePrivateKey, eui: bytes, nonce: bytes, digest: bytes, counter: int
) -> bytes:
    """Sign a receipt: r || s."""
    return sign(signing, receipt_bytes(eui, nonce, digest, counter))


def signing_key_of(certificate: bytes) -> EllipticCurvePublicKey | None:
    """Read the P-256 key of a certificate; None where it has another kind; ValueError for none."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    is_p256 = isinstance(key, EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    return key if isinstance(key, EllipticCurvePublicKey) and is_p256 else None
