"""A folder of PEM files as a key store: `<eui>-ka.pem`, `-ds.pem`, `-ka.key`, `-ds.key`.

`.pem` holds an X.509 certificate or a bare public key, `.key` a PKCS #8 private key without a
password; `-ka` is Key Agreement, `-ds` Digital Signing; all on curve P-256.
"""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.files import plain_octets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.x509 import Certificate

_ANY_ENTITY = "[0-9a-f]" * 16
_BROKER_ROLE = "04"
"""The organisational unit of an Access Control Broker certificate: its Remote Party Role code."""


class PemFolder:
    """A KeyStore that reads each file when it is first needed and agrees each secret once."""

    def __init__(self, path: Path) -> None:
        """Take the folder; HhtError when it is not one."""
        if not path.is_dir():
            raise HhtError(
                "this is not a folder of keys",
                where=str(path),
                remedy="Give the folder that holds the <eui>-ka.pem and <eui>-ds.pem files.",
            )
        self._path = path
        self._secrets: dict[tuple[bytes, bytes], bytes | None] = {}
        self._signing: dict[bytes, EllipticCurvePublicKey | None] = {}

    @cached_property
    def access_control_broker(self) -> EntityId | None:
        """The party whose Key Agreement certificate names the Access Control Broker's role.

        Of several, the first that nothing speaks against.
        """
        first = None
        for path in self._agreement_files():  # one after another: a folder may hold hundreds
            if _role(path) == _BROKER_ROLE:
                if not self._is_inconsistent(_entity(path), "ka"):
                    return _entity(path)
                first = first or _entity(path)
        return first

    @cached_property
    def other_parties(self) -> tuple[EntityId, ...]:
        """Every Remote Party with a Key Agreement certificate that can be read."""
        return tuple(party for party, role in self._roles.items() if role)

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        """Whether a certificate is inconsistent, one of several Access Control Brokers' or alone.

        Alone is a Remote Party's whose issuer is not that of any other party's certificate.
        """
        certificate = self.certificate(party, use)
        role = _role_in(certificate)
        brokers = list(self._roles.values()).count(_BROKER_ROLE)
        if self._is_inconsistent(party, use) or (role == _BROKER_ROLE and brokers > 1):
            return True
        if certificate is None:
            return party == self.access_control_broker  # a bare key names nobody
        others = (self.certificate(each, use) for each in self.other_parties if each != party)
        issuers = {each.issuer for each in others if each}
        return role is not None and bool(issuers) and certificate.issuer not in issuers

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        """Z of the pair, from whichever private key is here; None when neither is."""
        pair = (own, other)
        if pair not in self._secrets:
            z = self._agree(own, other) or self._agree(other, own)
            self._secrets[pair] = self._secrets[other, own] = z
        return self._secrets[pair]

    def signing_parties(self) -> tuple[EntityId, ...]:
        """Every party whose Digital Signing certificate or public key lies here."""
        names = (path.name for path in sorted(self._path.glob(f"{_ANY_ENTITY}-ds.pem")))
        return tuple(EntityId.parse(name.removesuffix("-ds.pem")) for name in names)

    def signing_public_key(self, party: EntityId) -> "EllipticCurvePublicKey | None":
        """The party's Digital Signing public key."""
        if party not in self._signing:
            self._signing[party] = self.public_key(party, "ds")
        return self._signing[party]

    def private_key(self, party: EntityId, use: str) -> "EllipticCurvePrivateKey | None":
        """The private key of `use` "ka" or "ds", where the folder holds it."""
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        path = self._path / f"{party.hex()}-{use}.key"
        if not path.is_file():
            return None
        try:
            key = load_pem_private_key(plain_octets(path.read_bytes()), password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise _unusable(path, "a P-256 private key without a password")
        return key

    def public_key(self, party: EntityId, use: str) -> "EllipticCurvePublicKey | None":
        """The public key of `use` "ka" or "ds", from the certificate or the private key."""
        path = self._path / f"{party.hex()}-{use}.pem"
        if path.is_file():
            return _read_public_key(path)
        private_key = self.private_key(party, use)
        return private_key.public_key() if private_key else None

    def certificate(self, party: EntityId, use: str) -> "Certificate | None":
        """The certificate of `use` "ka" or "ds"; None where there is none or a bare key."""
        path = self._path / f"{party.hex()}-{use}.pem"
        return _read_certificate(path) if path.is_file() else None

    @cached_property
    def _roles(self) -> dict[EntityId, str | None]:
        """The role that each Key Agreement certificate names."""
        return {_entity(path): _role(path) for path in self._agreement_files()}

    def _agreement_files(self) -> list[Path]:
        """Key Agreement certificates; Remote Parties' identifiers usually sort after Devices'."""
        return sorted(self._path.glob(f"{_ANY_ENTITY}-ka.pem"), reverse=True)

    def _is_inconsistent(self, party: EntityId, use: str) -> bool:
        """Whether certificate, file name and private key are of different parties or uses."""
        certificate = self.certificate(party, use)
        if certificate is None:
            return False
        own = self.private_key(party, use)
        return (
            _subject(certificate) not in (None, party)
            or not _is_for(certificate, use)
            or (own is not None and own.public_key() != certificate.public_key())
        )

    def _agree(self, holder: EntityId, peer: EntityId) -> bytes | None:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDH

        private_key = self.private_key(holder, "ka")
        public_key = self.public_key(peer, "ka") if private_key else None
        if private_key is None or public_key is None:
            return None
        return private_key.exchange(ECDH(), public_key)


def _read_public_key(path: Path) -> "EllipticCurvePublicKey":
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from cryptography.x509 import load_pem_x509_certificate

    pem = plain_octets(path.read_bytes())
    key: object
    try:
        if b"BEGIN CERTIFICATE" in pem:
            key = load_pem_x509_certificate(pem).public_key()
        else:
            key = load_pem_public_key(pem)
    except ValueError:
        raise _unusable(path, "a certificate or public key") from None
    if not isinstance(key, EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise _unusable(path, "a P-256 certificate or public key")
    return key


def _entity(path: Path) -> EntityId:
    return EntityId.parse(path.name.removesuffix("-ka.pem"))


def _subject(certificate: "Certificate") -> EntityId | None:
    """The Entity Identifier that a certificate names; None where it names none.

    A Remote Party's is the x500UniqueIdentifier of the subject, a bit string; a Device's is the end
    of the hardwareModuleName in the subject alternative name.
    """
    from cryptography.x509 import ExtensionNotFound, OtherName, SubjectAlternativeName
    from cryptography.x509.oid import NameOID

    found = certificate.subject.get_attributes_for_oid(NameOID.X500_UNIQUE_IDENTIFIER)
    raw = found[0].value if found else b""
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
        raw = raw or next((name.value for name in names if isinstance(name, OtherName)), b"")
    except (ExtensionNotFound, ValueError):
        pass
    return EntityId(raw[-8:]) if isinstance(raw, bytes) and len(raw) >= 8 else None


def _is_for(certificate: "Certificate", use: str) -> bool:
    """Whether its key usage, where it has one, is to agree keys ("ka") or to sign ("ds")."""
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except (ExtensionNotFound, ValueError):
        return True
    return usage.key_agreement if use == "ka" else usage.digital_signature


def _role(path: Path) -> str | None:
    """The role that a file's certificate names; None for a file that cannot be read.

    Such a file is named when it is needed.
    """
    try:
        return _role_in(_read_certificate(path))
    except HhtError:
        return None


def _role_in(certificate: "Certificate | None") -> str | None:
    """The organisational unit of the certificate's subject, which carries the role code."""
    from cryptography.x509.oid import NameOID

    unit = NameOID.ORGANIZATIONAL_UNIT_NAME
    units = certificate.subject.get_attributes_for_oid(unit) if certificate else ()
    return str(units[0].value) if units else None


def _read_certificate(path: Path) -> "Certificate | None":
    from cryptography.x509 import load_pem_x509_certificate

    pem = plain_octets(path.read_bytes())
    if b"BEGIN CERTIFICATE" not in pem:
        return None
    try:
        return load_pem_x509_certificate(pem)
    except ValueError:
        raise _unusable(path, "a certificate") from None


def _unusable(path: Path, expected: str) -> HhtError:
    return HhtError(
        f"this file is not {expected}", where=str(path), remedy="Replace it or take it away."
    )
