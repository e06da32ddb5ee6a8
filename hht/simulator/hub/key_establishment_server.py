"""The hub's side of key establishment (CBKE): one partner at a time, over any carrier."""

from dataclasses import dataclass, field

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.zse.cbke.cluster import INITIATE, TerminateStatus
from hht.zse.cbke.exchange import (
    CONFIRM_SECONDS,
    EPHEMERAL_SECONDS,
    CbkeError,
    CbkeIdentity,
    CbkeResponder,
    terminate_frame,
)
from hht.zse.zcl import ZclFrame

_PATIENCE = EPHEMERAL_SECONDS + CONFIRM_SECONDS
_WAIT_SECONDS = 10
"""What a second partner is asked to wait: about as long as one exchange takes an embedded hub."""


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """What to send back, and the 16-byte link key once both sides have it."""

    frame: ZclFrame | None
    link_key: bytes | None = field(default=None, repr=False)


class KeyEstablishmentServer:
    """Answers Key Establishment commands; a second partner has to wait."""

    def __init__(self, identity: CbkeIdentity, clock: Clock) -> None:
        self._identity = identity
        self._clock = clock
        self._responder: CbkeResponder | None = None
        self._partner: EntityId | None = None
        self._last: ZclFrame | None = None
        self._until = 0.0

    def handle(self, partner: EntityId, frame: ZclFrame) -> KeyAnswer:
        """Answer one frame of the partner's; forget an exchange that fails."""
        if partner != self._partner and self._clock.time() < self._until:
            return KeyAnswer(self._busy(frame))
        if frame.cluster_specific and frame.command == INITIATE and frame != self._last:
            self._responder = CbkeResponder(self._identity, expect=partner)
        if self._responder is None:
            self._responder = CbkeResponder(self._identity, expect=partner)
        self._partner, self._last = partner, frame
        try:
            answer = self._responder.receive(frame)
        except CbkeError as error:
            self.reset()
            return KeyAnswer(error.answer)
        done = self._responder.done
        self._until = 0.0 if done else self._clock.time() + _PATIENCE
        return KeyAnswer(answer, self._responder.link_key if done else None)

    def reset(self) -> None:
        """Forget the exchange under way."""
        self._responder = self._partner = self._last = None
        self._until = 0.0

    def _busy(self, frame: ZclFrame) -> ZclFrame:
        status, suites = TerminateStatus.NO_RESOURCES, self._identity.suite
        return terminate_frame(
            status, suites, frame.sequence, to_server=False, wait_seconds=_WAIT_SECONDS
        )
