"""Frames between the HHT and one hub before the HHT has joined: sent to it, heard from it alone."""

import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.radio.errors import DongleError, NotDelivered
from hht.session.discovery import HubSeen
from hht.zse.errors import MalformedFrame
from hht.zse.interpan.frame import InterPanFrame, decode_interpan
from hht.zse.zcl import KEY_ESTABLISHMENT, SMART_ENERGY_PROFILE, ZclFrame

if TYPE_CHECKING:
    from hht.radio.dongle import Dongle

NO_PAN = 0xFFFF
"""The HHT's own PAN id while it is a member of none."""


class InterPanLink:
    """One hub over inter-PAN; `key` opens what it sends secured, once there is one."""

    def __init__(self, dongle: "Dongle", hub: HubSeen, own: EntityId) -> None:
        self._dongle = dongle
        self._hub = hub
        self._own = own
        self._sequence = itertools.cycle(range(256))
        self.key: bytes | None = None

    @property
    def clock(self) -> Clock:
        return self._dongle.clock

    async def doubt(self) -> str:
        """Find why the dongle may not hear a hub that answers; "" for no reason known."""
        return await self._dongle.interpan_doubt()

    def frame(
        self, cluster: int, payload: bytes, profile_id: int = SMART_ENERGY_PROFILE
    ) -> InterPanFrame:
        """Build a frame to the hub."""
        return InterPanFrame(
            source=self._own,
            source_pan=NO_PAN,
            destination=self._hub.gpf,
            destination_pan=self._hub.beacon.pan_id,
            mac_sequence=next(self._sequence),
            cluster=cluster,
            payload=payload,
            profile=profile_id,
        )

    async def send(self, raw: bytes) -> None:
        """Send a MAC frame without FCS; it may be lost.

        A frame without an acknowledgement may have arrived: the hub's answer shows it.
        """
        with contextlib.suppress(NotDelivered):
            await self._dongle.send_interpan(raw)

    async def receive(self, cluster: int) -> InterPanFrame:
        """Return the hub's next frame of the cluster, waiting without limit.

        Skips what does not open or comes from anyone else.
        """
        while True:
            heard = await self._dongle.receive_interpan(timeout=None)
            with contextlib.suppress(MalformedFrame):
                frame = decode_interpan(heard.raw, lambda _: self.key)
                if self._is_from_hub(frame) and frame.cluster == cluster:
                    return frame

    def _is_from_hub(self, frame: InterPanFrame) -> bool:
        return frame.source == self._hub.gpf and frame.destination == self._own


class InterPanCarrier:
    """A carrier of Key Establishment over an InterPanLink, in clear."""

    def __init__(self, link: InterPanLink) -> None:
        self._link = link

    async def send(self, frame: ZclFrame) -> None:
        """Send one frame; it may be lost."""
        await self._link.send(self._link.frame(KEY_ESTABLISHMENT, frame.encode()).encode())

    async def receive(self) -> ZclFrame:
        """Return the hub's next Key Establishment frame."""
        while True:
            heard = await self._link.receive(KEY_ESTABLISHMENT)
            with contextlib.suppress(MalformedFrame):
                frame = ZclFrame.decode(heard.payload)
                if frame.cluster_specific and frame.from_server:
                    return frame


@contextlib.asynccontextmanager
async def interpan(dongle: "Dongle", hub: HubSeen, own: EntityId) -> AsyncIterator[InterPanLink]:
    """Hold a link on the hub's channel."""
    await dongle.open_interpan(hub.beacon.channel, hub.beacon.pan_id)
    try:
        yield InterPanLink(dongle, hub, own)
    finally:
        with contextlib.suppress(DongleError):  # what ended the link is the error that counts
            await dongle.close_interpan()
