"""Who joins and leaves the HAN of one hub: association, the link key, and orders to leave."""

from hht.clock import Timer
from hht.entity_id import EntityId
from hht.simulator.hub import events
from hht.simulator.hub.membership.hub_parts import HubParts
from hht.simulator.stack.node import Received


class Members:
    """Answers the hub's radio; a Trust Centre that `refuses` sends everybody away."""

    def __init__(self, hub: HubParts, *, refuses: bool) -> None:
        self._hub = hub
        self._refuses = refuses
        self._timer: Timer | None = None
        node = hub.node
        node.on_message = self._hear
        node.on_joined = self._joined
        node.on_left = self._left
        node.on_unheard = self._not_heard
        node.find_member_key = hub.premises.chf.device_log.member_key

    def permit_joining(self) -> None:
        """Permit association while an entry of the CHF Device Log may join."""
        hub, log = self._hub, self._hub.premises.chf.device_log
        permitted = bool(hub.premises.hhts) or log.joining_open(hub.clock.now())
        hub.node.find_join_key = self._join_key if permitted else None
        self.stop()
        if left := log.joining_left(hub.clock.now()):
            self._timer = hub.clock.call_later(left, hub.permit_joining)

    def stop(self) -> None:
        """End with the hub's process."""
        if self._timer:
            self._timer.cancel()

    def send_away(self) -> None:
        """Order the children to leave that are in the CHF Device Log no more (CCS02)."""
        node, entries = self._hub.node, self._hub.premises.chf.device_log.entries
        for device in [each for each in node.children if each not in entries]:
            node.remove(device)

    def key_established(self, device: EntityId, link_key: bytes) -> None:
        """Keep the link key that a Device or an HHT has agreed with the hub."""
        hub = self._hub
        if device not in hub.radios:
            self._hht_joined(device, link_key)
            return
        hub.premises.agreed_key(device, link_key)
        hub.radios.agreed(device)
        hub.log.record(events.DeviceJoined(f"{hub.log.label(device)} is in the HAN"))
        hub.changed()

    def _hht_joined(self, hht: EntityId, link_key: bytes) -> None:
        hub = self._hub
        hub.premises.hht_joined(hht, link_key)
        hub.changed()
        hub.log.record(events.Joined())
        hub.milestones.reached("joined")
        if hub.profile.tunnel_hub_opens:
            hub.tunnels.ask(hht)

    def _join_key(self, device: EntityId) -> bytes | None:
        if self._refuses:
            self._hub.log.record(events.Refused(f"The Trust Centre sends {device} away"))
            return None
        return self._hub.premises.chf.join_key(device, self._hub.clock.now())

    def _hear(self, received: Received) -> None:
        log, now = self._hub.premises.chf.device_log, self._hub.clock.now()
        log.heard(received.sender_eui, received.lqi, received.rssi, now)
        self._hub.han.hear(received)

    def _joined(self, device: EntityId, short: int) -> None:
        self._hub.han.forget(device)

    def _left(self, device: EntityId) -> None:
        hub = self._hub
        if device not in hub.radios:
            hub.log.record(events.Left())
        hub.han.forget(device)
        if hub.tunnels.owner == device:
            hub.tunnels.close()

    def _not_heard(self, device: EntityId) -> None:
        hub = self._hub
        hub.premises.not_heard(device)
        text = f"{hub.log.label(device)} cannot open the network key"
        hub.log.record(events.Refused(text))
