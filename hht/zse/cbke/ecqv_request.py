"""Certificate requests of ECQV (SEC 4, section 2.4): an HHT that makes its own key.

The HHT draws a secret k and sends the point k*G; the authority returns the certificate and a
number r. The private key, e*k + r with e the certificate's hash, was never with the authority.
"""

from dataclasses import dataclass, field

from hht.zse.cbke.ecqv import CbkeSuite, ImplicitCertificate, Random, new_private_key


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """What a request is made of; `point` is compressed, `secret` big-endian and stays here."""

    point: bytes
    secret: bytes = field(repr=False)


def make_request(suite: CbkeSuite, random: Random) -> CertificateRequest:
    """Draw the secret and compute its point."""
    secret = new_private_key(suite, random)
    point = suite.curve.multiply(secret, suite.curve.generator)
    assert point is not None  # the secret is less than the curve's order
    return CertificateRequest(
        suite.curve.encode(point), secret.to_bytes(suite.private_length, "big")
    )


def private_key_of(certificate: ImplicitCertificate, secret: bytes, contribution: bytes) -> bytes:
    """Compute the private key (big-endian) from the secret and the authority's contribution."""
    order = certificate.suite.curve.order
    product = certificate.hash * int.from_bytes(secret, "big")
    key = (product + int.from_bytes(contribution, "big")) % order
    return key.to_bytes(certificate.suite.private_length, "big")


def key_fits(certificate: ImplicitCertificate, private_key: bytes, ca_public_key: bytes) -> bool:
    """Return whether the private key is the one whose public half the certificate yields."""
    curve = certificate.suite.curve
    public = curve.multiply(int.from_bytes(private_key, "big"), curve.generator)
    return public is not None and public == certificate.public_key(ca_public_key)
