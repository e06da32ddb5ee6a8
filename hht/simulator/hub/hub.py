"""The simulated Communications Hub behind the air: power, inter-PAN window, HHT, state."""

import asyncio
from functools import partial
from typing import Any

from hht.clock import ScaledClock, Timer
from hht.entity_id import EntityId
from hht.gbcs.correlation import CorrelationKey, key_of_command, key_of_response
from hht.gbcs.message import Cra, Message
from hht.hub_profile import HubProfile
from hht.simulator.devices.fleet import Fleet
from hht.simulator.hub import events
from hht.simulator.hub.firmware.distribution import Distribution
from hht.simulator.hub.gas.sleepy_gsme_link import SleepyGsmeLink
from hht.simulator.hub.han_network import HanNetwork, best_channel
from hht.simulator.hub.han_server import HanServer
from hht.simulator.hub.hub_log import HubLog
from hht.simulator.hub.interpan_server import InterPanServer
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.hub.milestones import Milestones
from hht.simulator.hub.premises import Premises
from hht.simulator.hub.radios.han_devices import HanDevices
from hht.simulator.hub.state_file import StateFile
from hht.simulator.hub.tunnel_server import TunnelServer
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode, Received
from hht.zse.interpan.admission import Admission
from hht.zse.ota import OTA_UPGRADE
from hht.zse.zcl import TUNNELING, ZclFrame

_MINUTE, _HOUR = 60, 3600
_TICK_SECONDS = 10.0
"""How often due future-dated Commands are looked for; nothing depends on the second."""
REFORM_SECONDS = 2.0
"""From CCS03 to the new network: the Response is on its way before the old one ends."""


