"""The tree of an ASN.1 payload, and of the certificates in it."""

from datetime import datetime
from enum import IntEnum, IntFlag

from hht.entity_id import EntityId
from hht.gbcs.alerts import alert_name
from hht.gbcs.asn1 import Element, Node, der
from hht.gbcs.asn1.certificates import Certificate, read_certificate
from hht.gbcs.explain.amounts import hex_in_words, whole
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import moment
from hht.gbcs.explain.field import Field, hidden
from hht.gbcs.payload import Asn1Payload

_SECRETS = ("Plaintext Symmetric Key",)
_ABBREVIATIONS = frozenset({"GSME", "ESME", "CHF", "GPF", "HCALCS", "PPMID", "WAN", "CBKE", "CRL"})
_IDENTIFIER_LENGTH = 8
_NUMBERS = (der.INTEGER, der.ENUMERATED)


def asn1_fields(payload: Asn1Payload, context: Context) -> tuple[Field, ...]:
    """The tree with the names of its use case."""
    return (element_field(payload.element, context),)


def element_field(element: Element, context: Context) -> Field:
    """One element and what is below it; a certificate by what it says."""
    certificate = read_certificate(element.node) if "Certificate" in element.name else None
    if certificate:
        return certificate_field(element.name, certificate)
    children = tuple(element_field(child, context) for child in element.children)
    return Field(element.name, _words(element, context), children)


def certificate_field(name: str, certificate: Certificate) -> Field:
    """Whose certificate it is, for what, and until when."""
    role = code_in_words(certificate.role) if certificate.role is not None else "Device"
    owner = certificate.entity_id or certificate.common_name
    return Field(
        name,
        f"{owner} ({role})",
        (
            Field("Key Usage", code_in_words(certificate.key_usage)),
            Field("Issuer", certificate.issuer),
            Field("Serial Number", f"{certificate.serial:X}"),
            Field("Valid from", moment(certificate.not_before)),
            Field("Valid to", moment(certificate.not_after)),
        ),
    )


def code_in_words(code: IntEnum | IntFlag) -> str:
    """The name of an enumeration's member in words; abbreviations keep their capitals."""
    words = (code.name or str(int(code))).replace("|", "_,_").split("_")
    spoken = " ".join(word if word in _ABBREVIATIONS else word.lower() for word in words)
    return spoken.replace(" ,", ",")


def _words(element: Element, context: Context) -> str:
    value = element.value
    if isinstance(value, bytes):
        return _octets(element, value, context)
    if isinstance(value, IntEnum | IntFlag):
        return f"{int(value)}, {code_in_words(value)}"
    if isinstance(value, datetime):
        return moment(value)
    if element.name == "Alert Code" and isinstance(value, int):
        return f"{value:04X}, {alert_name(value)}"
    if isinstance(value, int) and not isinstance(value, bool):
        return whole(value)
    return _of_structure(element.node) if value is None else str(value)


def _octets(element: Element, octets: bytes, context: Context) -> str:
    name = element.name
    if element.node.tag in _NUMBERS:
        return f"out of range: {hex_in_words(octets) or 'empty'}"
    if name in _SECRETS and not context.show_secrets:
        return hidden(octets)
    if name == "Device" and len(octets) == _IDENTIFIER_LENGTH:
        return str(EntityId(octets))
    return hex_in_words(octets) or "empty"


def _of_structure(node: Node) -> str:
    return "" if node.children else "nothing"
