"""The GSMEs of a premises that sleep: their radios, and the hub's mail for them."""

from collections.abc import Callable
from functools import partial

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.air.air import Link
from hht.simulator.hub.gas.gsme_tunnel import Mailbox
from hht.simulator.hub.gas.sleepy_gsme import SleepyMeter
from hht.simulator.hub.han_server import HanDesk
from hht.simulator.hub.premises import Premises
from hht.simulator.site.record import Site, SiteDevice
from hht.simulator.stack.node import RadioNode
from hht.zse.zcl import TUNNELING, ZclFrame

_MINUTE = 60


class GasLeg:
    """What travels between one hub and its sleeping GSMEs; `on_change` after a meter did something.

    `clock`, the premises', is the one by which they sleep.
    """

    def __init__(
        self,
        node: RadioNode,
        site: Site,
        profile: HubProfile,
        clock: Clock,
        premises: Premises,
        han: HanDesk,
        on_change: Callable[[], None],
    ) -> None:
        self._node = node
        self._premises = premises
        self._han = han
        self._on_change = on_change
        self._mailbox = Mailbox(profile, self._send, premises)
        self.meters = {
            device.entity_id: self._meter(device, clock, profile)
            for device in site.devices
            if device.spec.wake_minutes
        }
        han.servers |= dict.fromkeys(self.meters, self._mailbox)

    def start(self) -> None:
        """The hub has power: meters sleep and wake."""
        self._mailbox.reset()
        for meter in self.meters.values():
            meter.start()

    def stop(self) -> None:
        """The hub has no power, or is no more."""
        self._mailbox.reset()
        for meter in self.meters.values():
            meter.stop()

    def state(self) -> dict[str, list[str]]:
        """What meters have not been able to say yet, for JSON."""
        return {
            entity.hex(): [raw.hex() for raw in meter.outbox]
            for entity, meter in self.meters.items()
        }

    def restore(self, state: dict[str, list[str]]) -> None:
        """Take back what `state()` gave."""
        for entity, meter in self.meters.items():
            meter.outbox = [bytes.fromhex(raw) for raw in state.get(entity.hex(), [])]

    def _meter(self, device: SiteDevice, clock: Clock, profile: HubProfile) -> SleepyMeter:
        spec, entity = device.spec, device.entity_id
        self._node.air.set_link(entity, self._node.eui64, Link(lqi=spec.lqi, rssi=spec.rssi))
        nap = spec.wake_minutes * _MINUTE
        link_key = partial(self._premises.link_key, entity)
        execute = partial(self._execute, entity)
        return SleepyMeter(self._node, entity, nap, clock, profile, link_key, execute)

    def _execute(self, entity: EntityId, raw: bytes) -> list[bytes]:
        answers = self._premises.execute(entity, raw)
        self._on_change()
        return answers

    async def _send(self, meter: EntityId, frame: ZclFrame) -> bool:
        return await self._han.send(meter, TUNNELING, frame, secured=True)
