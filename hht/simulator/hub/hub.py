"""The simulated Communications Hub behind the air: power, inter-PAN window, HHT, state."""

import asyncio
from functools import partial
from typing import Any

from hht.clock import ScaledClock, Timer
from hht.entity_id import EntityId
from hht.gbcs.message import Message
from hht.hub_profile import HubProfile
from hht.simulator.devices.fleet import Fleet
from hht.simulator.hub import events
from hht.simulator.hub.firmware.distribution import Distribution
from hht.simulator.hub.gas.sleepy_gsme_link import SleepyGsmeLink
from hht.simulator.hub.han_network import HanNetwork
from hht.simulator.hub.han_server import HanServer
from hht.simulator.hub.hub_log import HubLog
from hht.simulator.hub.interpan_server import InterPanServer
from hht.simulator.hub.key_establishment_server import KeyEstablishmentServer
from hht.simulator.hub.membership.members import Members
from hht.simulator.hub.membership.new_network import NewNetwork
from hht.simulator.hub.membership.outgoing import Outgoing
from hht.simulator.hub.membership.residency import Residency
from hht.simulator.hub.membership.window import InterPanWindow
from hht.simulator.hub.milestones import Milestones
from hht.simulator.hub.premises import Premises
from hht.simulator.hub.radios.han_devices import HanDevices
from hht.simulator.hub.state_file import StateFile
from hht.simulator.hub.tunnel_server import TunnelServer
from hht.simulator.site.record import Site
from hht.simulator.stack.node import RadioNode
from hht.zse.ota import OTA_UPGRADE
from hht.zse.zcl import TUNNELING, ZclFrame

