"""Tokens, keys and certificates that settings name: read from files, never asked for, never shown.

A passphrase comes from a file as well, so an upload by a timer never waits at a prompt.
"""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import InputError
from hht.files import open_plain, plain_octets, read_plain

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from cryptography.x509 import Certificate

LARGEST_SECRET = 16 * 1024  # bytes; a bearer token of more is refused by common servers


@dataclass(frozen=True, slots=True)
class KeyFiles:
    """A PEM private key, its PEM certificate, and the file with the key's passphrase, if any."""

    key: Path
    certificate: Path
    password_file: Path | None = None


@dataclass(frozen=True)
class KeyPair:
    """A private key with the certificate that belongs to it."""

    key: "PrivateKeyTypes" = field(repr=False)
    certificate: "Certificate"


def read_secret(path: Path) -> str:
    """Read a token or a passphrase: one line of printable ASCII; InputError for anything else.

    The name of a file that is not there may be the secret itself: only `where` has it, which
    `hht doctor` does not show.
    """
    try:
        with open_plain(path) as file:
            text = file.read(LARGEST_SECRET + 1).decode("ascii").strip()
    except OSError as error:
        raise InputError(
            f"The file of a token or passphrase cannot be read ({error.strerror})",
            where=str(path),
            remedy="Give the name of a file that holds it, and check its rights.",
        ) from None
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable() or len(text) > LARGEST_SECRET:
        raise InputError(
            f"The file {path.name} does not hold one line of printable ASCII",
            where=str(path),
            remedy="Write the token or the passphrase into it and nothing else.",
        )
    return text


def read_key_pair(files: KeyFiles) -> KeyPair:
    """Read key and certificate; InputError unless both are there and belong together."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key, certificate = _read_key(files), _read_certificate(files.certificate)

    def spki(of: "PrivateKeyTypes | Certificate") -> bytes:
        return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    if spki(key) != spki(certificate):
        raise InputError(
            "The key is not the certificate's",
            where=str(files.key),
            remedy="Give the key that belongs to the certificate.",
        )
    return KeyPair(key, certificate)


def client_tls(authority: Path | None, files: KeyFiles | None) -> ssl.SSLContext:
    """Make the TLS context that checks the gateway and shows our certificate, where there is one.

    `authority` is a PEM of issuers to trust; None trusts those of the system.
    """
    try:
        if authority is not None:
            open_plain(authority).close()
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError):
        raise InputError(
            "The issuer's certificate cannot be read",
            where=str(authority),
            remedy="Give the PEM of the issuer of the gateway's certificate.",
        ) from None
    if files is not None:
        read_key_pair(files)  # names the fault, for which OpenSSL has one line whatever it is
        password = read_secret(files.password_file) if files.password_file else ""
        context.load_cert_chain(files.certificate, files.key, password=password)
    return context


def _read_key(files: KeyFiles) -> "PrivateKeyTypes":
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from hht.gbcs.certificates import UNREADABLE

    password = read_secret(files.password_file).encode() if files.password_file else None
    pem = _read(files.key)
    try:
        return load_pem_private_key(pem, password)
    except TypeError:  # so the library says that one is given and not needed, or the other way
        what = "has no passphrase" if password else "has a passphrase"
        remedy = "Leave the password file out." if password else "Name a file that holds it."
    except UNREADABLE:
        what = "cannot be read, or its passphrase is another one" if password else "cannot be read"
        remedy = "Give a PEM private key."
    raise InputError(f"The key {files.key.name} {what}", where=str(files.key), remedy=remedy)


def _read_certificate(path: Path) -> "Certificate":
    from cryptography import x509

    from hht.gbcs.certificates import UNREADABLE

    pem = _read(path)
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        certificate.public_key()
        return certificate
    except UNREADABLE:
        raise InputError(
            f"The certificate {path.name} cannot be read",
            where=str(path),
            remedy="Give a PEM certificate.",
        ) from None


def _read(path: Path) -> bytes:
    try:
        return plain_octets(read_plain(path))
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"The file {path.name} cannot be read ({error.strerror})",
        where=str(path),
        remedy="Check its name and its rights.",
    )
