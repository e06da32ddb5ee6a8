"""Security credentials on a Device: CS02a read, CS02b replace (GBCS 13.3, 13.5).

A replacement is taken when its certificate is signed along the path that came with it up to the
Device's root, says what the cell is for, and is within what the replacement mode may change. Each
cell has its own outcome, so some may change where others do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.asn1.codes import ReplacementMode, TrustAnchorStatus
from hht.gbcs.certificates import UNREADABLE
from hht.gbcs.errors import MalformedMessage
from hht.simulator.devices.core.asn1_fields import members
from hht.simulator.devices.core.credentials import (
    AGREEMENT,
    CERTIFYING,
    MANAGEMENT,
    SIGNING,
    Anchor,
    Credentials,
    Slot,
)

_MODE = ReplacementMode
_MAY_CHANGE: Mapping[ReplacementMode, frozenset[Role]] = {
    _MODE.SUPPLIER_BY_SUPPLIER: frozenset({Role.SUPPLIER}),
    _MODE.NETWORK_OPERATOR_BY_NETWORK_OPERATOR: frozenset({Role.NETWORK_OPERATOR}),
    _MODE.ACCESS_CONTROL_BROKER_BY_ACCESS_CONTROL_BROKER: frozenset({Role.ACCESS_CONTROL_BROKER}),
    _MODE.WAN_PROVIDER_BY_WAN_PROVIDER: frozenset({Role.WAN_PROVIDER}),
    _MODE.TRANSITIONAL_COS_BY_TRANSITIONAL_COS: frozenset({Role.TRANSITIONAL_CHANGE_OF_SUPPLIER}),
    _MODE.SUPPLIER_BY_TRANSITIONAL_COS: frozenset({Role.SUPPLIER}),
    _MODE.ANY_EXCEPT_ABNORMAL_ROOT_BY_RECOVERY: frozenset(Role) - {Role.ROOT},
    _MODE.LOAD_CONTROLLER_BY_LOAD_CONTROLLER: frozenset({Role.LOAD_CONTROLLER}),
    _MODE.LOAD_CONTROLLER_BY_SUPPLIER: frozenset({Role.LOAD_CONTROLLER}),
}
_AUTHORITY, _REPLACEMENTS, _PATH = 0, 1, 2  # places in what CS02b carries
_CELL_TAG, _FLOOR_TAG, _SPECIALIST_TAG, _CHANGES_TAG = 0xA2, 0x84, 0xA5, 0xA6


@dataclass(frozen=True, slots=True)
class CredentialsUpdate:
    """A CS02b Command taken apart; `counter_changes` is as the outcome repeats it."""

    mode: ReplacementMode
    counter_changes: der.Node
    replacements: tuple[tuple[x509.Certificate, Slot], ...]
    path: tuple[x509.Certificate, ...]
    execute_at: der.Node | None

    @classmethod
    def decode(cls, payload: bytes) -> "CredentialsUpdate":
        """Read the Command; MalformedMessage where it is not one."""
        parts = members(der.decode_only_node(payload), 3, 4)
        authority = parts[_AUTHORITY]
        mode = authority.children[0].number if authority.children else -1
        if mode not in _MAY_CHANGE:
            raise MalformedMessage(f"replacement mode {mode} is not one this Device knows")
        pairs = (members(pair, 2) for pair in parts[_REPLACEMENTS].children)
        return cls(
            mode=ReplacementMode(mode),
            counter_changes=_counter_changes(authority),
            replacements=tuple((_certificate(one), read_slot(two)) for one, two in pairs),
            path=tuple(map(_certificate, parts[_PATH].children)),
            execute_at=parts[3] if len(parts) == 4 else None,
        )

    def floors(self) -> Iterator[tuple[Role, int]]:
        """Return the floor of each role's originator counter that the Command sets."""
        for change in self.counter_changes.children:
            role, floor, *_ = members(change, 2, 3)
            yield Role(role.number), floor.number


def replace_credentials(
    update: CredentialsUpdate, credentials: Credentials, counter: int
) -> der.Node:
    """Replace what may be replaced; the execution outcome of CS02b."""
    rows = [_replace(update, *pair, credentials) for pair in update.replacements]
    return der.sequence(
        der.integer(counter),
        der.integer(update.mode),
        update.counter_changes,
        der.sequence(*rows),
    )


def provide_details(
    payload: bytes, credentials: Credentials, counters: Mapping[EntityId, int]
) -> der.Node:
    """Answer CS02a: every cell of the roles asked for."""
    _, roles = members(der.decode_only_node(payload), 2)
    return der.sequence(*(_details(role.number, credentials, counters) for role in roles.children))


def slot_node(slot: Slot) -> der.Node:
    """Build role, key usage and, unless it is for management, cell usage."""
    role, usage, cell = slot
    extra = () if cell == MANAGEMENT else (der.integer(cell),)
    return der.sequence(der.integer(role), der.Node(der.BIT_STRING, usage), *extra)


def read_slot(node: der.Node) -> Slot:
    """Read the cell that a SEQUENCE of role, key usage and cell usage names."""
    role, usage, *cell = members(node, 2, 3)
    if role.number not in Role.__members__.values():
        raise MalformedMessage(f"{role.number} is no Remote Party Role")
    return Role(role.number), usage.content, cell[0].number if cell else MANAGEMENT


