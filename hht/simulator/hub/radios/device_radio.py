"""One Device's radio: when it looks for its network, what it says there, and its sleep."""

import asyncio
from collections.abc import Callable, Mapping

from hht.entity_id import EntityId
from hht.simulator.hub.han_server import ENDPOINT as HUB_ENDPOINT
from hht.simulator.hub.radios.key_agreement import KeyAgreement, NoAnswer
from hht.simulator.hub.radios.recall import begin_frame_counter, recall_network
from hht.simulator.hub.radios.way_in import WayIn
from hht.simulator.site.record import SiteDevice
from hht.simulator.stack.node import Endpoint, JoinReason, RadioNode, Received
from hht.zse.cbke.exchange import CbkeError, CbkeIdentity
from hht.zse.errors import MalformedFrame
from hht.zse.frames import octets, zdo
from hht.zse.frames.nwk import COORDINATOR
from hht.zse.ota import OTA_UPGRADE
from hht.zse.zcl import BASIC, KEY_ESTABLISHMENT, TUNNELING, ZclFrame

ENDPOINT = 1  # the first that ZigBee leaves to applications
_DWELL = 0.001
"""Wall seconds on a channel: sixteen of them are scanned at each attempt."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0
"""Between two attempts when nothing was heard; each pause is twice the one before."""
_ATTEMPTS = 6
"""Until a Device that never joined waits for joining to be opened again."""
_LOOK_UPS = 3  # a broadcast is not acknowledged: one may be lost in noise
_LOOK_UP_SECONDS = 0.5
"""Until a NWK_addr_req is repeated; the Device asked about answers at once."""
_POLL_SECONDS = 0.02
"""How long a waking Device listens for its parent to say that it is no child any more."""
_ENDS_SO_AGAIN = frozenset({JoinReason.JOINED, JoinReason.REFUSED, JoinReason.NO_KEY})
"""After the others it may be the air's: of all hubs a neighbour's alone may have been heard."""
_POLLS = 3
"""A waking Device's, until it concludes that its parent is gone; one lost frame proves nothing."""

_DEVICE_IDS: Mapping[str, int] = {
    "ESME": 0x0501,
    "GSME": 0x0501,
    "PPMID": 0x0502,
    "IHD": 0x0502,
    "HCALCS": 0x0503,
    "CAD": 0x0502,
}
"""ZigBee SE device identifiers: metering device, in-home display, load control device."""

Hear = Callable[[Received, ZclFrame], None]


