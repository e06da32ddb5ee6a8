"""Admission of the HHT to a hub's CHF Device Log, over inter-PAN, before the HHT joins.

First CBKE, bound to the hub that the engineer confirmed; then, secured by the agreed key, the CCS01
of the HHT in the form that the hub profile says, answered by a CCS01 Response.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.session.discovery import HubSeen
from hht.session.errors import AdmissionRefused, HubSilent, WindowClosed
from hht.session.identity import HhtIdentity
from hht.session.interpan_link import InterPanCarrier, InterPanLink, interpan
from hht.session.key_agreement import OnDoubt, agree_key
from hht.session.secured_exchange import SecuredExchange
from hht.zse.errors import MalformedFrame
from hht.zse.install_code import InstallCode
from hht.zse.interpan.admission import (
    AdmissionAnswer,
    admission_frame,
    build_admission,
    is_admission_answer,
    read_admission_answer,
)
from hht.zse.zcl import ZclFrame

if TYPE_CHECKING:
    from hht.radio.dongle import Dongle


class Admission:
    """The admission of one HHT by one hub: `agree_link_key`, then `register`."""

    def __init__(
        self, link: InterPanLink, hub: HubSeen, identity: HhtIdentity, profile: HubProfile
    ) -> None:
        self._link = link
        self._hub = hub
        self.identity = identity
        self._profile = profile
        self._key = b""

    async def agree_link_key(self, on_doubt: OnDoubt | None = None) -> None:
        """Establish the key by CBKE over inter-PAN; WindowClosed if the hub answers nothing.

        `on_doubt` as in `agree_key`.
        """
        gpf = self._hub.gpf
        closed = WindowClosed(gpf, self._profile.window_minutes)
        carrier = InterPanCarrier(self._link)
        identity, clock = self.identity.cbke, self._link.clock
        try:
            self._key = await agree_key(carrier, identity, gpf, closed, clock, on_doubt)
        except WindowClosed as error:
            doubt = await self._link.doubt()
            raise WindowClosed(gpf, self._profile.window_minutes, doubt) from error
        self._link.key = self._key

    async def register(self, chf: EntityId) -> None:
        """Send the HHT's CCS01 to this CHF; AdmissionRefused with the reason in its Response."""
        exchange = SecuredExchange(self._link, self._key, self._profile)
        payload = build_admission(
            self._profile,
            self.identity.entity_id,
            InstallCode(self.identity.install_code),
            chf,
            _rising_counter(self._link.clock),
            self._key,
        )
        request = admission_frame(self._profile, payload, sequence=1).encode()
        answer = await exchange.ask(request, self._read_answer)
        if answer is None:
            raise HubSilent(self._hub.gpf, "CCS01")
        if not answer.positive:
            raise AdmissionRefused(self._hub.gpf, answer.summary)

    def _read_answer(self, payload: bytes) -> AdmissionAnswer | None:
        """Return the CCS01 Response, None for anything else."""
        with contextlib.suppress(MalformedFrame):
            frame = ZclFrame.decode(payload)
            if is_admission_answer(self._profile, frame):
                return read_admission_answer(self._profile, frame.payload, self._key)
        return None


@contextlib.asynccontextmanager
async def admission(
    dongle: "Dongle", hub: HubSeen, identity: HhtIdentity, profile: HubProfile
) -> AsyncIterator[Admission]:
    """Hold the inter-PAN link to the hub while the HHT is being admitted."""
    async with interpan(dongle, hub, identity.entity_id) as link:
        yield Admission(link, hub, identity, profile)


def _rising_counter(clock: Clock) -> int:
    """Return an Originator Counter above every earlier one of this HHT: milliseconds since 1970."""
    return int(clock.time() * 1000)