def _details(role: int, credentials: Credentials, counters: Mapping[EntityId, int]) -> der.Node:
    held = (item for item in credentials.cells.items() if item[0][0] == role)
    cells = sorted(held, key=lambda item: (item[0][1] != SIGNING, item[0][2]))
    if not cells:
        status = der.enumerated(TrustAnchorStatus.TRUST_ANCHOR_NOT_FOUND)
        return der.sequence(der.integer(role), status)
    rows = (
        der.sequence(
            *slot_node(slot).children[1:], der.octets(anchor.party), der.octets(anchor.key_id)
        )
        for slot, anchor in cells
    )
    return der.sequence(
        der.integer(role),
        der.enumerated(TrustAnchorStatus.SUCCESS),
        der.integer(counters.get(cells[0][1].party, 0)),
        der.sequence(*rows),
    )


def _replace(
    update: CredentialsUpdate, certificate: x509.Certificate, slot: Slot, credentials: Credentials
) -> der.Node:
    existing = credentials.cells.get(slot)
    status = _judge(update, certificate, slot, credentials)
    if status is TrustAnchorStatus.SUCCESS:
        credentials.replace(slot, _anchor(certificate))
    empty = Anchor(EntityId(bytes(8)), b"", b"")
    before, after = existing or empty, credentials.cells.get(slot, empty)
    subjects = (part for a in (before, after) for part in (a.party, a.key_id))
    return der.sequence(slot_node(slot), der.enumerated(status), *map(der.octets, subjects))


def _judge(
    update: CredentialsUpdate, certificate: x509.Certificate, slot: Slot, credentials: Credentials
) -> TrustAnchorStatus:
    if slot[0] not in _MAY_CHANGE[update.mode]:
        return TrustAnchorStatus.OTHER
    if slot not in credentials.cells:
        return TrustAnchorStatus.TRUST_ANCHOR_NOT_FOUND
    if _usage(certificate) != slot[1] or _subject(certificate) is None:
        return TrustAnchorStatus.BAD_CERTIFICATE
    return _validate(certificate, update.path, credentials)


def _validate(
    certificate: x509.Certificate, path: tuple[x509.Certificate, ...], credentials: Credentials
) -> TrustAnchorStatus:
    """Follow the issuers through the path that came along, to the Device's root."""
    issuers = {_subject_key(issuer): issuer for issuer in path}
    root = credentials.cells.get((Role.ROOT, CERTIFYING, MANAGEMENT))
    for _ in range(len(path) + 1):
        authority = _authority_key(certificate)
        if root is not None and authority == root.key_id:
            key = root.public_key
            return _signed(certificate, key) if key else TrustAnchorStatus.SUCCESS
        issuer = issuers.get(authority or b"")
        if issuer is None:
            break
        if _signed(certificate, issuer.public_key()) is not TrustAnchorStatus.SUCCESS:
            return TrustAnchorStatus.BAD_CERTIFICATE
        certificate = issuer
    return TrustAnchorStatus.NO_TRUST_ANCHOR


def _signed(certificate: x509.Certificate, key: object) -> TrustAnchorStatus:
    algorithm = certificate.signature_hash_algorithm
    if algorithm is None or not isinstance(key, ec.EllipticCurvePublicKey):
        return TrustAnchorStatus.BAD_CERTIFICATE
    try:
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(algorithm))
    except InvalidSignature:
        return TrustAnchorStatus.BAD_CERTIFICATE
    return TrustAnchorStatus.SUCCESS


def _counter_changes(authority: der.Node) -> der.Node:
    """Return the counter changes as the outcome repeats them: the Command's, or the role's own."""
    tagged = {child.tag: child for child in authority.children}
    if _CHANGES_TAG in tagged:
        return der.sequence(*tagged[_CHANGES_TAG].children)
    if _CELL_TAG not in tagged or not tagged[_CELL_TAG].children:
        raise MalformedMessage("the authorising trust anchor cell is missing")
    role = tagged[_CELL_TAG].children[0].number
    floor = tagged[_FLOOR_TAG].number if _FLOOR_TAG in tagged else 0
    change = [der.integer(role), der.integer(floor)]
    if _SPECIALIST_TAG in tagged:
        change.append(der.sequence(*tagged[_SPECIALIST_TAG].children))
    return der.sequence(der.sequence(*change))


def _certificate(node: der.Node) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der.encode_node(node))
    except UNREADABLE:
        raise MalformedMessage("a certificate of the Command cannot be read") from None


def _anchor(certificate: x509.Certificate) -> Anchor:
    key, party = certificate.public_key(), _subject(certificate)
    if not isinstance(key, ec.EllipticCurvePublicKey) or party is None:
        raise MalformedMessage("a certificate of the Command names no Remote Party")
    return Anchor.of(party, key)


def _subject(certificate: x509.Certificate) -> EntityId | None:
    names = certificate.subject.get_attributes_for_oid(NameOID.X500_UNIQUE_IDENTIFIER)
    value = names[0].value if names else b""
    return EntityId(value[-8:]) if isinstance(value, bytes) and len(value) >= 8 else None


def _usage(certificate: x509.Certificate) -> bytes:
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    return SIGNING if usage.digital_signature else AGREEMENT if usage.key_agreement else CERTIFYING


def _subject_key(certificate: x509.Certificate) -> bytes:
    return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest


def _authority_key(certificate: x509.Certificate) -> bytes | None:
    extension = certificate.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    return extension.value.key_identifier