_TICK_SECONDS = 10.0
"""How often due future-dated Commands are looked for; nothing depends on the second."""


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
        self.window = InterPanWindow(profile, self.clock)
        fleet = fleet or site.make_fleet(profile.device_log_limit)
        self.premises = Premises(site, profile, self.clock, self._emit, fleet)
        self._site = site
        self._network = HanNetwork(node, site)
        self.outgoing = Outgoing(
            profile, self.clock, lambda: bool(self.premises.hhts), self._queue, self.changed
        )
        self.residency = Residency(
            *(profile, self.clock, self.premises, self.log, self.milestones),
            expel=self._expel,
            changed=self._log_changed,
        )
        self._memory = memory
        keys = partial(KeyEstablishmentServer, site.hub_cbke, node.clock)
        self._interpan = InterPanServer(
            node, keys(), profile, lambda: self.window.is_open, self.residency.admit
        )
        devices = [each.entity_id for each in site.devices]
        self.han = HanServer(
            node, keys, lambda device, key: self.members.key_established(device, key), devices
        )
        self.radios = self.premises.radios = HanDevices(node, site, self.premises)
        self.tunnels = TunnelServer(
            profile, node.clock, self._send_tunnelled, self.deliver, self.changed
        )
        self.han.tunnels = self.tunnels
        self.gas = SleepyGsmeLink(
            node, site, profile, self.clock, self.premises, self.radios, self.han, self.changed
        )
        self.firmware = Distribution(
            site, profile, self.clock, self.premises, self.radios, self._send_image, self._record
        )
        self.han.images = self.firmware
        for entity, sleeper in self.gas.meters.items():
            sleeper.while_awake = partial(self.firmware.awake, entity)
        self.milestones.listeners.append(self.firmware.reached)
        self._new_network = NewNetwork(self, self._network, lost_by_move=site.spec.hub.lost_by_move)
        self._next_tick: Timer | None = None
        self._power_returns: Timer | None = None
        self._settling = False
        self.members = Members(self, refuses=site.spec.hub.joining_refused)
        node.on_raw = self._interpan.hear
        self.premises.chf.mask.current = lambda: node.channel

    def power_on(self) -> None:
        """Start: for the first time, or as after a power cut of the whole hub."""
        saved = self._memory.load()
        powered_minutes = 0.0 if saved else self._site.spec.hub.powered_minutes
        if saved:
            self.tunnels.outbox = [bytes.fromhex(raw) for raw in saved["outbox"]]
            self.wan = saved["wan"]
            self.outgoing.restore(saved["by_wan"])
            self.premises.restore(saved["premises"])
            self.gas.restore(saved["gas"])
            self.firmware.restore(saved.get("firmware", [[], []]), saved["moments"])
            self._network.restore(saved["network"])
            self.milestones.restore(saved)
        self._network.form()
        self._begin(powered_minutes)

    @property
    def has_power(self) -> bool:
        """Whether it has power, be it heard or not."""
        return self.node.powered or self._new_network.is_lost

    def power_cut(self, seconds: float) -> None:
        """Lose power for `seconds` of the premises; does nothing without power."""
        if not self.has_power:
            return
        self._new_network.is_lost = False
        self.log.record(events.PowerCut(f"No power for {seconds:g} s", seconds))
        self._stop_ticking()
        self.forget_hhts()
        self.gas.stop()
        self.radios.lose_hub()
        self.node.power_off()
        self._power_returns = self.clock.call_later(seconds, self._power_back)

    def close_window(self) -> None:
        """End the inter-PAN window before its time."""
        self.window.close()
        self.log.record(events.WindowClosed())

    def end_residency(self) -> None:
        """Remove every HHT, as after its hours of membership."""
        self.residency.end_all()

    def deliver_by_wan(self, raw: bytes) -> None:
        """Deliver a Command from the DCC over the WAN; its Response goes back there.

        An HHT in the HAN gets a copy, where the profile copies all messages to it.
        """
        self.log.record_command(raw, by="WAN")
        self.outgoing.note_wan(raw)
        self._pass_on(raw)

    @property
    def window_seconds_left(self) -> float | None:
        """Return the premises' seconds until inter-PAN closes, 0 when closed; None: no limit."""
        return self.window.seconds_left

    def stop(self) -> None:
        """Save the state and cancel everything under way."""
        self._save()
        if self._power_returns:
            self._power_returns.cancel()
        self._new_network.stop()
        self._stop_ticking()
        self.members.stop()
        self.residency.forget()
        self.gas.stop()
        self.radios.stop()
        self.firmware.stop()
        self.tunnels.close()
        self._interpan.reset()

    def _begin(self, powered_minutes: float) -> None:
        self.window.open(powered_minutes)
        self.permit_joining()
        self._new_network.follow_log()
        self._new_network.follow_mask()
        self.changed()
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

    def forget_hhts(self) -> None:
        """Have no HHT in the HAN any more."""
        self.fall_silent()
        self.premises.chf.power_cycled()
        self.residency.forget()

    def fall_silent(self) -> None:
        """Give up what is under way with HHT and Devices."""
        self.tunnels.close()
        self._interpan.reset()
        self.han.reset()

    def _expel(self, hht: EntityId) -> None:
        self.tunnels.end()
        self.node.remove(hht)
        self.han.forget(hht)

    def _log_changed(self) -> None:
        self.permit_joining()
        self.changed()

    def permit_joining(self) -> None:
        """Permit association while an entry of the CHF Device Log may join."""
        self.members.permit_joining()

    def deliver(self, raw: bytes) -> None:
        """Take a message that the HHT has sent through its tunnel."""
        self.log.record_command(raw, by="HHT")
        self._pass_on(raw)
        self.milestones.reached("command")

    def _pass_on(self, raw: bytes) -> None:
        self.premises.deliver(raw)
        self._new_network.follow_log()
        self._new_network.follow_mask()
        self.permit_joining()
        self.members.send_away()
        self.changed()

    def _emit(self, raw: bytes) -> None:
        """Pass on what a Device says, as far as it is for the HHT."""
        message = Message.parse(raw)
        self.outgoing.take(raw, message)
        self.log.record_message(message)
        self.changed()

    def _queue(self, raw: bytes) -> None:
        self.tunnels.outbox.append(raw)

    def _record(self, text: str) -> None:
        self.log.record(events.ImageArrived(text))

    async def _send_image(self, device: EntityId, frame: ZclFrame) -> bool:
        return await self.han.send(device, OTA_UPGRADE, frame, secured=True)

    async def _send_tunnelled(self, hht: EntityId, frame: ZclFrame) -> bool:
        return await self.han.send(hht, TUNNELING, frame, secured=True)

    def changed(self) -> None:
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
            **self.milestones.state(),
            "wan": self.wan,
            "by_wan": self.outgoing.state(),
        }
        self._memory.save(state)
