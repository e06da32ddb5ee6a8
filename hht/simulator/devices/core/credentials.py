"""A Device's trust anchor cells: whose Commands it accepts, and with which keys it answers.

A cell holds one Remote Party certificate's essentials, by role, key usage and cell usage (GBCS
13.2). Replacing a cell changes what the Device accepts from then on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from hht.entity_id import EntityId
from hht.gbcs.asn1.codes import DeviceType
from hht.gbcs.asn1.codes import RemotePartyRole as Role
from hht.gbcs.protection import KeyStore
from hht.simulator.pki.remote_parties import PARTIES
from hht.simulator.pki.smki import key_identifier

SIGNING = bytes.fromhex("0780")
AGREEMENT = bytes.fromhex("0308")
CERTIFYING = bytes.fromhex("0204")
"""Key usages as the BIT STRING content of a certificate's keyUsage."""
MANAGEMENT, PREPAYMENT = 0, 1
"""Cell usages."""

Agree = Callable[[EntityId, ec.EllipticCurvePublicKey], bytes | None]
"""Makes Z of a party and its Key Agreement key."""
Slot = tuple[Role, bytes, int]
"""Which cell: role, key usage, cell usage."""


class DeviceKeys(KeyStore, Protocol):
    """Where a Device finds its own keys and, at manufacture, the parties' certificates."""

    def public_key(self, party: EntityId, use: str) -> ec.EllipticCurvePublicKey | None:
        """Return the public key of use "ka" or "ds"."""

    def private_key(self, party: EntityId, use: str) -> ec.EllipticCurvePrivateKey | None:
        """Return the private key of use "ka" or "ds", where it is held."""

    def certificate(self, party: EntityId, use: str) -> x509.Certificate | None:
        """Return the certificate of use "ka" or "ds", where it is held."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a cell holds: the party, its 8-byte key identifier and its uncompressed point.

    The point is empty where only the identifier of a root is known.
    """

    party: EntityId
    key_id: bytes
    point: bytes

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey | None:
        """Make a key of the point."""
        if not self.point:
            return None
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self.point)

    @classmethod
    def of(cls, party: EntityId, key: ec.EllipticCurvePublicKey) -> "Anchor":
        """Make the cell content for this party's key."""
        point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return cls(party, key_identifier(key), point)


_EVERY = (
    (Role.ROOT, CERTIFYING, MANAGEMENT),
    (Role.RECOVERY, SIGNING, MANAGEMENT),
    (Role.TRANSITIONAL_CHANGE_OF_SUPPLIER, SIGNING, MANAGEMENT),
    (Role.ACCESS_CONTROL_BROKER, AGREEMENT, MANAGEMENT),
)
_BROKER_SIGNING = (Role.ACCESS_CONTROL_BROKER, SIGNING, MANAGEMENT)
_SUPPLIER = ((Role.SUPPLIER, SIGNING, MANAGEMENT), (Role.SUPPLIER, AGREEMENT, MANAGEMENT))
_OPERATOR = (
    (Role.NETWORK_OPERATOR, SIGNING, MANAGEMENT),
    (Role.NETWORK_OPERATOR, AGREEMENT, MANAGEMENT),
)
_METER = (*_EVERY, *_SUPPLIER, (Role.SUPPLIER, AGREEMENT, PREPAYMENT), *_OPERATOR)
_LOAD_CONTROLLER = (
    (Role.LOAD_CONTROLLER, SIGNING, MANAGEMENT),
    (Role.LOAD_CONTROLLER, AGREEMENT, MANAGEMENT),
)
_WAN = ((Role.WAN_PROVIDER, SIGNING, MANAGEMENT),)

SLOTS: Mapping[DeviceType, tuple[Slot, ...]] = {
    DeviceType.ESME: (*_METER, *_LOAD_CONTROLLER),
    DeviceType.GSME: _METER,
    DeviceType.GPF: (*_METER, _BROKER_SIGNING),
    DeviceType.CHF: (*_EVERY, _BROKER_SIGNING, *_WAN),
    DeviceType.PPMID: (*_EVERY, _BROKER_SIGNING),
    DeviceType.HCALCS: (*_EVERY, *_SUPPLIER, *_LOAD_CONTROLLER),
}
"""The cells each Device type has."""


