"""Membership of a hub's HAN: frames of the clusters in use, to the hub and from it."""

import contextlib
from collections import deque
from typing import TYPE_CHECKING

from hht.radio.errors import NetworkLost
from hht.session.discovery import HubSeen
from hht.session.errors import MembershipEnded
from hht.zse.errors import MalformedFrame
from hht.zse.zcl import KEY_ESTABLISHMENT, TUNNELING, ZclFrame

if TYPE_CHECKING:
    from hht.radio.dongle import Dongle
    from hht.radio.types import IncomingMessage

HUB = 0x0000
"""The network address of the hub: it is the HAN's coordinator."""
MOST_FRAMES = 512
"""Of one cluster, kept while another is read; no longer needed are those of an agreed key."""
SEND_SECONDS = 20.0  # a full message is some twenty APS fragments, each repeated up to three times


class Han:
    """Membership of one HAN; keeps a frame of one cluster that comes while another is read."""

    def __init__(self, dongle: "Dongle", hub: HubSeen) -> None:
        self.dongle = dongle
        self.hub = hub
        self._endpoints: dict[int, int] = {}
        self._kept: dict[int, deque[ZclFrame]] = {KEY_ESTABLISHMENT: deque(), TUNNELING: deque()}
        self.dropped = 0
        """Frames of one cluster that came while too many of it waited to be read."""

    async def send(self, cluster: int, frame: ZclFrame) -> None:
        """Send to the hub and wait for its acknowledgement; tunnel frames are APS-encrypted.

        NotDelivered without an acknowledgement, MembershipEnded outside the HAN.
        """
        try:
            if cluster not in self._endpoints:
                self._endpoints[cluster] = await self.dongle.discover_endpoint(cluster, HUB)
            await self.dongle.send_unicast(
                cluster,
                frame.encode(),
                destination=HUB,
                endpoint=self._endpoints[cluster],
                aps_encryption=_is_encrypted(cluster),
                timeout=SEND_SECONDS,
            )
        except NetworkLost as error:
            raise MembershipEnded(self.hub.gpf) from error

    async def receive(self, cluster: int) -> ZclFrame:
        """Return the hub's next frame of the cluster, without limit; MembershipEnded at its end."""
        while not self._kept[cluster]:
            try:
                self._keep(await self.dongle.receive(timeout=None))
            except NetworkLost as error:
                raise MembershipEnded(self.hub.gpf) from error
        return self._kept[cluster].popleft()

    def received(self, cluster: int) -> list[ZclFrame]:
        """Take the hub's frames of the cluster that have arrived, without waiting."""
        for message in self.dongle.received():
            self._keep(message)
        frames = list(self._kept[cluster])
        self._kept[cluster].clear()
        return frames

    def _keep(self, message: "IncomingMessage") -> None:
        if message.sender != HUB or message.cluster not in self._kept:
            return
        if _is_encrypted(message.cluster) and not message.aps_encrypted:
            return  # GBCS messages travel under the link key, or they are not the hub's
        if len(self._kept[message.cluster]) >= MOST_FRAMES:
            self.dropped += 1
            return
        with contextlib.suppress(MalformedFrame):
            self._kept[message.cluster].append(ZclFrame.decode(message.payload))


def _is_encrypted(cluster: int) -> bool:
    return cluster != KEY_ESTABLISHMENT
