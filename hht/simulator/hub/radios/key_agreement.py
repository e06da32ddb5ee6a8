"""Key establishment (CBKE) of one Device on the HAN: with the hub and with other Devices."""

import asyncio
from collections.abc import Awaitable, Callable

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.zse.cbke.exchange import CbkeIdentity, CbkeInitiator
from hht.zse.zcl import ZclFrame

TRIES = 3
"""Sendings of one frame before the partner counts as silent; as often as an APS frame is."""
ANSWER_SECONDS = 3.0
"""Until a frame is sent again: an embedded partner takes 1 to 2 s over sect283k1."""

Send = Callable[[ZclFrame], Awaitable[bool]]
"""Sends a Key Establishment frame to the partner, in clear but for the network key."""


class NoAnswer(Exception):
    """The partner is out of reach, switched off, or does not answer."""


class KeyAgreement:
    """Both sides of key establishment of one Device; it begins one exchange at a time."""

    def __init__(self, identity: Callable[[], CbkeIdentity], clock: Clock) -> None:
        self.identity = identity
        self._clock = clock
        self._server: KeyEstablishmentServer | None = None
        self._heard: asyncio.Queue[ZclFrame] = asyncio.Queue()
        self._partner: EntityId | None = None

    @property
    def under_way(self) -> bool:
        """Whether an exchange that the Device began has not ended."""
        return self._partner is not None

    async def agree(self, partner: EntityId, send: Send) -> bytes:
        """Agree a 16-byte link key as the initiator; CbkeError or NoAnswer where that fails."""
        initiator = CbkeInitiator(self.identity(), expect=partner)
        self._heard, self._partner = asyncio.Queue(), partner
        outgoing, answer = initiator.start(), None
        try:
            while not initiator.done:
                answer = await self._answer_to(outgoing, answer, send)
                outgoing = initiator.receive(answer) or outgoing
        finally:
            self._partner = None
        return initiator.link_key

    def hear(self, sender: EntityId, frame: ZclFrame) -> tuple[ZclFrame | None, bytes | None]:
        """Handle a frame; return what to send back, and the link key once both sides have it."""
        if frame.from_server:
            if sender == self._partner:
                self._heard.put_nowait(frame)
            return None, None
        if self._server is None:
            self._server = KeyEstablishmentServer(self.identity(), self._clock)
        answer = self._server.handle(sender, frame)
        return answer.frame, answer.link_key

    async def _answer_to(
        self, outgoing: ZclFrame, previous: ZclFrame | None, send: Send
    ) -> ZclFrame:
        """Send until a frame comes that is not the previous answer repeated, and return it."""
        for _ in range(TRIES):
            await send(outgoing)
            try:
                async with self._clock.timeout(ANSWER_SECONDS):
                    while (answer := await self._heard.get()) == previous:
                        pass
                    return answer
            except TimeoutError:
                continue
        raise NoAnswer
