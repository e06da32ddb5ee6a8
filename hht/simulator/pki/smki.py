"""The training PKI: SMKI-like P-256 certificates and ECQV certificates, marked as training.

Certificates have the fields the SMKI ones have (GBCS section 12): a Remote Party's subject names
its role code (OU) and Entity Identifier (unique identifier), a Device's subject alternative name is
its hardware module name. Issuer and subjects say "hht training", so none passes for a live one.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.keystore import PemFolder
from hht.gbcs.keystore.key_files import read_private_key
from hht.simulator.pki.remote_parties import PARTIES

_MARK = "hht training"
_HARDWARE_MODULE_NAME = ObjectIdentifier("1.3.6.1.5.5.7.8.4")
_HARDWARE_TYPE = bytes.fromhex("060d2a863a0001848fb90f01020201")
_USES = ("ds", "ka")
"""Digital signing and key agreement; a supplier has pp-ka too, for prepayment top-ups."""
_NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
_NO_EXPIRY = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class TrainingPki:
    """Keys and certificates in one folder, named as `--keys` wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._authority = self._signing_key(PARTIES[Role.ROOT])

    @classmethod
    def load_or_create(cls, folder: Path) -> Self:
        """Load the PKI of this folder, or make it; only the owner may read its private keys.

        It holds the certificates of every party in `PARTIES`; `certify_device` adds Devices'.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        pki = cls(folder)
        for role, party in PARTIES.items():
            pki.certify_party(party, role)
        return pki

    @property
    def keys(self) -> PemFolder:
        """Open the folder as a key store; it has what was certified before."""
        return PemFolder(self.folder)

    def certify_party(self, party: EntityId, role: Role) -> None:
        """Make a Remote Party's keys and certificates, unless they are there."""
        uses = (*_USES, "pp-ka") if role is Role.SUPPLIER else _USES
        self._certify(party, _party_name(role, party), None, uses)

    def certify_device(self, device: EntityId, label: str) -> None:
        """Make a Device's two keys and certificates, unless they are there."""
        name = _name((NameOID.COMMON_NAME, f"{_MARK} {label}"))
        self._certify(device, name, device, _USES)

    def agreement_certificate(self, device: EntityId) -> bytes:
        """Return a Device's Key Agreement certificate, DER, as a method C join carries it."""
        pem = (self.folder / f"{device.hex()}-ka.pem").read_bytes()
        return x509.load_pem_x509_certificate(pem).public_bytes(serialization.Encoding.DER)

    def _certify(
        self, entity: EntityId, name: x509.Name, alternative: EntityId | None, uses: tuple[str, ...]
    ) -> None:
        for use in uses:
            path = self.folder / f"{entity.hex()}-{use}.pem"
            if path.exists():
                continue
            key = self._signing_key(entity) if use == "ds" else self._new_key(entity, use)
            certificate = self._issue(name, key.public_key(), use, alternative)
            path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def _signing_key(self, entity: EntityId) -> ec.EllipticCurvePrivateKey:
        """Read the key whose certificate is missing, or make one.

        It is looked for by its file's name alone: to read a whole folder of keys for each Device
        would cost the square of their number.
        """
        path = self.folder / f"{entity.hex()}-ds.key"
        return read_private_key(path) if path.is_file() else self._new_key(entity, "ds")

    def _new_key(self, entity: EntityId, use: str) -> ec.EllipticCurvePrivateKey:
        key = ec.generate_private_key(ec.SECP256R1())
        path = self.folder / f"{entity.hex()}-{use}.key"
        path.touch(mode=0o600)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return key

    def _issue(
        self,
        name: x509.Name,
        key: ec.EllipticCurvePublicKey,
        use: str,
        alternative: EntityId | None,
    ) -> x509.Certificate:
        issuer = x509.AuthorityKeyIdentifier(
            key_identifier(self._authority.public_key()), None, None
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(_name((NameOID.COMMON_NAME, f"{_MARK} CA")))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(_NOT_BEFORE)
            .not_valid_after(_NO_EXPIRY)
            .add_extension(key_usage(use), critical=True)
            .add_extension(x509.SubjectKeyIdentifier(key_identifier(key)), critical=False)
            .add_extension(issuer, critical=False)
        )
        if alternative is not None:
            builder = builder.add_extension(hardware_module_name(alternative), critical=True)
        return builder.sign(self._authority, hashes.SHA256())


def key_identifier(key: ec.EllipticCurvePublicKey) -> bytes:
    """Compute the 8-byte key identifier (RFC 5280 4.2.1.2 method 2) of SMKI certificates."""
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    tail = hashlib.sha1(point, usedforsecurity=False).digest()[-8:]
    return bytes([0x40 | tail[0] & 0x0F]) + tail[1:]


def key_usage(use: str) -> x509.KeyUsage:
    """Build the keyUsage extension of a key of use "ds", "ka" or "pp-ka"."""
    return x509.KeyUsage(
        digital_signature=use == "ds",
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=use.endswith("ka"),
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _party_name(role: Role, party: EntityId) -> x509.Name:
    title = role.name.replace("_", " ").lower()
    unit, identifier = NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.X500_UNIQUE_IDENTIFIER
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"{_MARK} {title}")
    code = x509.NameAttribute(unit, f"{role:02X}")
    unique = x509.NameAttribute(identifier, b"\x00" + party, _type=x509.name._ASN1Type.BitString)
    return x509.Name([common, code, unique])


def _name(*attributes: tuple[ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, text) for oid, text in attributes])


def hardware_module_name(device: EntityId) -> x509.SubjectAlternativeName:
    """Build a Device's subject alternative name: hardware type and Entity Identifier."""
    content = _HARDWARE_TYPE + b"\x04\x08" + device
    module = bytes([0x30, len(content)]) + content
    return x509.SubjectAlternativeName([x509.OtherName(_HARDWARE_MODULE_NAME, module)])