class Credentials:
    """The trust anchor cells of one Device, usable as a KeyStore for what it receives."""

    def __init__(self, device: EntityId, agree: Agree, cells: dict[Slot, Anchor]) -> None:
        self.cells = cells
        self._device = device
        self._agree = agree
        self._secrets: dict[bytes, bytes | None] = {}

    def roles(self, party: EntityId) -> frozenset[Role]:
        """Return the roles under which the Device obeys this party; none for a stranger."""
        return frozenset(
            role
            for (role, _, cell), anchor in self.cells.items()
            if anchor.party == party and cell == MANAGEMENT
        )

    def party(self, role: Role) -> EntityId | None:
        """Return the party that has the role on this Device."""
        return next((a.party for slot, a in self.cells.items() if slot[0] == role), None)

    @property
    def access_control_broker(self) -> EntityId | None:
        """Return the party whose key MACs the Commands of every Remote Party."""
        return self.party(Role.ACCESS_CONTROL_BROKER)

    def other_secrets(self, device: EntityId, party: EntityId | None) -> tuple[bytes, ...]:
        """Return None: a Device obeys its own Access Control Broker alone."""
        return ()

    def other_signing_keys(self, party: EntityId) -> tuple[ec.EllipticCurvePublicKey, ...]:
        """Return None: a Device has one cell for each."""
        return ()

    def is_doubtful(self, party: EntityId, use: str = "ka") -> bool:
        """Return False: a Device trusts its own cells."""
        return False

    def shared_secret(self, own: EntityId, other: EntityId) -> bytes | None:
        """Compute Z between the Device and a party it has a Key Agreement cell for."""
        anchor = self._anchor(own if other == self._device else other, AGREEMENT)
        if anchor is None:
            return None
        if anchor.point not in self._secrets:
            key = anchor.public_key
            self._secrets[anchor.point] = self._agree(anchor.party, key) if key else None
        return self._secrets[anchor.point]

    def signing_public_key(self, party: EntityId) -> ec.EllipticCurvePublicKey | None:
        """Return the key with which the party's signature verifies."""
        anchor = self._anchor(party, SIGNING)
        return anchor.public_key if anchor else None

    def replace(self, slot: Slot, anchor: Anchor) -> None:
        """Put another certificate's essentials into a cell."""
        self.cells[slot] = anchor

    def own_key_changed(self) -> None:
        """Forget what was agreed with the Device's former key."""
        self._secrets.clear()

    def state(self) -> list[list[Any]]:
        """Return the cells, for JSON."""
        return [
            [role, usage.hex(), cell, a.party.hex(), a.key_id.hex(), a.point.hex()]
            for (role, usage, cell), a in self.cells.items()
        ]

    def restore(self, rows: Iterable[list[Any]]) -> None:
        """Restore the cells from `state()`."""
        for role, usage, cell, party, key_id, point in rows:
            anchor = Anchor(EntityId.parse(party), bytes.fromhex(key_id), bytes.fromhex(point))
            self.cells[Role(role), bytes.fromhex(usage), cell] = anchor

    def _anchor(self, party: EntityId, usage: bytes) -> Anchor | None:
        """Return the party's management cell; prepayment cells serve UTRNs only."""
        for (_, use, cell), anchor in self.cells.items():
            if anchor.party == party and use == usage and cell == MANAGEMENT:
                return anchor
        return None


def manufactured(kind: DeviceType, keys: DeviceKeys) -> Iterator[tuple[Slot, Anchor]]:
    """Fill the cells as before installation, from the parties' certificates."""
    uses = {SIGNING: "ds", CERTIFYING: "ds", AGREEMENT: "ka"}
    for slot in SLOTS[kind]:
        role, usage, cell = slot
        party = PARTIES[role]
        use = "pp-ka" if cell == PREPAYMENT else uses[usage]
        key = keys.public_key(party, use)
        if key is not None:
            yield slot, Anchor.of(party, key)
