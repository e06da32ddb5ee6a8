"""A simulated ZigBee radio on the air: a hub's coordinator, or the end device behind an NCP."""

from collections import Counter
from collections.abc import Callable, Iterable

from hht.entity_id import EntityId
from hht.simulator.air.air import Air
from hht.simulator.stack.layers.application import ApplicationLayer
from hht.simulator.stack.layers.aps import ApsLayer
from hht.simulator.stack.layers.commands import Commands
from hht.simulator.stack.layers.join_client import CAPABILITY, JoinClient
from hht.simulator.stack.layers.network import NetworkLayer
from hht.simulator.stack.layers.rejoining import Rejoining
from hht.simulator.stack.layers.scanner import OnBeacon, Scanner
from hht.simulator.stack.layers.trust_centre import TrustCentre
from hht.simulator.stack.ports import NO_NETWORK, FindJoinKey
from hht.simulator.stack.types import BeaconHeard, JoinReason, JoinResult, Received
from hht.zse.frames.aps import ApsFrame, ApsKind
from hht.zse.frames.mac import (
    BROADCAST,
    NO_SHORT_ADDRESS,
    MacCommand,
    MacFrame,
    MacKind,
    is_interpan,
)
from hht.zse.frames.nwk import COORDINATOR
from hht.zse.frames.octets import MalformedFrame
from hht.zse.frames.zdo import Endpoint
from hht.zse.zcl import SMART_ENERGY_PROFILE

__all__ = ["BeaconHeard", "Endpoint", "JoinReason", "JoinResult", "RadioNode", "Received"]

_COUNTER_LEAP = 1024
"""A stack saves its NWK frame counter only now and then, and skips ahead at power-on."""


