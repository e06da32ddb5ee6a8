"""What a GBCS certificate says, read from its DER tree without checking its signature.

Source: SMKI Certificate Policies (X.509 profiles): an Organisation certificate carries its role
as organisational unit and its Entity Identifier as x500UniqueIdentifier; a Device certificate
carries the Entity Identifier as hardwareModuleName in its subject alternative name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import KeyUsage, RemotePartyRole
from hht.gbcs.asn1.der import Node, decode_only_node
from hht.gbcs.asn1.values import dotted, value_of
from hht.gbcs.errors import MalformedMessage

_UNIQUE_IDENTIFIER = "2.5.4.45"
_ORGANISATIONAL_UNIT = "2.5.4.11"
_COMMON_NAME = "2.5.4.3"
_KEY_USAGE = "2.5.29.15"
_SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
_ALTERNATIVE_NAME = "2.5.29.17"
_EXTENSION_REQUEST = "1.2.840.113549.1.9.14"
_VERSION_TAG = 0xA0
_EXTENSIONS_TAG = 0xA3


@dataclass(frozen=True, slots=True)
class Certificate:
    """The parts of an X.509 certificate GBCS goes by.

    `entity_id` and `role` are None where the certificate names none (a root; a Device has no
    role). `public_key` is the 65-byte uncompressed P-256 point.
    """

    serial: int
    issuer: str
    common_name: str
    entity_id: EntityId | None
    role: RemotePartyRole | None
    key_usage: KeyUsage
    subject_key_identifier: bytes
    not_before: datetime
    not_after: datetime
    public_key: bytes


@dataclass(frozen=True, slots=True)
class CertificationRequest:
    """The parts of a PKCS #10 request that GBCS goes by; `entity_id` is the Device's."""

    entity_id: EntityId | None
    key_usage: KeyUsage | None
    public_key: bytes


def read_request(node: Node) -> CertificationRequest | None:
    """Return the certification request a tree holds; None when the tree is not one."""
    try:
        _, subject, key, *rest = node.children[0].children
        extensions = dict(_requested(rest))
        usage = _inner(extensions, _KEY_USAGE).content[1] if _KEY_USAGE in extensions else None
        return CertificationRequest(
            entity_id=_entity_id(dict(_attributes(subject)), extensions),
            key_usage=None if usage is None else KeyUsage(usage),
            public_key=key.children[1].content[1:],
        )
    except (IndexError, MalformedMessage, ValueError):
        return None


def read_certificate(node: Node) -> Certificate | None:
    """Return the certificate a tree holds; None when the tree is not one."""
    try:
        return _certificate(node.children[0])
    except (IndexError, MalformedMessage, ValueError):
        return None


def _certificate(signed: Node) -> Certificate:
    parts = [part for part in signed.children if part.tag != _VERSION_TAG]
    serial, _, issuer, validity, subject, key = parts[:6]
    extensions = dict(_extensions(parts))
    names = dict(_attributes(subject))
    return Certificate(
        serial=serial.number,
        issuer=dict(_attributes(issuer)).get(_COMMON_NAME, b"").decode(),
        common_name=names.get(_COMMON_NAME, b"").decode(),
        entity_id=_entity_id(names, extensions),
        role=_role(names),
        key_usage=KeyUsage(_inner(extensions, _KEY_USAGE).content[1]),
        subject_key_identifier=_inner(extensions, _SUBJECT_KEY_IDENTIFIER).content,
        not_before=_moment(validity.children[0]),
        not_after=_moment(validity.children[1]),
        public_key=key.children[1].content[1:],
    )


def _attributes(name: Node) -> Iterator[tuple[str, bytes]]:
    for relative in name.children:
        for attribute in relative.children:
            kind, value = attribute.children
            yield dotted(kind.content), value.content


def _extensions(parts: list[Node]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        if part.tag == _EXTENSIONS_TAG:
            for extension in part.children[0].children:
                yield dotted(extension.children[0].content), extension.children[-1].content


def _requested(parts: list[Node]) -> Iterator[tuple[str, bytes]]:
    """Yield the extensions that a request asks for, in its attributes."""
    for attributes in parts:
        for attribute in attributes.children:
            if dotted(attribute.children[0].content) == _EXTENSION_REQUEST:
                for extension in attribute.children[1].children[0].children:
                    yield dotted(extension.children[0].content), extension.children[-1].content


def _inner(extensions: dict[str, bytes], kind: str) -> Node:
    return decode_only_node(extensions.get(kind, b""))


def _entity_id(names: dict[str, bytes], extensions: dict[str, bytes]) -> EntityId | None:
    if _UNIQUE_IDENTIFIER in names:
        return EntityId(names[_UNIQUE_IDENTIFIER][1:])
    if _ALTERNATIVE_NAME not in extensions:
        return None
    other_name = _inner(extensions, _ALTERNATIVE_NAME).children[0]
    return EntityId(other_name.children[1].children[0].children[1].content)


def _role(names: dict[str, bytes]) -> RemotePartyRole | None:
    unit = names.get(_ORGANISATIONAL_UNIT, b"").decode()
    return RemotePartyRole(int(unit, 16)) if unit else None


def _moment(node: Node) -> datetime:
    if node.tag == der.UTC_TIME:
        text = str(value_of(node))
        return datetime.strptime(text, "%y%m%d%H%M%SZ").replace(tzinfo=UTC)
    return node.time
