"""The device's side of joining: beacon, association, the network key."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hht.entity_id import EntityId
from hht.simulator.stack.layers.network import NetworkLayer
from hht.simulator.stack.layers.scanner import Scanner
from hht.simulator.stack.ports import Radio
from hht.simulator.stack.types import BeaconHeard, JoinReason, JoinResult
from hht.zse.frames.aps import TransportKey
from hht.zse.frames.mac import (
    BROADCAST,
    AssociationStatus,
    MacCommand,
    MacFrame,
    MacKind,
    Realignment,
)
from hht.zse.frames.nwk import COORDINATOR, NwkCommand, NwkFrame, NwkKind
from hht.zse.frames.octets import Octets

CAPABILITY = 0x8C  # mains powered, receiver on when idle, wants an address
BEACON_SECONDS = 0.1  # until a beacon is asked for again; a coordinator answers at once
RESPONSE_SECONDS = 0.5  # macResponseWaitTime, about
KEY_SECONDS = 2.0  # how long a device waits for its network key
_SCANS = 8  # where 30 % of frames are lost each way, one of eight is answered 199 times of 200
_TRIES = 3  # of an association request, a poll or a rejoin request


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an association or rejoin response says."""

    status: int
    short: int


class JoinClient:
    """The joining of one node to a network as an end device whose receiver is always on."""

    def __init__(self, radio: Radio, network: NetworkLayer, scanner: Scanner) -> None:
        self._radio = radio
        self._network = network
        self._scanner = scanner
        self._answer: asyncio.Future[_Answer | None] | None = None
        self._key: asyncio.Future[JoinReason | None] | None = None
        self._link_key = b""
        self._realigned: asyncio.Future[Realignment | None] | None = None

    async def join(self, channel: int, pan_id: int, network: EntityId, key: bytes) -> JoinResult:
        """Join by MAC association with `key` as the preconfigured link key."""
        beacon = await self._find([channel], network, pan_id)
        if beacon is None:
            return JoinResult(False, JoinReason.NO_BEACON)
        if not beacon.permit_joining:
            return JoinResult(False, JoinReason.NOT_PERMITTED)
        self._radio.pan_id, self._radio.extended_pan_id = pan_id, network
        reason = await self._associate(key)
        if reason is not JoinReason.JOINED:
            return JoinResult(False, reason)
        return JoinResult(True, reason, self._radio.short_address)

    async def rejoin(self, channels: Sequence[int]) -> JoinResult:
        """Find the same network again, on any of `channels`, with the network key still held."""
        beacon = await self._find(channels, self._radio.extended_pan_id, None)
        if beacon is None:
            return JoinResult(False, JoinReason.NO_BEACON)
        self._radio.pan_id = beacon.pan_id
        request = bytes([NwkCommand.REJOIN_REQUEST, CAPABILITY])
        answer = await self._ask(lambda: self._network.send_command(COORDINATOR, request))
        if answer is None:
            return JoinResult(False, JoinReason.NO_RESPONSE)
        if answer.status != AssociationStatus.SUCCESSFUL:
            return JoinResult(False, JoinReason.REFUSED)
        self._radio.short_address = answer.short
        return JoinResult(True, JoinReason.JOINED, answer.short)

    async def find(self, channels: Sequence[int], network: EntityId) -> BeaconHeard | None:
        """Return the beacon of a network, on whichever of `channels` it is; None without one."""
        return await self._find(channels, network, None)

    async def rejoin_in_clear(
        self, channel: int, pan_id: int, network: EntityId, key: bytes
    ) -> JoinResult:
        """Ask the Trust Centre for the network key, which `key` (the link key) opens."""
        radio = self._radio
        radio.channel, radio.pan_id, radio.extended_pan_id = channel, pan_id, network
        radio.short_address = radio.air.random.randrange(1, 0xFFF8)
        self._link_key, self._key = key, asyncio.get_running_loop().create_future()
        request = bytes([NwkCommand.REJOIN_REQUEST, CAPABILITY])
        answer = await self._ask(
            lambda: self._network.send_in_clear(
                COORDINATOR, request, kind=NwkKind.COMMAND, sender=radio.eui64
            )
        )
        if answer is None:
            return JoinResult(False, JoinReason.NO_RESPONSE)
        if answer.status != AssociationStatus.SUCCESSFUL:
            return JoinResult(False, JoinReason.REFUSED)
        reason = await radio.clock.wait(self._key, KEY_SECONDS) or JoinReason.NO_KEY
        return JoinResult(reason is JoinReason.JOINED, reason, radio.short_address)

    async def orphan(self, channels: Sequence[int]) -> JoinResult:
        """Ask on each channel for the coordinator whose child this node is (orphan scan)."""
        radio, home = self._radio, self._radio.channel
        for channel in [channel for channel in channels for _ in range(_TRIES)]:
            radio.channel = channel
            self._realigned = asyncio.get_running_loop().create_future()
            self._ask_as_orphan()
            if found := await radio.clock.wait(self._realigned, BEACON_SECONDS):
                radio.channel, radio.pan_id = found.channel, found.pan_id
                radio.short_address = found.short
                return JoinResult(True, JoinReason.JOINED, found.short)
        radio.channel = home
        return JoinResult(False, JoinReason.NO_RESPONSE)

    def _ask_as_orphan(self) -> None:
        radio = self._radio
        addresses = BROADCAST, BROADCAST, BROADCAST, radio.eui64
        request = bytes([MacCommand.ORPHAN_NOTIFICATION])
        radio.send_mac(MacFrame(MacKind.COMMAND, radio.next_mac_sequence(), request, *addresses))

    def realigned(self, mac: MacFrame) -> None:
        """Handle a coordinator realignment, if this node is asking as an orphan."""
        if self._realigned and not self._realigned.done():
            self._realigned.set_result(Realignment.decode(mac.payload))

    async def _find(
        self, channels: Sequence[int], network: EntityId, pan_id: int | None
    ) -> BeaconHeard | None:
        """Return the beacon of one network; the node stays on its channel."""
        for channel in [channel for channel in channels for _ in range(_SCANS)]:
            self._radio.channel = channel
            found: asyncio.Future[BeaconHeard | None] = asyncio.get_running_loop().create_future()

            def heard(
                beacon: BeaconHeard, found: asyncio.Future[BeaconHeard | None] = found
            ) -> None:
                same = beacon.extended_pan_id == network and pan_id in (None, beacon.pan_id)
                if same and not found.done():
                    found.set_result(beacon)

            with self._scanner.beacons_to(heard):
                self._scanner.request_beacons()
                if beacon := await self._radio.clock.wait(found, BEACON_SECONDS):
                    return beacon
        return None

    async def _associate(self, link_key: bytes) -> JoinReason:
        self._link_key = link_key
        self._key = asyncio.get_running_loop().create_future()
        request = bytes([MacCommand.ASSOCIATION_REQUEST, CAPABILITY])
        if not any(self._send_command(request, source_pan=BROADCAST) for _ in range(_TRIES)):
            return JoinReason.NO_RESPONSE
        poll = bytes([MacCommand.DATA_REQUEST])
        answer = await self._ask(lambda: self._send_command(poll, source_pan=self._radio.pan_id))
        if answer is None:
            return JoinReason.NO_RESPONSE
        if answer.status != AssociationStatus.SUCCESSFUL:
            return JoinReason.NOT_PERMITTED
        return await self._radio.clock.wait(self._key, KEY_SECONDS) or JoinReason.NO_KEY

    async def _ask(self, send: Callable[[], object]) -> _Answer | None:
        for _ in range(_TRIES):
            self._answer = asyncio.get_running_loop().create_future()
            send()
            if answer := await self._radio.clock.wait(self._answer, RESPONSE_SECONDS):
                return answer
        return None

    def _send_command(self, payload: bytes, *, source_pan: int) -> bool:
        """Send a MAC command to the coordinator from this node's EUI-64."""
        radio = self._radio
        sequence, pan_id = radio.next_mac_sequence(), radio.pan_id
        return radio.send_mac(
            MacFrame(
                MacKind.COMMAND,
                sequence,
                payload,
                pan_id,
                COORDINATOR,
                source_pan,
                radio.eui64,
                ack_request=True,
            )
        )

    def associated(self, mac: MacFrame) -> None:
        """Handle an association response; the network key may follow at once."""
        octets = Octets(mac.payload[1:])
        answer = _Answer(short=octets.number(2), status=octets.number(1))
        if not isinstance(mac.source, EntityId) or self._answer is None or self._answer.done():
            return
        if answer.status == AssociationStatus.SUCCESSFUL:
            self._radio.short_address = answer.short
            self._network.addresses[COORDINATOR] = mac.source
            self._radio.set_link_key(mac.source, self._link_key)
        self._answer.set_result(answer)

    def rejoined(self, frame: NwkFrame) -> None:
        """Handle a rejoin response; the network key may follow one in clear at once."""
        octets = Octets(frame.payload[1:])
        answer = _Answer(short=octets.number(2), status=octets.number(1))
        if self._answer is None or self._answer.done():
            return
        coordinator = None if self._network.key else frame.source_eui
        if coordinator and answer.status == AssociationStatus.SUCCESSFUL:
            self._radio.short_address = answer.short
            self._network.addresses[COORDINATOR] = coordinator
            self._radio.set_link_key(coordinator, self._link_key)
        self._answer.set_result(answer)

    def key_came(self, command: TransportKey) -> None:
        """Use the network key, if this node is waiting for it."""
        if self._key and not self._key.done() and command.destination == self._radio.eui64:
            self._network.start(command.key)
            self._key.set_result(JoinReason.JOINED)

    def refused(self) -> None:
        """End the join: the Trust Centre ordered this node to leave before the network key came."""
        if self._key and not self._key.done():
            self._key.set_result(JoinReason.REFUSED)
