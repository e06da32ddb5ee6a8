"""A folder of PEM files as a key store: `<eui>-ka.pem`, `-ds.pem`, `-ka.key`, `-ds.key`.

`.pem` holds an X.509 certificate or a bare public key, `.key` a PKCS #8 private key without a
password; `-ka` is Key Agreement, `-ds` Digital Signing; all on curve P-256. Where a file of the
name is missing, is another party's or does not fit a message, what is under any other name is
tried.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.gbcs.keystore.by_content import KeysByContent
from hht.gbcs.keystore.key_files import (
    is_for,
    issuer_of,
    p256_key_in,
    read_certificate,
    read_private_key,
    read_public_key,
    role_in,
    subject_of,
)

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
        self._others: dict[tuple[bytes, bytes | None], list[bytes]] = {}
        self._by_content = KeysByContent(path)

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
        named = self._by_content.all_for("ka")
        brokers = (party for party, each in named if role_in(each) == _BROKER_ROLE)
        return next(brokers, first)

    @cached_property
    def other_parties(self) -> tuple[EntityId, ...]:
        """Every Remote Party with a Key Agreement certificate that can be read."""
        named = [party for party, role in self._roles.items() if role]
        found = self._by_content.all_for("ka")
        return tuple(dict.fromkeys([*named, *(party for party, each in found if role_in(each))]))

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        """Return whether a certificate is inconsistent, one of several Access Control Brokers' or
        alone.

        Alone is a Remote Party's whose issuer is not that of any other party's certificate.
        """
        certificate = self.certificate(party, use)
        role = role_in(certificate)
        brokers = list(self._roles.values()).count(_BROKER_ROLE)
        if self._is_inconsistent(party, use) or (role == _BROKER_ROLE and brokers > 1):
            return True
        if certificate is None:
            return party == self.access_control_broker  # a bare key names no party
        others = (self.certificate(each, use) for each in self.other_parties if each != party)
        issuers = {issuer_of(each) for each in others if each}
        return role is not None and bool(issuers) and issuer_of(certificate) not in issuers

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        """Return Z of the pair, from whichever private key is here; None when neither is."""
        pair = (own, other)
        if pair not in self._secrets:
            z = self._agree(own, other) or self._agree(other, own)
            z = z or next(self._agreed_by_content(own, other), None)
            self._secrets[pair] = self._secrets[other, own] = z
        return self._secrets[pair]

    def other_secrets(self, device: EntityId, party: EntityId | None) -> list[bytes]:
        """Return Z of the Device by each other certificate there is of whom may be meant.

        That is the party alone where its certificate names it and nothing speaks against that:
        what another party's key fits, the other party made.
        """
        pair = (device, party)
        if pair not in self._others:
            others = () if party and self._is_named(party) else self.other_parties
            found = [self.shared_secret(each, device) for each in others]
            for each in (party, *others):
                found += self._agreed_by_content(each, device) if each else ()
            self._others[pair] = [z for z in dict.fromkeys(found) if z]
        return self._others[pair]

    def _is_named(self, party: EntityId) -> bool:
        """Return whether its Key Agreement certificate names the party, beyond doubt."""
        certificate = self.certificate(party, "ka")
        named = subject_of(certificate) if certificate else None
        return named == party and not self.is_doubtful(party)

    def _agreed_by_content(self, party: EntityId, device: EntityId) -> Iterator[bytes]:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDH

        for holder, peer in ((party, device), (device, party)):
            keys = map(self._by_content.private_key_to, self._public_keys(holder, "ka"))
            for private, public in product(filter(None, keys), self._public_keys(peer, "ka")):
                yield private.exchange(ECDH(), public)

    def other_signing_keys(self, party: EntityId) -> Iterator["EllipticCurvePublicKey"]:
        """Yield the Digital Signing keys of every certificate that names the party."""
        yield from self._public_keys(party, "ds")

    def _public_keys(self, party: EntityId, use: str) -> list["EllipticCurvePublicKey"]:
        """Return the public keys of the party, whatever their files are called, its named file's
        first."""
        named = self.public_key(party, use)
        found = map(p256_key_in, self._by_content.certificates(party, use))
        return [key for key in (named, *found) if key]

    def signing_parties(self) -> tuple[EntityId, ...]:
        """Return every party whose Digital Signing certificate or public key is here."""
        names = (path.name for path in sorted(self._path.glob(f"{_ANY_ENTITY}-ds.pem")))
        named = [EntityId.parse(name.removesuffix("-ds.pem")) for name in names]
        found = (party for party, _ in self._by_content.all_for("ds"))
        return tuple(dict.fromkeys([*named, *found]))

    def signing_public_key(self, party: EntityId) -> "EllipticCurvePublicKey | None":
        """Return the party's Digital Signing public key; None where its certificate names
        another."""
        if party not in self._signing:
            certificate = self.certificate(party, "ds")
            is_of_party = certificate is None or subject_of(certificate) in (None, party)
            self._signing[party] = self.public_key(party, "ds") if is_of_party else None
        return self._signing[party]

    def private_key(self, party: EntityId, use: str) -> "EllipticCurvePrivateKey | None":
        """Return the private key of `use` "ka" or "ds", where the folder holds it."""
        named = self._named_private_key(party, use)
        certificate = None if named else self.certificate(party, use)
        public = p256_key_in(certificate) if certificate else None
        return self._by_content.private_key_to(public) if public else named

    def _named_private_key(self, party: EntityId, use: str) -> "EllipticCurvePrivateKey | None":
        path = self._path / f"{party.hex()}-{use}.key"
        return read_private_key(path) if path.is_file() else None

    def public_key(self, party: EntityId, use: str) -> "EllipticCurvePublicKey | None":
        """Return the public key of `use` "ka" or "ds", from the certificate or the private key."""
        path = self._path / f"{party.hex()}-{use}.pem"
        certificate = self.certificate(party, use)
        key = p256_key_in(certificate) if certificate else None
        if key is None and path.is_file():
            return read_public_key(path)
        private_key = None if key else self._named_private_key(party, use)
        return private_key.public_key() if private_key else key

    def certificate(self, party: EntityId, use: str) -> "Certificate | None":
        """Return the certificate of `use` "ka" or "ds"; None where there is none or a bare key."""
        path = self._path / f"{party.hex()}-{use}.pem"
        named = read_certificate(path) if path.is_file() else None
        if path.is_file() and (named is None or _fits(named, party, use)):
            return named
        return next(iter(self._by_content.certificates(party, use)), named)

    @cached_property
    def _roles(self) -> dict[EntityId, str | None]:
        """The role that each Key Agreement certificate names."""
        return {_entity(path): _role(path) for path in self._agreement_files()}

    def _agreement_files(self) -> list[Path]:
        """List Key Agreement certificates.

        Remote Parties' identifiers usually sort after Devices'.
        """
        return sorted(self._path.glob(f"{_ANY_ENTITY}-ka.pem"), reverse=True)

    def _is_inconsistent(self, party: EntityId, use: str) -> bool:
        """Return whether certificate, file name and private key are of different parties or
        uses."""
        certificate = self.certificate(party, use)
        if certificate is None:
            return False
        own = self._named_private_key(party, use)
        return not _fits(certificate, party, use) or (
            own is not None and own.public_key() != certificate.public_key()
        )

    def _agree(self, holder: EntityId, peer: EntityId) -> bytes | None:
        from cryptography.hazmat.primitives.asymmetric.ec import ECDH

        private_key = self._named_private_key(holder, "ka")
        public_key = self.public_key(peer, "ka") if private_key else None
        if private_key is None or public_key is None:
            return None
        return private_key.exchange(ECDH(), public_key)


def _entity(path: Path) -> EntityId:
    return EntityId.parse(path.name.removesuffix("-ka.pem"))


def _fits(certificate: "Certificate", party: EntityId, use: str) -> bool:
    """Return whether a certificate is for the use, and names the party or none."""
    return subject_of(certificate) in (None, party) and is_for(certificate, use)


def _role(path: Path) -> str | None:
    """Return the role that a file's certificate names; None for a file that cannot be read.

    Such a file is named when it is needed.
    """
    try:
        return role_in(read_certificate(path))
    except HhtError:
        return None
