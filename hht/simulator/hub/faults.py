"""What goes wrong on purpose: FAULTS is the one table of faults, for scenarios and for trainers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hht.clock import Timer
from hht.simulator.hub.events import FaultInjected, FaultReverted
from hht.simulator.hub.milestones import DueFaults
from hht.simulator.site.spec import Fault

if TYPE_CHECKING:  # the table is read where no hub is simulated, too
    from hht.simulator.air.air import Air
    from hht.simulator.hub.hub import Hub
    from hht.simulator.site.record import Site

_SHORTEST_CUT = 5.0
"""Seconds that a cut lasts where a scenario gives it no duration, or a shorter one."""

Revert = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where faults happen."""

    hub: "Hub"
    air: "Air"
    site: "Site"

    def switch(self, label: str, *, on: bool) -> None:
        self.hub.premises.switch(self.site.device(label).entity_id, on=on)

    def is_on(self, label: str) -> bool:
        return self.site.device(label).entity_id not in self.hub.premises.switched_off


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault.

    `inject` makes it happen and returns what puts things back, None where nothing does. `needs` is
    what it needs beside its moment: "device", "level" (from `low` to `high`, in `unit`) or
    "commands". `lasts` says whether a duration ends it, `seconds` is the duration where a trainer
    gives none. `idle` says why it would change nothing now; `ends` is the fault that it puts back.
    `key`, `short` and `value` are for the trainer's screen: key, word, what is asked for.
    """

    title: str
    inject: Callable[[Scene, Fault], Revert | None]
    needs: str = ""
    low: float = 0
    high: float = 1
    unit: str = ""
    on_channel: bool = False
    lasts: bool = True
    seconds: float = 0
    idle: Callable[[Scene, Fault], str] = lambda scene, fault: ""
    ends: str = ""
    key: str = ""
    short: str = ""
    value: str = ""


def _cut_power(scene: Scene, fault: Fault) -> None:
    scene.hub.power_cut(max(fault.duration, _SHORTEST_CUT))


def _make_noise(scene: Scene, fault: Fault) -> Revert:
    levels = scene.air.interference
    before = {fault.channel: levels[fault.channel]} if fault.channel in levels else {}
    levels[fault.channel] = round(fault.level)

    def revert() -> None:
        del levels[fault.channel]
        levels.update(before)

    return revert


def _drop_frames(scene: Scene, fault: Fault) -> Revert:
    ends = scene.hub.node.eui64, scene.site.hht
    before = scene.air.link(*ends)
    scene.air.set_link(*ends, replace(before, loss=fault.level))
    return lambda: scene.air.set_link(*ends, before)


def _device_off(scene: Scene, fault: Fault) -> Revert:
    scene.switch(fault.device, on=False)
    return lambda: scene.switch(fault.device, on=True)


def _device_on(scene: Scene, fault: Fault) -> None:
    scene.switch(fault.device, on=True)


def _return_wan(scene: Scene, fault: Fault) -> Revert:
    from hht.simulator.head_end.job import commands_of

    lose = _set(scene.hub, "wan", True)
    for raw in commands_of(scene.site, fault.commands) if fault.commands else ():
        scene.hub.deliver_by_wan(raw)
    return lose


def _use_air_time(scene: Scene, fault: Fault) -> Revert:
    scene.hub.premises.use_sub_ghz(fault.level)
    return lambda: scene.hub.premises.use_sub_ghz(0)


def _set(owner: object, name: str, value: object) -> Revert:
    before = getattr(owner, name)
    setattr(owner, name, value)
    return lambda: setattr(owner, name, before)


FAULTS: Mapping[str, FaultKind] = {
    "power-cut": FaultKind(
        "Cut the hub's power",
        _cut_power,
        seconds=10,
        idle=lambda scene, fault: "" if scene.hub.has_power else "the hub has no power",
        key="p",
        short="Power cut",
    ),
    "noise": FaultKind(
        "Interference",
        _make_noise,
        needs="level",
        low=-110,
        high=0,
        unit="dBm",
        on_channel=True,
        key="n",
        short="Noise",
        value="-45",
    ),
    "drop-frames": FaultKind(
        "Lose frames between HHT and hub",
        _drop_frames,
        needs="level",
        key="d",
        short="Lose frames",
        value="0.5",
    ),
    "late-frames": FaultKind(
        "Make frames late",
        lambda scene, fault: _set(scene.air, "late", fault.level),
        needs="level",
    ),
    "duplicate-frames": FaultKind(
        "Make frames come twice",
        lambda scene, fault: _set(scene.air, "duplicates", fault.level),
        needs="level",
    ),
    "device-off": FaultKind(
        "Switch a Device off",
        _device_off,
        needs="device",
        idle=lambda scene, fault: "" if scene.is_on(fault.device) else "it is off",
        key="1-9",
        short="Device off/on",
    ),
    "device-on": FaultKind(
        "Switch a Device on",
        _device_on,
        needs="device",
        lasts=False,
        idle=lambda scene, fault: "it is on" if scene.is_on(fault.device) else "",
        ends="device-off",
    ),
    "duty-cycle": FaultKind(
        "Use up the hub's sub-GHz air time",
        _use_air_time,
        needs="level",
        high=10,
        unit="%",
    ),
    "window-closed": FaultKind(
        "Close the inter-PAN window",
        lambda scene, fault: scene.hub.close_window(),
        lasts=False,
        key="w",
        short="Close window",
    ),
    "stay-ended": FaultKind(
        "End the HHT's residency",
        lambda scene, fault: scene.hub.end_residency(),
        lasts=False,
        idle=lambda scene, fault: "" if scene.hub.premises.hhts else "no HHT is in the HAN",
        key="s",
        short="End residency",
    ),
    "wan-returns": FaultKind(
        "Let the WAN come back",
        _return_wan,
        needs="commands",
        key="b",
        short="WAN",
        value="all",
    ),
}
"""By the name that scenario files and `hht hub fault` have for it; see docs/adding.md."""


@dataclass(slots=True)
class _InForce:
    fault: Fault
    revert: Revert
    ends: Timer | None


class Faults:
    """The faults of one hub and its air: the scenario's at their moments, others at once."""

    def __init__(self, hub: "Hub", air: "Air", site: "Site") -> None:
        self._hub = hub
        self._scene = Scene(hub, air, site)
        self._in_force: list[_InForce] = []
        begin = partial(self.inject, by="scenario")
        DueFaults(hub.milestones, site.spec.faults, hub.clock, begin, hub.changed)

    @property
    def in_force(self) -> list[str]:
        """List the names of the faults that can be reverted now."""
        return sorted({each.fault.what for each in self._in_force})

    def inject(self, fault: Fault, *, by: str) -> str:
        """Make it happen, for its duration if it has one; return one line about it.

        `by` is "scenario", "trainer" or "trainee". Injected again, a fault is reverted to what was
        before the first time.
        """
        kind, words = FAULTS[fault.what], describe(fault)
        if why := kind.idle(self._scene, fault):
            return f"{words}: nothing to do, {why}"
        self._hub.log.record(FaultInjected(words, fault.what, by))
        revert = kind.inject(self._scene, fault)
        for each in self._matching(replace(fault, what=kind.ends)):
            self._forget(each)
        if revert:
            self._keep(fault, revert)
        return words

    def revert(self, fault: Fault) -> str:
        """End what is in force of this kind, Device and channel (0: on any); say what that was."""
        ended = self._matching(fault)
        for each in ended:
            self._end(each)
        words = [f"Over: {describe(each.fault)}" for each in ended]
        return "; ".join(words) or f"{FAULTS[fault.what].title}: not in force"

    def _keep(self, fault: Fault, revert: Revert) -> None:
        for before in self._matching(fault):
            self._forget(before)
            revert = before.revert
        ends = None
        if fault.duration:
            ends = self._hub.clock.call_later(fault.duration, lambda: self._end(kept))
        kept = _InForce(fault, revert, ends)
        self._in_force.append(kept)

    def _end(self, each: _InForce) -> None:
        self._forget(each)
        words = f"Over: {describe(each.fault)}"
        self._hub.log.record(FaultReverted(words, each.fault.what))
        each.revert()

    def _matching(self, fault: Fault) -> list[_InForce]:
        return [
            each
            for each in self._in_force
            if (each.fault.what, each.fault.device) == (fault.what, fault.device)
            and fault.channel in (0, each.fault.channel)
        ]

    def _forget(self, each: _InForce) -> None:
        self._in_force.remove(each)
        if each.ends:
            each.ends.cancel()


def describe(fault: Fault) -> str:
    """Say in one line what, of which Device, on which channel, how much and how long."""
    kind = FAULTS[fault.what]
    channel = f"on channel {fault.channel}" if fault.channel else ""
    level = f"{fault.level:g} {kind.unit}" if kind.unit else f"{fault.level:.0%}"
    lasts = f"for {fault.duration:g} s" if fault.duration else ""
    parts = (kind.title, fault.device, channel, level if kind.needs == "level" else "", lasts)
    return " ".join(filter(None, parts))
