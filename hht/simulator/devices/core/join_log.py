"""A Device's own log of the Devices it works with: CS03 join, CS04 unjoin, CS07, GCS59, GCS62.

Which pairs may join, by which method, is the table `PAIRS`; whether the other Device answers in the
HAN is asked of `present`. Source: GBCS CS03A1-CS04B, as the reference messages and the mapping
table show them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from hht.entity_id import EntityId
from hht.gbcs.asn1 import der
from hht.gbcs.asn1.codes import DeviceType, JoinMethod, JoinResult, ReadResult, UnjoinResult
from hht.gbcs.certificates import device_of
from hht.gbcs.errors import MalformedMessage
from hht.simulator.devices.core.asn1_fields import encode, identifier, members, only

_A1, _A2, _B, _C = (
    JoinMethod.METHOD_A_INITIATOR,
    JoinMethod.METHOD_A_RESPONDER,
    JoinMethod.METHOD_B,
    JoinMethod.METHOD_C,
)
NEEDS_KEY = frozenset({0x000D, 0x000E})
"""CS03A1 and CS03B: the Device that gets them needs a link key with the other first."""
METHOD_OF_CODE: Mapping[int, JoinMethod] = {0x000D: _A1, 0x00AB: _A2, 0x000E: _B, 0x00AF: _C}

_T = DeviceType
PAIRS: Mapping[tuple[DeviceType, DeviceType], JoinMethod] = {
    (_T.ESME, _T.HCALCS): _A1,
    (_T.ESME, _T.PPMID): _A1,
    (_T.ESME, _T.TYPE_2): _B,
    (_T.HCALCS, _T.ESME): _A2,
    (_T.PPMID, _T.ESME): _A2,
    (_T.PPMID, _T.GPF): _B,
    (_T.PPMID, _T.GSME): _C,
    (_T.GSME, _T.GPF): _B,
    (_T.GSME, _T.PPMID): _C,
    (_T.GPF, _T.GSME): _B,
    (_T.GPF, _T.PPMID): _B,
    (_T.GPF, _T.TYPE_2): _B,
}
"""The method by which the first, which is commanded, joins with the second."""

LOG_ENTRIES = 16
"""How many Devices a log has room for where no hub profile says otherwise, as in the stand-in's."""


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What CS03 asks: the method, the other Device, its type, and for method C its certificate."""

    method: int
    other: EntityId
    other_type: int
    certificate: bytes = b""

    @classmethod
    def decode(cls, payload: bytes) -> "JoinRequest":
        """Read the SEQUENCE of CS03A1, CS03A2, CS03B or CS03C."""
        method, other, other_type, *rest = members(only(payload, der.SEQUENCE), 3, 4)
        certificate = der.encode_node(rest[0]) if rest else b""
        return cls(method.number, identifier(other), other_type.number, certificate)

    def encode(self) -> bytes:
        head = (der.integer(self.method), der.octets(self.other), der.integer(self.other_type))
        rest = (der.decode_only_node(self.certificate),) if self.certificate else ()
        return der.encode_node(der.sequence(*head, *rest))


@dataclass(slots=True)
class DeviceLog:
    """Who one Device is joined with.

    `limit` is how many, `present` who answers in the HAN, `names` whether a certificate is the
    other Device's, `agreed` how key establishment with another has just ended, where it was tried.
    """

    owner: DeviceType
    limit: int = LOG_ENTRIES
    entries: dict[EntityId, DeviceType] = field(default_factory=dict)
    present: Callable[[EntityId], bool] = lambda other: True
    names: Callable[[bytes, EntityId], bool] = lambda der_, other: device_of(der_) == other
    agreed: dict[EntityId, JoinResult] = field(default_factory=dict)

    def join(self, message_code: int, request: JoinRequest) -> JoinResult:
        """Join with the other Device, or say why not."""
        method = METHOD_OF_CODE[message_code]
        result = self.objection(message_code, request) or self._reach(method, request.other)
        if result is JoinResult.SUCCESS:
            self.entries[request.other] = DeviceType(request.other_type)
        return result

    def _reach(self, method: JoinMethod, other: EntityId) -> JoinResult:
        """Return how getting a key with the other went, or whether it can be reached at all."""
        if other in self.agreed:
            return self.agreed.pop(other)
        return JoinResult.SUCCESS if self.present(other) else _ABSENT[method]

    def objection(self, message_code: int, request: JoinRequest) -> JoinResult | None:
        """Return why any Device refuses this request; None where none does."""
        method = METHOD_OF_CODE[message_code]
        if request.method != method:
            return JoinResult.INVALID_MESSAGE_CODE_FOR_JOIN_METHOD_AND_ROLE
        pair = (self.owner, request.other_type)
        if PAIRS.get(pair) is not method:  # type: ignore[arg-type]
            return JoinResult.INVALID_JOIN_METHOD_AND_ROLE
        other_type = DeviceType(request.other_type)
        if self.entries.get(request.other, other_type) is not other_type:
            return JoinResult.INCOMPATIBLE_WITH_EXISTING_ENTRY
        if request.other not in self.entries and len(self.entries) >= self.limit:
            return JoinResult.DEVICE_LOG_FULL
        if method is _C and not self.names(request.certificate, request.other):
            return JoinResult.INVALID_OR_MISSING_CERTIFICATE
        return None

    def unjoin(self, other: EntityId) -> UnjoinResult:
        if self.entries.pop(other, None) is None:
            return UnjoinResult.OTHER_DEVICE_NOT_IN_DEVICE_LOG
        return UnjoinResult.SUCCESS

    def read(self) -> bytes:
        """Build the Response payload of CS07."""
        entries = der.sequence(*(entry_node(*row) for row in self.entries.items()))
        return encode(der.sequence(der.integer(ReadResult.SUCCESS), entries))

    def state(self) -> dict[str, int]:
        """Return the entries, for JSON."""
        return {other.hex(): int(kind) for other, kind in self.entries.items()}

    def restore(self, state: dict[str, int]) -> None:
        """Restore what `state()` returned."""
        self.entries = {EntityId.parse(k): DeviceType(v) for k, v in state.items()}


_ABSENT: Mapping[JoinMethod, JoinResult] = {
    _A1: JoinResult.NO_CBKE_RESPONSE,
    _A2: JoinResult.SUCCESS,
    _B: JoinResult.NO_PARTNER_LINK_KEY_RECEIVED,
    _C: JoinResult.SUCCESS,
}
"""What a join answers when the other Device is not in the HAN; a responder just waits for it."""


def entry_node(other: EntityId, other_type: int) -> der.Node:
    """Build one entry of a Device Log as CS07, GCS59 and GCS62 write it."""
    return der.sequence(der.octets(other), der.integer(other_type))


def read_entry(node: der.Node) -> tuple[EntityId, DeviceType]:
    """Read an entry of GCS59; MalformedMessage when it is none."""
    other, other_type = members(node, 2)
    if other_type.number not in DeviceType.__members__.values():
        raise MalformedMessage(f"{other_type.number} is no Device type")
    return identifier(other), DeviceType(other_type.number)
