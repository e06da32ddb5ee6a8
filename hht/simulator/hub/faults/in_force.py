"""The faults of one hub: injected at their moments or at once, reverted in time or when asked."""

from dataclasses import dataclass, replace
from functools import partial

from hht.clock import Timer
from hht.simulator.air.air import Air
from hht.simulator.hub.events import FaultInjected, FaultReverted
from hht.simulator.hub.faults.kinds import FAULTS, Revert, Scene, describe
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.milestones import DueFaults
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Fault


@dataclass(slots=True)
class _InForce:
    fault: Fault
    revert: Revert
    ends: Timer | None


class Faults:
    """The faults of one hub and its air: the scenario's at their moments, others at once."""

    def __init__(self, hub: Hub, air: Air, site: Site) -> None:
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
