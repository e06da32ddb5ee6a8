"""The coordinator's side of joining: beacons, association, the network key, its children."""

from collections import Counter
from functools import partial

from hht.entity_id import EntityId
from hht.simulator.stack.layers.aps import ApsLayer
from hht.simulator.stack.layers.network import NetworkLayer
from hht.simulator.stack.ports import CoordinatorRadio
from hht.zse.frames.aps import TransportKey
from hht.zse.frames.mac import (
    BROADCAST,
    AssociationStatus,
    BeaconPayload,
    MacCommand,
    MacFrame,
    MacKind,
    Realignment,
)
from hht.zse.frames.nwk import COORDINATOR, NwkCommand, NwkFrame, NwkKind
from hht.zse.frames.octets import u16

HEARD_SECONDS = 4.0
"""Until a device that was sent the network key counts as one that cannot open it: twice as long as
a device waits for that key."""


class TrustCentre:
    """The one who admits devices to a coordinator's network, and removes them.

    The node's `find_join_key` says who may join; without it association is not permitted.
    `find_member_key` gives the link key of a member that is no child, so that it may rejoin.
    """

    def __init__(self, radio: CoordinatorRadio, network: NetworkLayer, aps: ApsLayer) -> None:
        self._radio = radio
        self._network = network
        self._aps = aps
        self.children: dict[EntityId, int] = {}
        self._joining: dict[EntityId, int] = {}
        self._attempts: Counter[EntityId] = Counter()

    def command(self, mac: MacFrame) -> None:
        """Answer a MAC command."""
        command = mac.payload[:1]
        if command == bytes([MacCommand.BEACON_REQUEST]):
            self._send_beacon()
        elif command == bytes([MacCommand.ASSOCIATION_REQUEST]) and self._radio.find_join_key:
            self._associate(mac)
        elif command == bytes([MacCommand.DATA_REQUEST]):
            self._give_answer(mac)
        elif command == bytes([MacCommand.ORPHAN_NOTIFICATION]):
            self._realign(mac)

    def _send_beacon(self) -> None:
        permit = self._radio.find_join_key is not None
        payload = BeaconPayload(self._radio.extended_pan_id, permit).encode()
        self._radio.send_mac(
            MacFrame(
                MacKind.BEACON,
                self._radio.next_mac_sequence(),
                payload,
                source_pan=self._radio.pan_id,
                source=COORDINATOR,
            )
        )

    def _realign(self, mac: MacFrame) -> None:
        """Answer a child that lost this coordinator with where it is; a stranger gets no answer."""
        device = mac.source
        if not isinstance(device, EntityId) or device not in self.children:
            return
        radio = self._radio
        answer = Realignment(radio.pan_id, radio.channel, self.children[device])
        addresses = BROADCAST, device, radio.pan_id, radio.eui64
        sequence = radio.next_mac_sequence()
        radio.send_mac(MacFrame(MacKind.COMMAND, sequence, answer.encode(), *addresses))

    def _associate(self, mac: MacFrame) -> None:
        """Keep the answer until the device polls for it, as IEEE 802.15.4 has it."""
        if isinstance(mac.source, EntityId):
            short = self._address_of(mac.source)
            self.forget(mac.source)
            self._aps.forget(short)
            self._begin(mac.source, short)

    def _begin(self, device: EntityId, short: int) -> None:
        self._joining[device] = short
        self._attempts[device] += 1

    def _give_answer(self, mac: MacFrame) -> None:
        """Answer each poll: a device that asks again has missed the answer before.

        One that polls as a child, and is none, has to come back.
        """
        device = mac.source
        if isinstance(device, int) and device not in self.children.values():
            self._network.send_leave(device, request=True, rejoin=True)
        if not isinstance(device, EntityId) or device not in self._joining:
            return
        status = bytes([AssociationStatus.SUCCESSFUL])
        answer = bytes([MacCommand.ASSOCIATION_RESPONSE]) + u16(self._joining[device]) + status
        sequence, pan_id = self._radio.next_mac_sequence(), self._radio.pan_id
        addresses = pan_id, device, pan_id, self._radio.eui64
        self._radio.send_mac(
            MacFrame(MacKind.COMMAND, sequence, answer, *addresses, ack_request=True)
        )
        self._radio.clock.call_later(self._radio.air.slowest, lambda: self._authenticate(device))

    def _authenticate(self, device: EntityId) -> None:
        """Send the network key under the device's link key, or send the device away."""
        short = self._joining.get(device)
        if short is None:
            return
        link_key = self._radio.find_join_key(device) if self._radio.find_join_key else None
        if link_key is None:
            self._network.send_leave(short, request=True, secured=False)
            self.forget(device)
            return
        self._send_key(device, short, link_key)

    def _send_key(self, device: EntityId, short: int, link_key: bytes) -> None:
        self._radio.set_link_key(device, link_key)
        command = TransportKey(self._network.key, device, self._radio.eui64)
        self._aps.send_transport_key(short, command, link_key)
        given_up = partial(self._give_up, device, self._attempts[device])
        self._radio.clock.call_later(HEARD_SECONDS, given_up)

    def _give_up(self, device: EntityId, attempt: int) -> None:
        if device in self._joining and self._attempts[device] == attempt:
            self.forget(device)
            self._radio.report_unheard(device)

    def remove(self, device: EntityId) -> None:
        """Order a child to leave and forget it."""
        short = self.children.get(device)
        if short is not None:
            self._network.send_leave(short, request=True)
            self.forget(device)

    def adopt(self, device: EntityId) -> int:
        """Make a device whose joining is not simulated a child; return its short address."""
        return self.children.setdefault(device, self._free_address())

    def forget(self, device: EntityId) -> None:
        """Forget a child that left or was refused."""
        self.children.pop(device, None)
        self._joining.pop(device, None)
        self._network.forget(device)
        self._radio.link_keys.pop(device, None)

    def forget_all(self) -> None:
        """Forget every child, as a power cut does."""
        for device in [*self.children, *self._joining]:
            self.forget(device)

    def heard_from(self, short: int, device: EntityId) -> bool:
        """Return whether the sender of a secured frame is a child; order others to leave."""
        if self._joining.get(device) == short:
            self.children[device] = self._joining.pop(device)
            self._radio.report_joined(device, short)
        if self.children.get(device) == short:
            return True
        self._network.send_leave(short, request=True)
        return False

    def rejoin_requested(self, frame: NwkFrame, device: EntityId) -> None:
        """Answer a device that has the network key; accept a child, and a member that was one."""
        key = self._member_key(device)
        if key is not None and device not in self.children:
            self.adopt(device)
            self._radio.set_link_key(device, key)
        admitted = device in self.children
        answer = _rejoin_response(self.children.get(device, frame.source), admitted=admitted)
        self._network.send_command(frame.source, answer)

    def rejoin_in_clear(self, frame: NwkFrame) -> None:
        """Answer a member without the network key (Trust Centre rejoin), and send it that key."""
        device = frame.source_eui
        if device is None:
            return
        key = self._member_key(device)
        short = self._address_of(device)
        answer = _rejoin_response(short, admitted=key is not None)
        if key is not None:
            self.forget(device)
            self._aps.forget(short)
            self._begin(device, short)
        self._network.send_in_clear(
            frame.source, answer, kind=NwkKind.COMMAND, sender=self._radio.eui64
        )
        if key is not None:
            send = partial(self._send_key, device, short, key)
            self._radio.clock.call_later(self._radio.air.slowest, send)

    def _member_key(self, device: EntityId) -> bytes | None:
        return self._radio.find_member_key(device) if self._radio.find_member_key else None

    def _address_of(self, device: EntityId) -> int:
        """Return a device's short address: its own where it asks again, or its request comes twice.

        Another one than it was given before would lead the network key past it.
        """
        return self.children.get(device) or self._joining.get(device) or self._free_address()

    def _free_address(self) -> int:
        taken = {COORDINATOR, *self.children.values(), *self._joining.values()}
        while (short := self._radio.air.random.randrange(1, 0xFFF8)) in taken:
            pass
        return short


def _rejoin_response(short: int, *, admitted: bool) -> bytes:
    status = AssociationStatus.SUCCESSFUL if admitted else AssociationStatus.ACCESS_DENIED
    return bytes([NwkCommand.REJOIN_RESPONSE]) + u16(short) + bytes([status])
