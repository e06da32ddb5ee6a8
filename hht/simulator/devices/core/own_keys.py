"""A Device's own keys: in use, and waiting for their certificate (CS02c, CS02d, CS02e)."""

from collections.abc import Mapping
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import UpdateCertificateResult
from hht.gbcs.certificates import UNREADABLE, certified_device
from hht.simulator.devices.core.credentials import AGREEMENT, SIGNING, DeviceKeys
from hht.simulator.pki.smki import hardware_module_name, key_usage

USES: Mapping[bytes, str] = {SIGNING: "ds", AGREEMENT: "ka"}
"""The name of a key by its key usage."""


class OwnKeys:
    """The keys of one Device: those of its folder, until it is given others."""

    def __init__(self, device: EntityId, keys: DeviceKeys) -> None:
        self._device = device
        self._keys = keys
        self._held: dict[str, ec.EllipticCurvePrivateKey] = {}
        self._certificates: dict[str, x509.Certificate] = {}
        self._waiting: dict[str, ec.EllipticCurvePrivateKey] = {}
        self.expected: dict[str, bytes] = {}

    def private_key(self, use: str) -> ec.EllipticCurvePrivateKey | None:
        """Return the private key of use "ds" or "ka"."""
        return self._held.get(use) or self._keys.private_key(self._device, use)

    def certificate(self, use: str) -> bytes | None:
        """Return the certificate of that use, DER."""
        held = self._certificates.get(use) or self._keys.certificate(self._device, use)
        return held.public_bytes(Encoding.DER) if held else None

    def shared_secret(self, party: EntityId, party_key: ec.EllipticCurvePublicKey) -> bytes | None:
        """Compute Z with a party's key.

        A Device of the reference data has no private key here; there the party's is used.
        """
        own = self.private_key("ka")
        if own is not None:
            return own.exchange(ec.ECDH(), party_key)
        return self._keys.shared_secret(self._device, party)

    def request_certificate(self, use: str) -> bytes:
        """Make a new key pair and the certification request for it, DER (CS02c)."""
        key = ec.generate_private_key(ec.SECP256R1())
        self._waiting[use] = key
        self.expected[use] = _point(key.public_key())
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        builder = builder.add_extension(key_usage(use), critical=True)
        builder = builder.add_extension(hardware_module_name(self._device), critical=True)
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def take_certificate(self, certificate: x509.Certificate) -> UpdateCertificateResult:
        """Use the new key from now on, if this is the certificate for it (CS02d)."""
        use = _use_of(certificate)
        if use is None:
            return UpdateCertificateResult.INVALID_KEY_USAGE
        if certified_device(certificate) != self._device:
            return UpdateCertificateResult.WRONG_DEVICE_IDENTITY
        if use not in self.expected:
            return UpdateCertificateResult.NO_CORRESPONDING_KEY_PAIR_GENERATED
        if _point(certificate.public_key()) != self.expected[use]:
            return UpdateCertificateResult.WRONG_PUBLIC_KEY
        del self.expected[use]
        if use in self._waiting:
            self._held[use] = self._waiting.pop(use)
        self._certificates[use] = certificate
        return UpdateCertificateResult.SUCCESS

    def state(self) -> dict[str, Any]:
        """Return keys and certificates as PEM, for an owner-only file."""
        return {
            "held": {use: _pem(key) for use, key in self._held.items()},
            "waiting": {use: _pem(key) for use, key in self._waiting.items()},
            "certificates": {
                use: certificate.public_bytes(Encoding.PEM).decode()
                for use, certificate in self._certificates.items()
            },
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Restore what `state()` returned."""
        self._held = {use: _key(pem) for use, pem in state["held"].items()}
        self._waiting = {use: _key(pem) for use, pem in state["waiting"].items()}
        self.expected = {use: _point(key.public_key()) for use, key in self._waiting.items()}
        self._certificates = {
            use: x509.load_pem_x509_certificate(pem.encode())
            for use, pem in state["certificates"].items()
        }


def _use_of(certificate: x509.Certificate) -> str | None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None
    return "ds" if usage.digital_signature else "ka" if usage.key_agreement else None


def _point(key: object) -> bytes:
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return b""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _key(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("a Device's key is not on an elliptic curve")
    return key
