"""Certificates and private keys of a folder by what they say, whatever their files are called."""

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hht.entity_id import EntityId
from hht.files import plain_octets, read_plain
from hht.gbcs.keystore.key_files import is_for, p256_key_in, subject_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )
    from cryptography.x509 import Certificate

_USES = ("ka", "ds")
_PREPAYMENT = "-pp-"
"""In the name of a file with the key for top-ups, which has the use of "ka" and MACs nothing."""

_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
_DER_SEQUENCE = b"\x30"
_LARGEST = 64 * 1024
"""Bytes; a chain of certificates has some thousand, and what is larger is something else."""


class KeysByContent:
    """What a folder's files hold, read when it is first asked for; other files are passed over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def certificates(self, party: EntityId, use: str) -> tuple["Certificate", ...]:
        """Return the certificates for the use "ka" or "ds" that name the party."""
        return self._certificates.get((party, use), ())

    def all_for(self, use: str) -> Iterator[tuple[EntityId, "Certificate"]]:
        """Yield every certificate for the use "ka" or "ds" with the party that it names."""
        for (party, found), certificates in self._certificates.items():
            for certificate in certificates if found == use else ():
                yield party, certificate

    def private_key_to(self, public: "EllipticCurvePublicKey") -> "EllipticCurvePrivateKey | None":
        return next((key for key in self._private_keys if key.public_key() == public), None)

    @cached_property
    def _certificates(self) -> dict[tuple[EntityId, str], tuple["Certificate", ...]]:
        found: dict[tuple[EntityId, str], tuple[Certificate, ...]] = {}
        for certificate in self._readable():
            party = subject_of(certificate) if p256_key_in(certificate) else None
            for use in _USES:
                if party and is_for(certificate, use):
                    found[party, use] = (*found.get((party, use), ()), certificate)
        return found

    def _readable(self) -> Iterator["Certificate"]:
        from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

        from hht.gbcs.certificates import UNREADABLE

        for content in self._contents:
            try:
                if content.startswith(_DER_SEQUENCE):
                    yield load_der_x509_certificate(content)
            except UNREADABLE:
                continue
            for block in _BLOCK.finditer(content):
                try:
                    if block[1] == b"CERTIFICATE":
                        yield load_pem_x509_certificate(block[0])
                except UNREADABLE:
                    continue

    @cached_property
    def _private_keys(self) -> tuple["EllipticCurvePrivateKey", ...]:
        from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        from hht.gbcs.certificates import UNREADABLE

        found = []
        for content in self._contents:
            for block in _BLOCK.finditer(content):
                try:
                    if block[1].endswith(b"PRIVATE KEY"):
                        found.append(load_pem_private_key(block[0], password=None))
                except UNREADABLE:
                    continue
        return tuple(key for key in found if isinstance(key, EllipticCurvePrivateKey))

    @cached_property
    def _contents(self) -> list[bytes]:
        paths = (path for path in sorted(self._folder.iterdir()) if _PREPAYMENT not in path.name)
        small = (path for path in paths if path.is_file() and path.stat().st_size <= _LARGEST)
        return [plain_octets(content) for content in map(_content, small) if content]


def _content(path: Path) -> bytes:
    try:
        return read_plain(path)
    except OSError:
        return b""  # only a file with the name of what is asked for must be readable
