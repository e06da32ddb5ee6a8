"""ECMQV key agreement with ECQV keys, and the keys and confirmation MACs made of its secret.

ZigBee Smart Energy, Annex C.4 and C.5; all byte strings most significant byte first.
"""

from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.zse import aes_mmo
from hht.zse.cbke.binary_curve import BinaryCurve, InvalidPoint, Point
from hht.zse.cbke.ecqv import CbkeSuite

_FROM_INITIATOR, _FROM_RESPONDER = b"\x02", b"\x03"


def shared_secret(
    suite: CbkeSuite,
    private_key: int,
    ephemeral_private: int,
    ephemeral_public: Point,
    peer_public: Point,
    peer_ephemeral: Point,
) -> bytes:
    """Compute Z, the x coordinate of h * s * (R' + avf(R') * Q'); InvalidPoint at infinity."""
    curve = suite.curve
    own = ephemeral_private + _associate(curve, ephemeral_public) * private_key
    weighted = own * _associate(curve, peer_ephemeral)
    terms = [(own, peer_ephemeral), (weighted, peer_public)]
    secret = curve.times_cofactor(curve.combine(terms))
    if secret is None:
        raise InvalidPoint("the agreed point is at infinity")
    return secret[0].to_bytes(suite.private_length, "big")


def _associate(curve: BinaryCurve, point: Point) -> int:
    """Compute avf: the low half of the x coordinate, with the bit above it set."""
    half = (curve.order.bit_length() + 1) // 2
    return point[0] % (1 << half) | 1 << half


@dataclass(frozen=True)
class AgreedKeys:
    """What the key derivation of a shared secret gives."""

    mac_key: bytes = field(repr=False)
    link_key: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: bytes) -> "AgreedKeys":
        """Derive the keys by ANSI X9.63 over AES-MMO, without SharedInfo."""
        mac_key, link_key = (aes_mmo.digest(secret + bytes((0, 0, 0, n))) for n in (1, 2))
        return cls(mac_key, link_key)

    def initiators_mac(self, transcript: "Transcript") -> bytes:
        """Compute MACU, 16 bytes."""
        t = transcript
        text = t.initiator + t.responder + t.initiators_ephemeral + t.responders_ephemeral
        return aes_mmo.hmac(self.mac_key, _FROM_INITIATOR + text)

    def responders_mac(self, transcript: "Transcript") -> bytes:
        """Compute MACV, 16 bytes."""
        t = transcript
        text = t.responder + t.initiator + t.responders_ephemeral + t.initiators_ephemeral
        return aes_mmo.hmac(self.mac_key, _FROM_RESPONDER + text)


@dataclass(frozen=True)
class Transcript:
    """Whom and which ephemeral keys (compressed) the confirmation covers."""

    initiator: EntityId
    responder: EntityId
    initiators_ephemeral: bytes
    responders_ephemeral: bytes
