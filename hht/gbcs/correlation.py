"""Which Response or Alert belongs to which Command: equal keys belong together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

from hht.entity_id import EntityId
from hht.gbcs.message import Cra, Message
from hht.gbcs.protection import KeyStore, Verdict, check_mac, check_signature


@dataclass(frozen=True, slots=True)
class CorrelationKey:
    """A Response repeats its Command's counter and code, with the two parties changed over."""

    device: EntityId
    party: EntityId
    counter: int
    message_code: int


def key_of_command(message: Message) -> CorrelationKey:
    """Return the key of a Command: its recipient is the Device."""
    return CorrelationKey(
        message.recipient, message.originator, message.counter, message.message_code
    )


def key_of_response(message: Message) -> CorrelationKey:
    """Return the key of a Response or an Alert: its originator is the Device."""
    return CorrelationKey(
        message.originator, message.recipient, message.counter, message.message_code
    )


def key_of(message: Message) -> CorrelationKey:
    """Return the key of any message, by what it is."""
    return key_of_command(message) if message.cra is Cra.COMMAND else key_of_response(message)


class Doubt(Enum):
    """Why what is said of a Response's Command is not to be relied on."""

    FORGED = "its MAC or signature is wrong"
    SEVERAL = "there are several that differ, and none is proven"
    UNSIGNED = "it is a Pre-Command that no party signed"


class Pair(NamedTuple):
    """The Command that a Response answers, as far as one may be said to be that."""

    command: Message | None = None
    doubt: Doubt | None = None


class _Proof(IntEnum):
    """What speaks for a Command being what its originator sent."""

    NONE = 0
    UNCHECKED = 1
    VALID = 2


@dataclass(slots=True)
class _Claim:
    """A Command that a Response may answer, and its place; verdicts once it was checked."""

    at: int
    command: Message
    verdicts: tuple[Verdict, Verdict] | None = None


class Commands:
    """The Commands among what is inspected, each checked once at the most."""

    def __init__(self, messages: Iterable[Message | None], keys: KeyStore | None) -> None:
        self._keys = keys
        self._claims: dict[CorrelationKey, list[_Claim]] = defaultdict(list)
        for at, message in enumerate(messages):
            if message is not None and message.cra is Cra.COMMAND:
                self._claims[key_of(message)].append(_Claim(at, message))

    def checked(self, at: int, command: Message, *verdicts: Verdict) -> None:
        """Keep what was found out about the MAC and the signature of a Command."""
        for claim in self._claims.get(key_of(command), ()):
            if claim.at == at:
                claim.verdicts = (verdicts[0], verdicts[1])

    def for_response(self, at: int, response: Message) -> Pair:
        """Return the Command to explain the Response at a place with.

        Of several with its counter: one that proved valid, else one that was not found to be
        forged, a Pre-Command last; of these the last one before the Response, else the first after
        it. Where those that nothing proves differ it may be any of them: none is returned.
        """
        if response.cra is not Cra.RESPONSE:
            return Pair()
        claims = self._claims.get(key_of(response), [])
        sound = [claim for claim in claims if Verdict.INVALID not in self._verdicts(claim)]
        if not sound:
            return Pair(doubt=Doubt.FORGED if claims else None)
        best = max(map(self._proof, sound))
        likely = [claim for claim in sound if self._proof(claim) == best]
        if best is not _Proof.VALID and len({claim.command.payload for claim in likely}) > 1:
            return Pair(doubt=Doubt.SEVERAL)
        nearest = max(
            likely,
            key=lambda claim: (claim.at < at, claim.at if claim.at < at else -claim.at),
        )
        return Pair(nearest.command, Doubt.UNSIGNED if best is _Proof.NONE else None)

    def _proof(self, claim: _Claim) -> _Proof:
        if Verdict.VALID in self._verdicts(claim):
            return _Proof.VALID
        is_unsigned = claim.command.is_precommand and not claim.command.signature
        return _Proof.NONE if is_unsigned else _Proof.UNCHECKED

    def _verdicts(self, claim: _Claim) -> tuple[Verdict, Verdict]:
        if claim.verdicts is None:
            command, keys = claim.command, self._keys
            claim.verdicts = (check_mac(command, keys), check_signature(command, keys))
        return claim.verdicts
