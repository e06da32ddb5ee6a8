"""Device certificates of the SMKI: which Device one names, and how a library refuses one."""

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from hht.entity_id import EntityId

_ENTITY_OCTETS = 8  # an Entity Identifier is an EUI-64

UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""The library's errors for a certificate or key that it cannot read; it reads the parts of a
certificate when they are first asked for."""


def device_of(der: bytes) -> EntityId | None:
    """Find the Device that a DER certificate names; None where it names none or can't be read."""
    try:
        return certified_device(x509.load_der_x509_certificate(der))
    except UNREADABLE:
        return None


def agrees_keys(der: bytes) -> bool:
    """Return whether a DER certificate is for Key Agreement with a P-256 key."""
    try:
        certificate = x509.load_der_x509_certificate(der)
        key, usage = certificate.public_key(), _key_usage(certificate)
    except UNREADABLE:
        return False
    is_p256 = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    return is_p256 and (usage is None or usage.key_agreement)


def _key_usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def certified_device(certificate: x509.Certificate) -> EntityId | None:
    """Find the Entity Identifier in a Device certificate's hardware module name."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, *UNREADABLE):
        return None
    modules = [name.value for name in names if isinstance(name, x509.OtherName)]
    if not modules or len(modules[0]) < _ENTITY_OCTETS:
        return None
    return EntityId(modules[0][-_ENTITY_OCTETS:])
