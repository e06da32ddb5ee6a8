"""What goes wrong on purpose: a scenario's faults at their moments, and the trainer's levers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from hht.entity_id import EntityId
from hht.simulator.air.air import Air
from hht.simulator.head_end.job import commands_of
from hht.simulator.hub.hub import Hub
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Fault

_SHORTEST_CUT = 5.0
_LATE, _DUPLICATES = "late", "duplicates"

Undo = Callable[[], None]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """What a fault needs beside its moment: "device", "level" (from `low` to `high`), "commands".

    Noise needs a channel too. `lasts` says whether a duration puts things back as they were.
    """

    title: str
    needs: str = ""
    low: float = 0
    high: float = 1
    lasts: bool = True


FAULTS: Mapping[str, FaultKind] = {
    "power-cut": FaultKind("Cut the hub's power"),
    "noise": FaultKind("Interference", "level", -110, 0),
    "drop-frames": FaultKind("Lose frames between HHT and hub", "level"),
    "late-frames": FaultKind("Make frames late", "level"),
    "duplicate-frames": FaultKind("Make frames come twice", "level"),
    "device-off": FaultKind("Switch a Device off", "device"),
    "device-on": FaultKind("Switch a Device on", "device", lasts=False),
    "window-closed": FaultKind("Close the inter-PAN window", lasts=False),
    "stay-ended": FaultKind("End the HHT's stay", lasts=False),
    "wan-returns": FaultKind("Let the WAN come back", "commands"),
}


class Faults:
    """Listens to a hub's moments and does what the scenario names; `strike` does it at once."""

    def __init__(self, hub: Hub, air: Air, site: Site) -> None:
        self._hub = hub
        self._air = air
        self._site = site
        self._doing: Mapping[str, Callable[[Fault], Undo | None]] = {
            "power-cut": self._power_cut,
            "noise": self._noise,
            "drop-frames": self._drop_frames,
            "late-frames": partial(self._share, _LATE),
            "duplicate-frames": partial(self._share, _DUPLICATES),
            "device-off": self._device_off,
            "device-on": self._device_on,
            "window-closed": self._close_window,
            "stay-ended": self._end_stay,
            "wan-returns": self._wan_returns,
        }
        self._undoing: dict[tuple[str, str, int], Undo] = {}
        hub.moments.listeners.append(self._reached)

    @property
    def pulled(self) -> list[str]:
        """What is in force and can be put back."""
        return sorted({what for what, _, _ in self._undoing})

    def _reached(self, moment: str, count: int) -> None:
        for fault in self._site.spec.faults:
            if (fault.after, fault.number) == (moment, count):
                strike = partial(self.strike, fault, by="scenario")
                self._hub.clock.call_later(fault.seconds, strike)

    def strike(self, fault: Fault, *, by: str) -> None:
        """Do it, and after the fault's duration, where it has one, put things back.

        `by` is "scenario", "trainer" or "trainee".
        """
        self._hub.story.tell("fault", _words(fault), fault=fault.what, by=by)
        undo = self._doing[fault.what](fault)
        if undo:
            self._undoing.setdefault(_which(fault), undo)
        if undo and fault.duration:
            self._hub.clock.call_later(fault.duration, partial(self.put_back, fault))

    def put_back(self, fault: Fault) -> None:
        """Undo what the first strike of this kind since the last time has done, if any."""
        undo = self._undoing.pop(_which(fault), None)
        if undo:
            self._hub.story.tell(
                "fault-over", f"Over: {FAULTS[fault.what].title}", fault=fault.what
            )
            undo()

    def _power_cut(self, fault: Fault) -> None:
        self._hub.power_cut(max(fault.duration, _SHORTEST_CUT))

    def _noise(self, fault: Fault) -> Undo:
        channel = fault.channel or self._hub.node.channel
        self._air.interference[channel] = round(fault.level)

        def quiet() -> None:
            self._air.interference.pop(channel, None)

        return quiet

    def _drop_frames(self, fault: Fault) -> Undo:
        ends = self._hub.node.eui64, self._site.hht
        before = self._air.link(*ends)
        self._air.set_link(*ends, replace(before, loss=fault.level))
        return lambda: self._air.set_link(*ends, before)

    def _share(self, name: str, fault: Fault) -> Undo:
        before = getattr(self._air, name)
        setattr(self._air, name, fault.level)
        return lambda: setattr(self._air, name, before)

    def _device_off(self, fault: Fault) -> Undo:
        entity = self._entity(fault)
        self._hub.premises.switch(entity, on=False)
        return lambda: self._hub.premises.switch(entity, on=True)

    def _device_on(self, fault: Fault) -> None:
        self._undoing.pop(_which(replace(fault, what="device-off")), None)
        self._hub.premises.switch(self._entity(fault), on=True)

    def _close_window(self, fault: Fault) -> None:
        self._hub.close_window()

    def _end_stay(self, fault: Fault) -> None:
        self._hub.end_stay()

    def _wan_returns(self, fault: Fault) -> Undo:
        self._hub.wan = True
        for raw in commands_of(self._site, fault.commands) if fault.commands else ():
            self._hub.deliver_by_wan(raw)

        def gone() -> None:
            self._hub.wan = False

        return gone

    def _entity(self, fault: Fault) -> EntityId:
        return self._site.device(fault.device).entity_id


def _which(fault: Fault) -> tuple[str, str, int]:
    return fault.what, fault.device, fault.channel


def _words(fault: Fault) -> str:
    """The fault in a few words: what, of which Device, on which channel, how much, how long."""
    kind = FAULTS[fault.what]
    channel = f"on channel {fault.channel}" if fault.channel else ""
    level = f"{fault.level:g} dBm" if fault.what == "noise" else f"{fault.level:.0%}"
    level = level if kind.needs == "level" else ""
    lasts = f"for {fault.duration:g} s" if fault.duration else ""
    return " ".join(filter(None, (kind.title, fault.device, channel, level, lasts)))
