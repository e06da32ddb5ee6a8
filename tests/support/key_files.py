"""Keys and certificates as files, for TLS and for signing."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)


def write_key_pair(
    folder: Path, name: str = "hht", password: str = "", curve: ec.EllipticCurve | None = None
) -> tuple[Path, Path]:
    """Write NAME.key, on P-256 unless said, and NAME.pem, a certificate issued by OU=07, CN=Z1."""
    key = ec.generate_private_key(curve or ec.SECP256R1())
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name.from_rfc4514_string("CN=Z1,OU=07"))
        .public_key(key.public_key())
        .serial_number(123456789)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    encryption = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    paths = folder / f"{name}.key", folder / f"{name}.pem"
    paths[0].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    paths[1].write_bytes(certificate.public_bytes(Encoding.PEM))
    return paths
