"""TLS for a class in a network: with a certificate that is given, or one of our own."""

import ipaddress
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hht.clock import SYSTEM_CLOCK
from hht.errors import HhtError, InputError
from hht.files import private_folder, read_input, read_plain, write_whole

CERTIFICATE, KEY = "certificate.pem", "key.pem"
VALID = timedelta(days=30)
"""A course; browsers ask again for a new one, so not a lesson."""
LEFT = timedelta(days=2)
"""One that ends sooner is made again, so that none ends in a lesson."""
EARLIER = timedelta(hours=1)
"""Before now, for trainees' clocks that are slow."""


@dataclass(frozen=True)
class Tls:
    """What the server speaks, and what people compare before they trust it."""

    context: ssl.SSLContext
    fingerprint: str


def given_certificate(certificate: Path, key: Path) -> Tls:
    """Use a certificate (PEM, with its chain) and its key; InputError where they do not work."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    read_input(key)  # a name with a slip is said by itself
    raw = read_input(certificate)
    try:
        found = x509.load_pem_x509_certificate(raw)
        context.load_cert_chain(certificate, key, password=lambda: "")
    except (OSError, ValueError) as error:
        raise InputError(
            f"Certificate and key do not work together ({type(error).__name__})",
            where=f"{certificate}, {key}",
            remedy="Give a certificate and its own key, both PEM, the key without a password.",
        ) from None
    return Tls(context, found.fingerprint(hashes.SHA256()).hex(":").upper())


def own_certificate(folder: Path, names: Iterable[str]) -> Tls:
    """Use the certificate that was made here for these names before, else make one."""
    wanted = sorted(set(names))
    certificate, key = private_folder(folder) / CERTIFICATE, folder / KEY
    if not _still_good(certificate, wanted) or not key.exists():
        _make(certificate, key, wanted)
    return given_certificate(certificate, key)


def _still_good(path: Path, names: list[str]) -> bool:
    try:
        found = x509.load_pem_x509_certificate(read_plain(path))
        said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    long_enough = found.not_valid_after_utc - SYSTEM_CLOCK.now() > LEFT
    return long_enough and list(said) == [_general_name(name) for name in names]


def _make(certificate: Path, key: Path, names: list[str]) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(private, names, SYSTEM_CLOCK.now())
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        write_whole(key, pem)
        write_whole(certificate, made.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        raise HhtError(
            f"The certificate cannot be kept ({error.strerror})",
            where=str(certificate),
            remedy="Check the room on the disk and the permissions.",
        ) from None


def _certificate(
    private: ec.EllipticCurvePrivateKey, names: list[str], now: datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hht training class")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(map(_general_name, names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
    )
    return builder.sign(private, hashes.SHA256())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return x509.DNSName(name)
