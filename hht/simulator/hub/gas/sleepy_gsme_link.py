"""The link between one hub and its sleeping GSMEs: their radios and the tunnel server for them."""

from collections.abc import Callable
from functools import partial

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.hub_profile import HubProfile
from hht.simulator.hub.gas.gsme_tunnel import GsmeTunnelServer
from hht.simulator.hub.gas.sleepy_gsme import SleepyGsme
from hht.simulator.hub.han_server import HanServer
from hht.simulator.hub.premises import Premises
from hht.simulator.hub.radios.han_devices import HanDevices
from hht.simulator.site.record import Site, SiteDevice
from hht.simulator.stack.node import RadioNode
from hht.zse.zcl import TUNNELING, ZclFrame

_MINUTE = 60  # seconds


class SleepyGsmeLink:
    """The radios of the sleeping GSMEs; calls `on_change` after a meter did something.

    `clock`, the premises', is the one by which they sleep.
    """

    def __init__(
        self,
        node: RadioNode,
        site: Site,
        profile: HubProfile,
        clock: Clock,
        premises: Premises,
        radios: HanDevices,
        han: HanServer,
        on_change: Callable[[], None],
    ) -> None:
        self._node = node
        self._premises = premises
        self._radios = radios
        self._han = han
        self._on_change = on_change
        self._server = GsmeTunnelServer(profile, self._send, premises)
        self.meters = {
            device.entity_id: self._meter(device, clock, profile)
            for device in site.devices
            if device.spec.wake_minutes
        }
        han.servers |= dict.fromkeys(self.meters, self._server)

    def start(self) -> None:
        """Let the meters sleep and wake: the hub has power."""
        self._server.reset()
        for meter in self.meters.values():
            meter.start()

    def stop(self) -> None:
        """Keep the meters asleep: the hub has no power, or has ended."""
        self._server.reset()
        for meter in self.meters.values():
            meter.stop()

    def state(self) -> dict[str, list[str]]:
        """Return the meters' messages that the hub does not have yet, for JSON."""
        return {
            entity.hex(): [raw.hex() for raw in meter.outbox]
            for entity, meter in self.meters.items()
        }

    def restore(self, state: dict[str, list[str]]) -> None:
        """Restore what `state()` returned."""
        for entity, meter in self.meters.items():
            meter.outbox = [bytes.fromhex(raw) for raw in state.get(entity.hex(), [])]

    def _meter(self, device: SiteDevice, clock: Clock, profile: HubProfile) -> SleepyGsme:
        spec, entity = device.spec, device.entity_id
        nap = spec.wake_minutes * _MINUTE
        may_wake = partial(self._premises.may_wake, entity)
        execute = partial(self._execute, entity)
        radio = self._radios.radios[entity]
        awake = spec.awake_minutes * _MINUTE
        return SleepyGsme(self._node, radio, nap, awake, clock, profile, may_wake, execute)

    def _execute(self, entity: EntityId, raw: bytes) -> list[bytes]:
        answers = self._premises.execute(entity, raw)
        self._on_change()
        return answers

    async def _send(self, meter: EntityId, frame: ZclFrame) -> bool:
        return await self._han.send(meter, TUNNELING, frame, secured=True)