class Hub:
    """One hub on the air. `milestones` notifies of how far the HHT has come.

    `clock` is the time of the premises, the air's where none is given; timers of the radio's
    protocols are always the air's. `fleet` are the Devices where they are not the site's own. `wan`
    says whether the WAN connection is there.
    A hub that is made again over the same state file is the same hub after a power cut: its logs,
    counters and undelivered messages are there, its window is open again, no HHT is in its HAN.
    """

    def __init__(
        self,
        node: RadioNode,
        site: Site,
        profile: HubProfile,
        memory: StateFile,
        clock: ScaledClock | None = None,
        fleet: Fleet | None = None,
    ) -> None:
        self.node = node
        self.clock = clock or node.clock
        self.profile = profile
        self.milestones = Milestones()
        self.log = HubLog(self.clock, site.run_dir, site.labels)
        self.wan = False
        self._by_wan: set[CorrelationKey] = set()
        fleet = fleet or site.make_fleet(profile.device_log_limit)
        self.premises = Premises(site, profile, self.clock, self._emit, fleet)
        self._site = site
        self._network = HanNetwork(node, site)
        self._memory = memory
        keys = partial(KeyEstablishmentServer, site.hub_cbke, node.clock)
        self._interpan = InterPanServer(node, keys(), profile, self._is_open, self._admit)
        devices = [each.entity_id for each in site.devices]
        self.han = HanServer(node, keys, self._key_established, devices)
        self.radios = self.premises.radios = HanDevices(node, site, self.premises)
        self.tunnels = TunnelServer(
            profile, node.clock, self._send_tunnelled, self.deliver, self._changed
        )
        self.han.tunnels = self.tunnels
        self.gas = SleepyGsmeLink(
            node, site, profile, self.clock, self.premises, self.radios, self.han, self._changed
        )
        self.firmware = Distribution(
            site, profile, self.clock, self.premises, self.radios, self._send_image, self._tell
        )
        self.han.images = self.firmware
        self.milestones.listeners.append(self.firmware.reached)
        self._opened_at = 0.0
        self._window_closed = False
        self._residency: Timer | None = None
        self._next_tick: Timer | None = None
        self._settling = False
        self._reforming: Timer | None = None
        self._moving: asyncio.Task[None] | None = None
        self._is_lost = False
        self._joining: Timer | None = None
        node.on_raw = self._interpan.hear
        node.on_message = self._hear
        node.on_joined = self._joined
        node.on_left = self._left
        node.on_unheard = self._not_heard
        self.premises.chf.mask.current = lambda: node.channel
        node.find_member_key = self.premises.chf.device_log.member_key

    def power_on(self) -> None:
        """Start: for the first time, or as after a power cut of the whole hub."""
        saved = self._memory.load()
        powered_minutes = 0.0 if saved else self._site.spec.hub.powered_minutes
        if saved:
            self.tunnels.outbox = [bytes.fromhex(raw) for raw in saved["outbox"]]
            self.wan = saved["wan"]
            self._by_wan = {_read_key(row) for row in saved["by_wan"]}
            self.premises.restore(saved["premises"])
            self.gas.restore(saved["gas"])
            self.firmware.restore(saved.get("firmware", [[], []]))
            self._network.restore(saved["network"])
            self.milestones.counts.update(saved["moments"])
        self._network.form()
        self._begin(powered_minutes)

    @property
    def has_power(self) -> bool:
        """Whether it has power, be it heard or not."""
        return self.node.powered or self._is_lost

    def power_cut(self, seconds: float) -> None:
        """Lose power for `seconds` of the premises; does nothing without power."""
        if not self.has_power:
            return
        self._is_lost = False
        self.log.record(events.PowerCut(f"No power for {seconds:g} s", seconds))
        self._stop_ticking()
        self._forget_hhts()
        self.gas.stop()
        self.radios.lose_hub()
        self.node.power_off()
        self.clock.call_later(seconds, self._power_back)

    def close_window(self) -> None:
        """End the inter-PAN window before its time."""
        self._window_closed = True
        self.log.record(events.WindowClosed())

    def end_residency(self) -> None:
        """Remove every HHT, as after its hours of membership."""
        for hht in self.premises.hhts:
            self._end_residency(hht)

    def deliver_by_wan(self, raw: bytes) -> None:
        """Deliver a Command from the DCC over the WAN; its Response goes back there.

        An HHT in the HAN gets a copy, where the profile copies all messages to it.
        """
        self.log.record_command(raw, by="WAN")
        self._by_wan.add(key_of_command(Message.parse(raw)))
        self._pass_on(raw)

    @property
    def window_seconds_left(self) -> float | None:
        """Return the premises' seconds until inter-PAN closes, 0 when closed; None: no limit."""
        if self._window_closed:
            return 0.0
        if self.profile.window_minutes is None:
            return None
        ends = self._opened_at + self.profile.window_minutes * _MINUTE
        return max(0.0, ends - self.clock.time())

    def stop(self) -> None:
        """Save the state and cancel everything under way."""
        self._save()
        if self._moving:
            self._moving.cancel()
        self._stop_ticking()
        self.gas.stop()
        self.radios.stop()
        self.firmware.stop()
        self.tunnels.close()
        self._interpan.reset()

    def _begin(self, powered_minutes: float) -> None:
        self._opened_at = self.clock.time() - powered_minutes * _MINUTE
        self._window_closed = False
        self.permit_joining()
        self._follow_log()
        self._follow_mask()
        self._changed()
        self._tick()
        self.firmware.begin()
        self.radios.power_on()
        self.gas.start()
        self.log.record(events.PowerOn())
        self.milestones.reached("power-on")

    def _tick(self) -> None:
        self._stop_ticking()
        often_enough = max(_TICK_SECONDS, self.clock.speed)  # once a second of the wall will do
        self._next_tick = self.clock.call_later(often_enough, self._tick)
        self.premises.tick()

    def _stop_ticking(self) -> None:
        if self._next_tick:
            self._next_tick.cancel()

    def _power_back(self) -> None:
        self.node.power_on()
        self._begin(0.0)

    def _forget_hhts(self) -> None:
        self.tunnels.close()
        self._interpan.reset()
        self.han.reset()
        self.premises.chf.power_cycled()
        if self._residency:
            self._residency.cancel()

    def _is_open(self) -> bool:
        return self.window_seconds_left != 0.0

    def _admit(self, admission: Admission) -> bool:
        hht, hhts = admission.hht, self.premises.hhts
        has_room = hht in hhts or len(hhts) < self.profile.hht_limit
        if not has_room or not self.premises.admit_hht(hht, admission.install_code):
            self.log.record(events.Refused())
            return False
        if self._residency:
            self._residency.cancel()
        seconds = self.profile.residency_hours * _HOUR
        self._residency = self.clock.call_later(seconds, lambda: self._end_residency(hht))
        self.permit_joining()
        self._changed()
        self.log.record(events.Admitted())
        self.milestones.reached("admitted")
        return True

    def _end_residency(self, hht: EntityId) -> None:
        """Remove one HHT from the HAN and from the CHF Device Log."""
        self.log.record(events.ResidencyEnded())
        self.tunnels.end()
        self.node.remove(hht)
        self.han.forget(hht)
        self.premises.remove_hht(hht)
        self.permit_joining()
        self._changed()

    def permit_joining(self) -> None:
        """Permit association while an entry of the CHF Device Log may join."""
        log = self.premises.chf.device_log
        permitted = bool(self.premises.hhts) or log.joining_open(self.clock.now())
        self.node.find_join_key = self._join_key if permitted else None
        if self._joining:
            self._joining.cancel()
        if left := log.joining_left(self.clock.now()):
            self._joining = self.clock.call_later(left, self.permit_joining)

    def _join_key(self, device: EntityId) -> bytes | None:
        if self._site.spec.hub.joining_refused:
            self.log.record(events.Refused(f"The Trust Centre sends {device} away"))
            return None
        return self.premises.chf.join_key(device, self.clock.now())

    def _hear(self, received: Received) -> None:
        log = self.premises.chf.device_log
        log.heard(received.sender_eui, received.lqi, received.rssi, self.clock.now())
        self.han.hear(received)

    def _joined(self, device: EntityId, short: int) -> None:
        self.han.forget(device)

    def _left(self, device: EntityId) -> None:
        if device not in self.radios:
            self.log.record(events.Left())
        self.han.forget(device)
        if self.tunnels.owner == device:
            self.tunnels.close()

    def _not_heard(self, device: EntityId) -> None:
        self.premises.not_heard(device)
        self.log.record(events.Refused(f"{self.log.label(device)} cannot open the network key"))

    def _key_established(self, device: EntityId, link_key: bytes) -> None:
        if device in self.radios:
            self.premises.agreed_key(device, link_key)
            self.radios.agreed(device)
            self.log.record(events.DeviceJoined(f"{self.log.label(device)} is in the HAN"))
            self._changed()
        else:
            self._hht_joined(device, link_key)

    def _hht_joined(self, hht: EntityId, link_key: bytes) -> None:
        self.premises.hht_joined(hht, link_key)
        self._changed()
        self.log.record(events.Joined())
        self.milestones.reached("joined")
        if self.profile.tunnel_hub_opens:
            self.tunnels.ask(hht)

    def deliver(self, raw: bytes) -> None:
        """Take a message that the HHT has sent through its tunnel."""
        self.log.record_command(raw, by="HHT")
        self._pass_on(raw)
        self.milestones.reached("command")

    def _pass_on(self, raw: bytes) -> None:
        self.premises.deliver(raw)
        self._follow_log()
        self._follow_mask()
        self.permit_joining()
        self.send_away()
        self._changed()

    def send_away(self) -> None:
        """Order the children to leave that are in the CHF Device Log no more (CCS02)."""
        entries = self.premises.chf.device_log.entries
        for device in [each for each in self.node.children if each not in entries]:
            self.node.remove(device)

    def _follow_log(self) -> None:
        """Form another network after a restore of the log, once the HHT has its Response."""
        if self.premises.chf.device_log.restored and self._reforming is None:
            self._reforming = self.node.clock.call_later(REFORM_SECONDS, self._form_again)

    def _form_again(self) -> None:
        """Form the HAN under the restored Extended PAN ID (CCS03); an HHT starts from outside."""
        self._reforming = None
        if not self.node.powered:
            return
        log = self.premises.chf.device_log
        self._network.form_again(EntityId(log.extended_pan_id))
        self.radios.lose_hub(for_good=True)
        self._forget_hhts()
        self.gas.start()
        text = f"The HAN is formed anew as {self.node.extended_pan_id}"
        self.log.record(events.FormedAnew(text))
        self.premises.come_back()
        self.permit_joining()
        self._changed()

    def _follow_mask(self) -> None:
        """Go to an allowed channel, once the Response to the mask is on its way."""
        if self.premises.chf.mask.wanted and (self._moving is None or self._moving.done()):
            self._moving = asyncio.get_running_loop().create_task(self._move())

    async def _move(self) -> None:
        """Tear the HAN down and form it again on the best allowed channel.

        Devices and HHT stay in the CHF Device Log: no joining window is opened for them.
        """
        await self.node.clock.sleep(REFORM_SECONDS)
        mask = self.premises.chf.mask
        if not self.node.powered or not mask.wanted:
            return
        self.tunnels.close()
        self._interpan.reset()
        self.han.reset()
        channel = await best_channel(self.node, mask.wanted)
        self._network.move(channel, keeps_key=self.profile.channel_mask_keeps_key)
        mask.moved(channel, self.clock.now())
        self.premises.hub_moved()
        text = f"The HAN is formed again on channel {channel}"
        self.log.record(events.ChannelChanged(text, channel))
        self.gas.start()
        self.radios.follow()
        self.permit_joining()
        self._changed()
        if self._site.spec.hub.lost_by_move:
            self._is_lost = True
            self.node.power_off()

    def _emit(self, raw: bytes) -> None:
        """Queue a message for the HHT: a Response to its Command, or a copy where it gets those."""
        message = Message.parse(raw)
        copied = self.profile.copies_to_hht and self.premises.hhts
        if copied or self._answers_hht(message):
            self._queue(raw)
        self.log.record_message(message)
        self._changed()

    def _queue(self, raw: bytes) -> None:
        """Queue a message for the HHT, at once or as late as the profile says."""
        late = self.profile.late_seconds
        if late:
            self.clock.call_later(late, partial(self._queue_now, raw))
        else:
            self.tunnels.outbox.append(raw)

    def _queue_now(self, raw: bytes) -> None:
        self.tunnels.outbox.append(raw)
        self._changed()

    def _answers_hht(self, message: Message) -> bool:
        return message.cra is Cra.RESPONSE and key_of_response(message) not in self._by_wan

    def _tell(self, text: str) -> None:
        self.log.record(events.ImageArrived(text))

    async def _send_image(self, device: EntityId, frame: ZclFrame) -> bool:
        return await self.han.send(device, OTA_UPGRADE, frame, secured=True)

    async def _send_tunnelled(self, hht: EntityId, frame: ZclFrame) -> bool:
        return await self.han.send(hht, TUNNELING, frame, secured=True)

    def _changed(self) -> None:
        """Save the state in this turn of the loop, before anything of it can be sent."""
        if not self._settling:
            self._settling = True
            asyncio.get_running_loop().call_soon(self._settle)

    def _settle(self) -> None:
        self._settling = False
        self._save()
        self.tunnels.flush()

    def _save(self) -> None:
        state: dict[str, Any] = {
            "network": self._network.state(),
            "premises": self.premises.state(),
            "gas": self.gas.state(),
            "firmware": self.firmware.state(),
            "outbox": [raw.hex() for raw in self.tunnels.outbox],
            "moments": self.milestones.counts,
            "wan": self.wan,
            "by_wan": [
                [k.device.hex(), k.party.hex(), k.counter, k.message_code] for k in self._by_wan
            ],
        }
        self._memory.save(state)


def _read_key(row: list[Any]) -> CorrelationKey:
    device, party, counter, message_code = row
    return CorrelationKey(EntityId.parse(device), EntityId.parse(party), counter, message_code)
