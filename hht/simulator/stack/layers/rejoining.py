"""How a node that was in a network comes back: with its keys, without, or as an orphan."""

from collections.abc import Sequence

from hht.entity_id import EntityId
from hht.simulator.stack.layers.application import ApplicationLayer
from hht.simulator.stack.layers.join_client import CAPABILITY, JoinClient
from hht.simulator.stack.layers.network import NetworkLayer
from hht.simulator.stack.ports import NO_NETWORK, JoiningRadio
from hht.simulator.stack.types import JoinReason, JoinResult
from hht.zse.frames.nwk import COORDINATOR


class Rejoining:
    """The ways back into a node's network; who is in again announces itself."""

    def __init__(
        self,
        radio: JoiningRadio,
        network: NetworkLayer,
        client: JoinClient,
        application: ApplicationLayer,
    ) -> None:
        self._radio = radio
        self._network = network
        self._client = client
        self._application = application

    async def with_key(self, channels: Sequence[int]) -> JoinResult:
        """Find the network again, with the network key still held."""
        result = await self._client.rejoin(channels)
        if result.ok:
            self._application.announce(CAPABILITY)
        return result

    async def without_key(self, channels: Sequence[int]) -> JoinResult:
        """Find the network again with the Trust Centre link key alone (Trust Centre rejoin).

        A node that is not let in keeps what it had, and may try again.
        """
        hub = self._network.addresses.get(COORDINATOR)
        key, keys = self._radio.link_keys.get(hub or NO_NETWORK, b""), dict(self._radio.link_keys)
        radio = self._radio
        before = radio.channel, radio.pan_id, radio.short_address, radio.extended_pan_id
        network_key = self._network.key
        result = JoinResult(False, JoinReason.NO_BEACON)
        if hub and key and (found := await self._client.find(channels, before[3])):
            result = await self.in_clear(found.channel, found.pan_id, before[3], key)
        if not result.ok and hub:
            radio.channel, radio.pan_id, radio.short_address, radio.extended_pan_id = before
            self._network.start(network_key)
            self._network.addresses[COORDINATOR] = hub
        self._radio.link_keys = keys | self._radio.link_keys  # partners' keys outlive a rejoin
        return result

    async def as_orphan(self, channels: Sequence[int]) -> JoinResult:
        """Look for the coordinator that still has this node as its child."""
        result = await self._client.orphan(channels)
        if result.ok:
            self._application.announce(CAPABILITY)
        return result

    async def in_clear(
        self, channel: int, pan_id: int, extended_pan_id: EntityId, link_key: bytes
    ) -> JoinResult:
        """Come back without the network key: `link_key` (16 bytes) opens the one that is sent."""
        self._radio.stop()
        result = await self._client.rejoin_in_clear(channel, pan_id, extended_pan_id, link_key)
        if result.ok:
            self._application.announce(CAPABILITY)
        else:
            self._radio.stop()
        return result