class RadioNode:
    """One radio with its ZigBee stack, on one asyncio loop; it alone knows all layers.

    `on_raw` gets inter-PAN frames for this node (no FCS; LQI, RSSI in dBm), `on_any` every frame on
    its channel, `on_message` APS data for `endpoints` and ZDO answers, `on_joined` a coordinator's
    new child (EUI-64, short address), `on_left` who left: a child or this node itself, `on_unheard`
    who cannot open the network key. `drops` counts the frames refused, by reason.
    """

    def __init__(self, air: Air, eui64: EntityId) -> None:
        self.air = air
        self.clock = air.clock
        self.eui64 = eui64
        self.channel = 11
        self.pan_id = BROADCAST
        self.short_address = NO_SHORT_ADDRESS
        self.extended_pan_id = NO_NETWORK
        self.powered = True
        self.mac_silent = False  # so it is while a manufacturing library has the radio
        self.endpoints: dict[int, Endpoint] = {}
        self.link_keys: dict[EntityId, bytes] = {}
        self.drops: Counter[str] = Counter()
        self.on_raw: Callable[[bytes, int, int], None] | None = None
        self.on_any: Callable[[bytes, int, int], None] | None = None
        self.on_message: Callable[[Received], None] | None = None
        self.on_joined: Callable[[EntityId, int], None] | None = None
        self.on_left: Callable[[EntityId], None] | None = None
        self.on_unheard: Callable[[EntityId], None] | None = None
        self.find_join_key: FindJoinKey | None = None
        self.find_member_key: FindJoinKey | None = None
        self.network = NetworkLayer(self)
        self.aps = ApsLayer(self, self.network)
        self.scanner = Scanner(self)
        self.application = ApplicationLayer(self, self.aps, self._message_heard)
        self.join_client = JoinClient(self, self.network, self.scanner)
        self.rejoining = Rejoining(self, self.network, self.join_client, self.application)
        self.trust_centre = TrustCentre(self, self.network, self.aps)
        self.aps.on_data = self.application.receive
        self.aps.on_network_key = self.join_client.key_came
        self.network.on_payload = self.aps.receive
        self._commands = Commands(self, self.trust_centre, self.join_client, self._report_left)
        self.network.on_command = self._commands.network
        self.network.on_sender = self._sender
        self._mac_sequence = air.random.randrange(256)
        air.attach(self)

    @property
    def joined(self) -> bool:
        return bool(self.network.key) and self.powered

    def form(
        self,
        channel: int,
        pan_id: int,
        extended_pan_id: EntityId,
        network_key: bytes,
        *,
        frame_counter: int = 0,
    ) -> None:
        """Be the coordinator and Trust Centre of a network.

        `frame_counter` is the last NWK frame counter used under this key
        (`network.frame_counter`), so that no nonce is used twice.
        """
        self.stop()
        self.channel, self.pan_id, self.extended_pan_id = channel, pan_id, extended_pan_id
        self.short_address = COORDINATOR
        self.network.frame_counter = frame_counter + _COUNTER_LEAP if frame_counter else 0
        self.network.start(network_key)
        self.air.show_key(f"network key {extended_pan_id}", network_key)

    async def join(
        self, channel: int, pan_id: int, extended_pan_id: EntityId, link_key: bytes
    ) -> JoinResult:
        """Join as an end device, `link_key` (16 bytes) opening the network key."""
        self.stop()
        result = await self.join_client.join(channel, pan_id, extended_pan_id, link_key)
        if result.ok:
            self.application.announce(CAPABILITY)
        else:
            self.stop()
        return result

    def move(self, channel: int, pan_id: int) -> None:
        """Take a coordinator's network elsewhere; its key and its children stay what they are."""
        self.aps.stop()
        self.channel, self.pan_id = channel, pan_id

    def remove(self, eui64: EntityId) -> None:
        """Order a coordinator's child to leave, and forget it and its link key."""
        self.trust_centre.remove(eui64)

    def leave(self) -> None:
        """Leave the network as an end device: announce it and forget the keys."""
        if self.joined:
            self.network.send_leave(COORDINATOR, request=False)
        self.stop()

    def stop(self) -> None:
        """Forget network, keys and everything under way."""
        self.trust_centre.forget_all()
        self.network.stop()
        self.aps.stop()
        self.link_keys.clear()
        self.pan_id, self.short_address = BROADCAST, NO_SHORT_ADDRESS
        self.extended_pan_id = NO_NETWORK

    def power_off(self) -> None:
        """Stop sending and receiving."""
        self.powered = False
        self.aps.stop()

    def power_on(self) -> None:
        """Power up; a coordinator keeps its network and has forgotten its children."""
        self.powered = True
        if self.is_coordinator:
            self.network.frame_counter += _COUNTER_LEAP
            self.trust_centre.forget_all()

    @property
    def is_coordinator(self) -> bool:
        return self.short_address == COORDINATOR

    @property
    def children(self) -> dict[EntityId, int]:
        """Return a coordinator's children with their short addresses."""
        return self.trust_centre.children

    def set_link_key(self, partner: EntityId, key: bytes) -> None:
        """Set the link key (16 bytes) with a partner."""
        self.link_keys[partner] = key
        one, other = sorted((self.eui64, partner))
        self.air.show_key(f"link key {one} {other}", key)

    async def active_scan(
        self, channels: Iterable[int], duration_ms: float, on_beacon: OnBeacon | None = None
    ) -> list[BeaconHeard]:
        """Ask for beacons on each channel and collect them; `on_beacon` gets each as it comes."""
        return await self.scanner.active(channels, duration_ms / 1000, on_beacon)

    async def energy_scan(self, channels: Iterable[int], duration_ms: float) -> dict[int, int]:
        return await self.scanner.energy(channels, duration_ms / 1000)

    def send_raw(self, frame: bytes) -> bool:
        """Send a MAC frame (without FCS) as it is; False when no acknowledgement came."""
        return self.powered and self.air.transmit(frame, self.channel, self)

    def send_mac(self, frame: MacFrame) -> bool:
        return self.send_raw(frame.encode())

    def send_data(self, destination: int, payload: bytes) -> bool:
        addresses = self.pan_id, destination, self.pan_id, self.short_address
        asks = destination != BROADCAST
        sequence = self.next_mac_sequence()
        return self.send_mac(
            MacFrame(MacKind.DATA, sequence, payload, *addresses, ack_request=asks)
        )

    async def send_unicast(
        self,
        destination: int,
        cluster: int,
        payload: bytes,
        *,
        source_endpoint: int,
        destination_endpoint: int,
        profile: int = SMART_ENERGY_PROFILE,
        aps_key: bytes | None = None,
    ) -> bool:
        """Send APS data, in fragments where it needs them; return whether all was acknowledged."""
        frame = ApsFrame(
            ApsKind.DATA,
            counter=0,
            payload=payload,
            destination_endpoint=destination_endpoint,
            cluster=cluster,
            profile=profile,
            source_endpoint=source_endpoint,
            ack_request=True,
        )
        return await self.aps.send(destination, frame, aps_key)

    def poll(self) -> bool:
        """Ask the parent whether it has something, as a sleeping child does at waking."""
        sequence, pan_id = self.next_mac_sequence(), self.pan_id
        addresses = pan_id, COORDINATOR, pan_id, self.short_address
        request = bytes([MacCommand.DATA_REQUEST])
        return self.send_mac(
            MacFrame(MacKind.COMMAND, sequence, request, *addresses, ack_request=True)
        )

    def next_mac_sequence(self) -> int:
        self._mac_sequence = (self._mac_sequence + 1) & 0xFF
        return self._mac_sequence

    def acknowledges(self, frame: bytes) -> bool:
        """Return whether the frame is for this node alone and its MAC at work."""
        if self.mac_silent:
            return False
        try:
            mac = MacFrame.decode(frame)
        except MalformedFrame:
            return False
        return self._addressed(mac) and mac.destination != BROADCAST

    def hear(self, frame: bytes, lqi: int, rssi: int) -> None:
        if not self.powered:
            return
        if self.on_any:
            self.on_any(frame, lqi, rssi)
        try:
            self._take(frame, MacFrame.decode(frame), lqi, rssi)
        except MalformedFrame as error:
            self.drop(str(error))

    def _take(self, raw: bytes, mac: MacFrame, lqi: int, rssi: int) -> None:
        if mac.kind == MacKind.BEACON:
            self.scanner.heard(mac, lqi, rssi)
        elif not self._addressed(mac):
            return
        elif mac.kind == MacKind.COMMAND:
            self._commands.mac(mac)
        elif is_interpan(mac):
            if self.on_raw:
                self.on_raw(raw, lqi, rssi)
        elif mac.kind == MacKind.DATA:
            self.network.receive(mac, lqi, rssi)

    def _addressed(self, mac: MacFrame) -> bool:
        ours = mac.destination in (BROADCAST, self.short_address, self.eui64)
        return ours and mac.destination_pan in (BROADCAST, self.pan_id)

    def _message_heard(self, received: Received) -> None:
        if self.on_message:
            self.on_message(received)

    def report_joined(self, who: EntityId, short: int) -> None:
        if self.on_joined:
            self.on_joined(who, short)

    def report_unheard(self, who: EntityId) -> None:
        if self.on_unheard:
            self.on_unheard(who)

    def _report_left(self, who: EntityId) -> None:
        if self.on_left:
            self.on_left(who)

    def _sender(self, short: int, sender: EntityId) -> bool:
        return not self.is_coordinator or self.trust_centre.heard_from(short, sender)

    def drop(self, reason: str) -> None:
        self.drops[reason] += 1
