"""How a Device comes into its network: as an orphan, by a rejoin, or through open joining.

A Device that was a member rejoins: as an orphan whose hub still has it as its child, with the
network key that it holds, or without it by its Trust Centre link key. Any other looks for networks
that permit joining and tries its Install Code there.
Source: IEEE 802.15.4 orphan scan, ZigBee PRO association and rejoin, SE key establishment, GBCS
13.7 for joins among Devices.
"""

from collections.abc import Awaitable, Callable, Sequence

from hht.entity_id import EntityId
from hht.simulator.site.record import SiteDevice
from hht.simulator.stack.node import BeaconHeard, JoinReason, RadioNode
from hht.zse import aes_mmo
from hht.zse.install_code import InstallCode

CHANNELS = range(11, 27)
"""2.4 GHz has these, and a Device does not know which one its hub took."""
_SCAN_SECONDS = 0.1  # on each channel: a hub's beacon comes within some milliseconds
_NOT_LET_IN = frozenset({JoinReason.NOT_PERMITTED, JoinReason.REFUSED, JoinReason.NO_KEY})


class WayIn:
    """The ways in of one Device, tried one at a time, for they all use its radio.

    `home` is the Extended PAN ID of the network that it was in last. `held_key` gives the Trust
    Centre link key that it holds; `agree` replaces it by key establishment, and says whether it
    could.
    """

    def __init__(
        self,
        node: RadioNode,
        device: SiteDevice,
        held_key: Callable[[], bytes | None],
        agree: Callable[[], Awaitable[bool]],
    ) -> None:
        self.home: EntityId | None = None
        self._node = node
        self._device = device
        self._comes_back = device.spec.comes_back
        self._held_key = held_key
        self._agree_with_hub = agree

    async def attempt(self) -> JoinReason:
        """Try each way in once; what is the own network stays known however it ends."""
        reason = await self._try_ways()
        if reason is JoinReason.JOINED:
            self.home = self._node.extended_pan_id
        return reason

    async def _try_ways(self) -> JoinReason:
        is_orphan = self._comes_back == "orphan" and self._node.network.key
        if is_orphan and (await self._node.rejoining.as_orphan(CHANNELS)).ok:
            return JoinReason.JOINED
        heard = await self._node.active_scan(CHANNELS, 1000 * _SCAN_SECONDS)
        networks = sorted(heard, key=lambda beacon: beacon.lqi, reverse=True)
        held = self._held_key()
        if held and await self._come_back(networks, held):
            return JoinReason.JOINED
        reason = await self._come_in(networks, held)
        # A member whose hub is there goes on: that it was not let in as a stranger ends nothing.
        is_heard = any(each.extended_pan_id == self.home for each in networks)
        goes_on = held is not None and is_heard and reason in _NOT_LET_IN
        return JoinReason.NO_RESPONSE if goes_on else reason

    async def _come_back(self, networks: Sequence[BeaconHeard], held: bytes) -> bool:
        """Rejoin the network; else ask every other hub whether it took over that one's log."""
        node = self._node
        own = [each for each in networks if each.extended_pan_id == self.home]
        holds_key = bool(node.network.key) and self._comes_back != "unsecured"
        if own and holds_key and (await node.rejoining.with_key([own[0].channel])).ok:
            return True
        for each in own or networks:
            # A hub that took over another's log has the hashes of the keys alone (GBCS CCS03).
            key = held if each in own else aes_mmo.digest(held)
            where = each.channel, each.pan_id, each.extended_pan_id
            if (await node.rejoining.in_clear(*where, key)).ok and await self._agree_with_hub():
                return True
        return False

    async def _come_in(self, networks: Sequence[BeaconHeard], held: bytes | None) -> JoinReason:
        """Try each network that permits joining, with each key that may open its network key."""
        reason = JoinReason.NOT_PERMITTED if networks else JoinReason.NO_BEACON
        install = InstallCode(self._device.install_code).link_key
        for each in [each for each in networks if each.permit_joining]:
            where = each.channel, each.pan_id, each.extended_pan_id
            for key in [held, install] if held else [install]:
                reason = (await self._node.join(*where, key)).reason
                if reason is not JoinReason.NO_KEY:
                    break
            if reason is JoinReason.JOINED:
                return reason if await self._agree_with_hub() else JoinReason.NO_LINK_KEY
        return reason
