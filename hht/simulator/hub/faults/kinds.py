"""What goes wrong on purpose: FAULTS is the one table of faults, for scenarios and for trainers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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


def describe(fault: Fault) -> str:
    """Say in one line what, of which Device, on which channel, how much and how long."""
    kind = FAULTS[fault.what]
    channel = f"on channel {fault.channel}" if fault.channel else ""
    level = f"{fault.level:g} {kind.unit}" if kind.unit else f"{fault.level:.0%}"
    lasts = f"for {fault.duration:g} s" if fault.duration else ""
    parts = (kind.title, fault.device, channel, level if kind.needs == "level" else "", lasts)
    return " ".join(filter(None, parts))
