"""What goes wrong on purpose: a scenario's faults, each at its moment and for its time."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from hht.entity_id import EntityId
from hht.training.air import Air
from hht.training.hub.hub import Hub
from hht.training.scenario import Fault
from hht.training.site_record import Site

_SHORTEST_CUT = 5.0


class Faults:
    """Listens to a hub's moments and pulls the levers that the scenario names."""

    def __init__(self, hub: Hub, air: Air, site: Site) -> None:
        self._hub = hub
        self._air = air
        self._site = site
        self._levers: Mapping[str, Callable[[Fault], Callable[[], None] | None]] = {
            "power-cut": self._power_cut,
            "noise": self._noise,
            "device-off": self._device_off,
            "device-on": self._device_on,
            "drop-frames": self._drop_frames,
            "window-closed": self._close_window,
            "wan-returns": self._wan_returns,
        }
        hub.moments.listeners.append(self._reached)

    def _reached(self, moment: str, count: int) -> None:
        for fault in self._site.scenario.faults:
            if (fault.after, fault.number) == (moment, count):
                self._hub.clock.call_later(fault.seconds, partial(self.strike, fault))

    def strike(self, fault: Fault) -> None:
        """Pull the lever, and after the fault's duration, where it has one, put it back."""
        undo = self._levers[fault.what](fault)
        if undo and fault.duration:
            self._hub.clock.call_later(fault.duration, undo)

    def _power_cut(self, fault: Fault) -> None:
        self._hub.power_cut(max(fault.duration, _SHORTEST_CUT))

    def _noise(self, fault: Fault) -> Callable[[], None]:
        self._air.interference[fault.channel] = round(fault.level)

        def quiet() -> None:
            self._air.interference.pop(fault.channel, None)

        return quiet

    def _device_off(self, fault: Fault) -> Callable[[], None]:
        entity = self._entity(fault)
        self._hub.premises.switch(entity, on=False)
        return lambda: self._hub.premises.switch(entity, on=True)

    def _device_on(self, fault: Fault) -> None:
        self._hub.premises.switch(self._entity(fault), on=True)

    def _drop_frames(self, fault: Fault) -> Callable[[], None]:
        ends = self._hub.node.eui64, self._site.hht
        before = self._air.link(*ends)
        self._air.set_link(*ends, replace(before, loss=fault.level))
        return lambda: self._air.set_link(*ends, before)

    def _close_window(self, fault: Fault) -> None:
        self._hub.close_window()

    def _wan_returns(self, fault: Fault) -> None:
        self._hub.wan = True

    def _entity(self, fault: Fault) -> EntityId:
        return self._site.device(fault.device).entity_id
