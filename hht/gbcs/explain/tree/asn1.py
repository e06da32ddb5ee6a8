"""The tree of an ASN.1 payload, and of the certificates in it."""

from datetime import datetime
from enum import IntEnum, IntFlag

from hht.entity_id import EntityId
from hht.gbcs.alerts import numbered_alert
from hht.gbcs.asn1 import Element, Node, der
from hht.gbcs.asn1.certificates import (
    Certificate,
    CertificationRequest,
    read_certificate,
    read_request,
)
from hht.gbcs.explain.amounts import hex_in_words, whole
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import Place, is_never, no_asn1_time, utc
from hht.gbcs.explain.field import Field, leaf
from hht.gbcs.payload import Asn1Payload
from hht.spans import Line, Part, code, entity, hidden, named_code, say

_SECRETS = ("Plaintext Symmetric Key",)
_HASHES = ("Manufacturer Image Hash",)
_ABBREVIATIONS = frozenset({"GSME", "ESME", "CHF", "GPF", "HCALCS", "PPMID", "WAN", "CBKE", "CRL"})
_SPOKEN = {"COS": "change of supplier"}
_WHOLE = {"OTHER": "another reason"}
_IDENTIFIER_LENGTH = 8  # an Entity Identifier is an EUI-64
_NUMBERS = (der.INTEGER, der.ENUMERATED)
_MINOR = ("Originator Counter",)
_STAMPS = dict.fromkeys(
    ("Date Time", "Device Time", "Validity Interval Start", "Validity Interval End"), Place.STAMP
)


def asn1_fields(payload: Asn1Payload, context: Context) -> tuple[Field, ...]:
    """Return the tree with the names of its use case."""
    return (element_field(payload.element, context),)


def element_field(element: Element, context: Context) -> Field:
    """Return one element and what is below it; a certificate by what it says."""
    if "Certificate" in element.name:
        certificate = read_certificate(element.node)
        if certificate:
            return certificate_field(element.name, certificate)
    if element.name == "Certification Request":
        request = read_request(element.node)
        if request:
            return _request_field(element.name, request)
    children = tuple(element_field(child, context) for child in element.children)
    return Field(element.name, _words(element, context), children, element.name in _MINOR)


def certificate_field(name: str, certificate: Certificate) -> Field:
    """Return whose certificate it is, for what, and until when."""
    role = code_in_words(certificate.role) if certificate.role is not None else "Device"
    owner = _owner(certificate.entity_id, certificate.common_name)
    return Field(
        name,
        say("{} ({})", owner, role),
        (
            leaf("Key Usage", code_in_words(certificate.key_usage)),
            leaf("Issuer", certificate.issuer),
            leaf("Serial Number", f"{certificate.serial:X}"),
            leaf("Valid from", utc(certificate.not_before)),
            leaf("Valid to", _end(certificate.not_after)),
            leaf("Subject Key Identifier", hex_in_words(certificate.subject_key_identifier)),
            leaf("Public Key", hex_in_words(certificate.public_key)),
        ),
    )


def code_in_words(number: IntEnum | IntFlag) -> str:
    """Return the name of an enumeration's member in words; abbreviations keep their capitals."""
    if number.name in _WHOLE:
        return _WHOLE[number.name]
    words = (number.name or whole(int(number))).replace("|", "_,_").split("_")
    spoken = " ".join(
        word if word in _ABBREVIATIONS else _SPOKEN.get(word, word.lower()) for word in words
    )
    return spoken.replace(" ,", ",")


def _request_field(name: str, request: CertificationRequest) -> Field:
    usage = code_in_words(request.key_usage) if request.key_usage is not None else "not said"
    return Field(
        name,
        Line.of(_owner(request.entity_id, "no Device named"), f", {usage}"),
        (
            leaf("Key Usage", usage),
            leaf("Public Key", hex_in_words(request.public_key)),
        ),
    )


def _end(at: datetime) -> Part:
    """Return the end of a certificate, which the year 9999 leaves open (RFC 5280, 4.1.2.5)."""
    return "no end" if is_never(at) else utc(at)


def _owner(identifier: EntityId | None, otherwise: str) -> Part:
    return entity(identifier) if identifier else otherwise


def _words(element: Element, context: Context) -> Line:
    value = element.value
    if isinstance(value, bytes):
        return Line.of(_octets(element, value, context))
    if isinstance(value, IntEnum | IntFlag):
        return named_code(int(value), code_in_words(value))
    if isinstance(value, datetime):
        return Line.of(utc(value, _STAMPS.get(element.name, Place.START)))
    if element.name == "Alert Code" and isinstance(value, int):
        return Line.of(code(numbered_alert(value), value))
    if isinstance(value, int) and not isinstance(value, bool):
        return Line.of(whole(value))
    return Line.of(_of_structure(element.node) if value is None else str(value))


def _octets(element: Element, octets: bytes, context: Context) -> Part:
    name = element.name
    if element.node.tag in _NUMBERS:
        return f"out of range: {hex_in_words(octets) or 'empty'}"
    if element.node.tag == der.GENERALIZED_TIME:
        return no_asn1_time(octets)
    if name in _SECRETS and not context.show_secrets:
        return hidden(octets)
    if name in _HASHES:
        return f"SHA-256 {hex_in_words(octets)}"
    if name == "Device" and len(octets) == _IDENTIFIER_LENGTH:
        return entity(EntityId(octets))
    return hex_in_words(octets) or "empty"


def _of_structure(node: Node) -> str:
    return "" if node.children else "nothing"
