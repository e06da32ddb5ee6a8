"""A unit as PPMID on the HAN: joins with its own Install Code, stays, and lets the ESME agree keys.

Its application, which answers GBCS Commands, is that of the simulated premises, as every Device's.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.radio.dongle import Dongle
from hht.radio.errors import JoinFailed, NotDelivered
from hht.radio.types import Beacon, IncomingMessage, Network
from hht.session.discovery import HubSeen, find_hubs
from hht.session.errors import CbkeFailed, JoinRefused
from hht.session.han_membership import HUB, Han
from hht.session.membership import agree_han_key, join_han
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.zse.cbke.cluster import Initiate, decode_key_command
from hht.zse.cbke.ecqv import SUITES, ImplicitCertificate
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import KEY_ESTABLISHMENT, ZclFrame

if TYPE_CHECKING:
    from hht.hub_profile import HubProfile
    from hht.session.identity import HhtIdentity

ENDPOINT = 1  # the first that ZigBee leaves to applications
RESUME_SECONDS = 5.0  # a radio that kept its membership says so at once
REJOIN_SECONDS = 20.0  # it looks on 16 channels, several times where frames are lost
# A hub that has just opened joining is found at the next try; a closed one is not hurried.
PAUSE_SECONDS = 1.0
# How often a quiet HAN is asked whether it still knows this Device.
_WATCH_SECONDS = 5.0
_SEND_SECONDS = 5.0  # one short frame, repeated up to three times


class NotLetIn(HhtError):
    """The PPMID has not come into the HAN in time."""

    code = "FAC-08"


_OUT_OF_REACH = "The hub is not heard", "See that it has power, and bring the PPMID into its reach."
_CLOSED = "The hub lets nobody join", "Its time to join is over: the supplier sends another CCS01."
_REFUSED = (
    "The hub does not let it join",
    "Its time to join may be over: then the supplier sends another CCS01. "
    "Else check the Install Code of its package.",
)
_NO_KEY = "If it fails again, this hub does not know the maker of the PPMID's certificate."


class PpmidHalf:
    """The PPMID; `is_in` is set while it is in the HAN with a link key of its own.

    `agreed` says whether it had one before; `keep` is called when that changes.
    """

    def __init__(
        self,
        address: Callable[[], str],
        gpf: EntityId,
        identity: "HhtIdentity",
        profile: "HubProfile",
        clock: Clock,
        *,
        agreed: bool,
        keep: Callable[[bool], None],
    ) -> None:
        self._address = address
        self._gpf = gpf
        self._identity = identity
        self._profile = profile
        self._clock = clock
        self._agreed = agreed
        self._keep = keep
        self._keys = KeyEstablishmentServer(identity.cbke, clock)
        self.is_in = asyncio.Event()
        self._failed = NotLetIn(_OUT_OF_REACH[0], remedy=_OUT_OF_REACH[1])

    async def run(self) -> None:
        """Come in, and come back whenever the HAN is lost, until it is cancelled."""
        while True:
            try:
                await self._one_stay()
            except (HhtError, OSError) as error:
                self._failed = _why(error)
            self.is_in.clear()
            await self._clock.sleep(PAUSE_SECONDS)

    async def wait_in(self, seconds: float) -> None:
        """Wait until it is in; NotLetIn, with the last reason, where it does not come in."""
        with contextlib.suppress(TimeoutError):
            async with self._clock.timeout(seconds):
                await self.is_in.wait()
        if not self.is_in.is_set():
            failed, where = self._failed, str(self._identity.entity_id)
            raise NotLetIn(failed.what, where=where, remedy=failed.remedy)

    async def _one_stay(self) -> None:
        dongle = await Dongle.open(self._address(), own_endpoint=ENDPOINT, clock=self._clock)
        try:
            if not await self._is_back(dongle):
                await self._come_in(dongle)
            self.is_in.set()
            await self._stay(dongle)
        finally:
            await dongle.close()

    async def _is_back(self, dongle: Dongle) -> bool:
        """Return whether the radio kept its place, or got it again, and with a link key."""
        network, is_new = await dongle.resume(timeout=RESUME_SECONDS), False
        if network is None and self._agreed:
            network, is_new = await self._rejoined(dongle), True
        if network is None or network.extended_pan_id != self._gpf:
            return False
        if is_new or not self._agreed:
            await self._agree(Han(dongle, _hub_of(network.channel, network.pan_id, self._gpf)))
        return True

    async def _rejoined(self, dongle: Dongle) -> Network | None:
        """Come back where the hub has a network key that the radio does not know; None if not."""
        with contextlib.suppress(JoinFailed):
            return await dongle.rejoin(timeout=REJOIN_SECONDS)
        return None

    async def _come_in(self, dongle: Dongle) -> None:
        """Join the first network of the hub that lets it in.

        A closed hub is not asked: to join again costs what the radio still has of its membership.
        """
        found = [hub for hub in await find_hubs(dongle) if hub.gpf == self._gpf]
        hubs = [hub for hub in found if hub.beacon.allowing_join]
        if not hubs:
            what, remedy = _CLOSED if found else _OUT_OF_REACH
            raise NotLetIn(what, where=str(self._gpf), remedy=remedy)
        self._note(agreed=False)
        for hub in hubs:
            try:
                await self._agree(await join_han(dongle, hub, self._identity))
                return
            except HhtError:
                await dongle.leave()
                if hub is hubs[-1]:
                    raise

    async def _agree(self, han: Han) -> None:
        await agree_han_key(han, self._identity)
        self._note(agreed=True)

    def _note(self, *, agreed: bool) -> None:
        if agreed != self._agreed:
            self._agreed = agreed
            self._keep(agreed)

    async def _stay(self, dongle: Dongle) -> None:
        """Answer key establishment until the HAN is lost."""
        while True:
            try:
                message = await dongle.receive(timeout=_WATCH_SECONDS)
            except TimeoutError:
                await dongle.network()
                continue
            if message.cluster == KEY_ESTABLISHMENT and message.sender != HUB:
                await self._answer(dongle, message)

    async def _answer(self, dongle: Dongle, message: IncomingMessage) -> None:
        """Be the responder of a Device that agrees a key, and use the key once both have it."""
        try:
            frame = ZclFrame.decode(message.payload)
            partner = self._partner(frame)
        except MalformedFrame:
            return
        answer = await asyncio.to_thread(self._keys.handle, partner, frame)
        if answer.link_key is not None:
            await dongle.set_link_key(partner, answer.link_key)
        if answer.frame is not None:
            with contextlib.suppress(NotDelivered):
                await dongle.send_unicast(
                    KEY_ESTABLISHMENT,
                    answer.frame.encode(),
                    destination=message.sender,
                    endpoint=message.source_endpoint,
                    aps_encryption=False,
                    timeout=_SEND_SECONDS,
                )

    def _partner(self, frame: ZclFrame) -> EntityId:
        """Return who asks: whom the certificate of the exchange names, until the next one
        begins."""
        command = decode_key_command(frame)
        if isinstance(command, Initiate):
            suite = SUITES[self._identity.cbke.suite]
            self._asking = ImplicitCertificate.parse(suite, command.certificate).subject
        return self._asking

    _asking = EntityId(bytes(8))


def _why(error: HhtError | OSError) -> NotLetIn:
    """Return what hindered it; only where the hub was asked may its Install Code be wrong."""
    if isinstance(error, NotLetIn):
        return error
    if isinstance(error, OSError):
        return NotLetIn(str(error))
    if isinstance(error, JoinRefused):
        return NotLetIn(_REFUSED[0], remedy=_REFUSED[1])
    return NotLetIn(error.what, remedy=_NO_KEY if isinstance(error, CbkeFailed) else error.remedy)


def _hub_of(channel: int, pan_id: int, gpf: EntityId) -> HubSeen:
    return HubSeen(Beacon(channel, pan_id, gpf, allowing_join=False, lqi=0, rssi=0))