class DeviceRadio:
    """The radio of one Device and what it knows of its network.

    `held_key` gives the Trust Centre link key that it holds, `may_seek` says whether there is any
    reason to look for the network; `on_member` is called when it has come into the HAN, or back.
    """

    def __init__(
        self,
        device: SiteDevice,
        hub: RadioNode,
        identity: Callable[[], CbkeIdentity],
        held_key: Callable[[], bytes | None],
        may_seek: Callable[[], bool],
        on_member: Callable[[], None],
    ) -> None:
        self.device = device
        self.sleeps = device.spec.wake_minutes > 0
        self.member = False
        self.last: JoinReason | None = None
        self.handlers: dict[int, Hear] = {KEY_ESTABLISHMENT: self._establish_key}
        self._held_key = held_key
        self._may_seek = may_seek
        self._on_member = on_member
        self.stay_awake: Callable[[], None] = self.sleep
        """What one that sleeps does as soon as it has joined."""
        self.node = node = RadioNode(hub.air, device.entity_id)
        node.scanner.dwell = _DWELL
        node.endpoints = {
            ENDPOINT: Endpoint(
                device_id=_DEVICE_IDS[device.spec.type],
                servers=(BASIC, KEY_ESTABLISHMENT),
                clients=(KEY_ESTABLISHMENT, TUNNELING, OTA_UPGRADE),
            )
        }
        begin_frame_counter(node)
        node.on_message = self._hear
        node.on_left = lambda who: self.lose()
        self.keys = KeyAgreement(identity, node.clock)
        self._way = WayIn(node, device, held_key, self._agree_with_hub)
        self._endpoints: dict[EntityId, int] = {}
        self._found: dict[EntityId, asyncio.Future[int | None]] = {}
        self._looking: asyncio.Task[None] | None = None
        # One radio: looking around and waking up must not change its channel under each other.
        self._in_use = asyncio.Lock()
        self._again = False
        self._lost: asyncio.Future[None] | None = None
        self._awaited: list[asyncio.Future[None]] = []
        self._sending: set[asyncio.Task[bool]] = set()

    def seek(self) -> None:
        """Look for the network, unless the Device is a member or has no supply."""
        self._again = True
        if not self._looking or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    async def in_han(self, seconds: float) -> bool:
        """Wait until the Device is a member of the HAN, at most so many of the radio's seconds."""
        if not self.member:
            arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._awaited.append(arrived)
            await self.node.clock.wait(arrived, seconds)
            self._awaited.remove(arrived)
        return self.member

    def lose(self) -> None:
        """Be no member any more, until `seek` finds the network again."""
        self.member = False
        if self._lost and not self._lost.done():
            self._lost.set_result(None)

    def stop(self) -> None:
        """Have no supply, or end with the hub's process."""
        self.lose()
        if self._looking:
            self._looking.cancel()
        self.node.power_off()

    def remember(self, hub: RadioNode, link_key: bytes) -> None:
        """Hold what a member of this hub's network keeps over a power cut, unless it does."""
        if recall_network(self.node, hub, link_key):
            self._way.home = hub.extended_pan_id
            self.member = self.sleeps  # it learns at its next waking that the hub had no power

    async def wake(self) -> bool:
        """Listen again after a sleep; a hub that knows the Device no more is joined once more."""
        async with self._in_use:
            self.node.powered = True
            if self.member:
                await self._poll()
            if not self.member:
                self.member = await self._way.attempt() is JoinReason.JOINED
            return self.member

    async def _poll(self) -> None:
        """Ask the parent for messages; be no member any more where that is gone, or says so."""
        self._lost = asyncio.get_running_loop().create_future()
        if not self.node.joined or not any(self.node.poll() for _ in range(_POLLS)):
            self.lose()
        await self.node.clock.wait(self._lost, _POLL_SECONDS)

    def sleep(self) -> None:
        """Stop listening, unless it looks for its network or agrees a key; it stays a member."""
        if not (self._in_use.locked() or self.keys.under_way):
            self.node.power_off()

    async def agree_with(self, partner: EntityId) -> None:
        """Agree a link key with another Device of the HAN; CbkeError or NoAnswer if not."""
        short = await self._find(partner)
        key = await self.keys.agree(partner, lambda frame: self._send(short, frame))
        self.node.set_link_key(partner, key)

    async def _look(self) -> None:
        pause, attempts = _FIRST_PAUSE, 0
        while self._again or self._goes_on(attempts):
            attempts = 0 if self._again else attempts + 1
            if attempts:
                await self.node.clock.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            self._again = False
            if self.member or not self._may_seek():
                return
            async with self._in_use:
                if self.member:
                    return
                self.node.powered = True
                self.last = await self._way.attempt()
            if self.last is JoinReason.JOINED:
                self._be_member()
                return

    def _be_member(self) -> None:
        self.member = True
        if self.sleeps:
            self.stay_awake()
        for arrived in self._awaited:
            if not arrived.done():
                arrived.set_result(None)
        self._on_member()

    def _goes_on(self, attempts: int) -> bool:
        if self.last is None or self.last in _ENDS_SO_AGAIN:
            return False
        return attempts < _ATTEMPTS or self._held_key() is not None

    async def _agree_with_hub(self) -> bool:
        """Replace the link key by one of key establishment; leave where that fails."""
        hub = self.node.network.addresses[COORDINATOR]
        self._endpoints[hub] = HUB_ENDPOINT
        try:
            key = await self.keys.agree(hub, lambda frame: self._send(COORDINATOR, frame, hub))
        except (CbkeError, NoAnswer):
            self.node.leave()
            return False
        self.node.set_link_key(hub, key)
        return True

    async def _find(self, partner: EntityId) -> int:
        """Ask the HAN for a Device's short address (ZDO NWK_addr_req); NoAnswer without one."""
        for _ in range(_LOOK_UPS):
            found: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
            self._found[partner] = found
            request = zdo.address_request(0, partner)
            self.node.application.ask_all(zdo.NWK_ADDRESS, request)
            short = await self.node.clock.wait(found, _LOOK_UP_SECONDS)
            if short is not None:
                return short
        raise NoAnswer

    def _hear(self, received: Received) -> None:
        try:
            if received.profile == zdo.PROFILE:
                self._hear_address(received)
                return
            frame = ZclFrame.decode(received.payload)
            self._endpoints[received.sender_eui] = received.source_endpoint
            handler = self.handlers.get(received.cluster)
            if handler and frame.cluster_specific:
                handler(received, frame)
        except (MalformedFrame, octets.MalformedFrame) as error:
            self.node.drop(str(error))

    def _hear_address(self, received: Received) -> None:
        answer = zdo.read_address(received.payload)
        found = self._found.get(answer[0]) if answer else None
        if answer and found and not found.done():
            found.set_result(answer[1])

    def _establish_key(self, received: Received, frame: ZclFrame) -> None:
        answer, link_key = self.keys.hear(received.sender_eui, frame)
        if answer is not None:
            sending = self._send(received.sender_short, answer, received.sender_eui)
            task = asyncio.get_running_loop().create_task(sending)
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        if link_key is not None:
            self.node.set_link_key(received.sender_eui, link_key)

    async def _send(self, short: int, frame: ZclFrame, to: EntityId | None = None) -> bool:
        return await self.node.send_unicast(
            short,
            KEY_ESTABLISHMENT,
            frame.encode(),
            source_endpoint=ENDPOINT,
            destination_endpoint=self._endpoints.get(to, ENDPOINT) if to else ENDPOINT,
        )
