"""The faults of one hub: injected at their moments or at once, reverted in time or when asked."""

from dataclasses import dataclass, replace
from functools import partial

from hht.clock import Timer
from hht.simulator.air.air import Air
from hht.simulator.hub.events import FaultInjected, FaultReverted
from hht.simulator.hub.faults.kinds import FAULTS, Revert, Scene, describe
from hht.simulator.hub.hub import Hub
from hht.simulator.hub.milestones import DueFaults, Lasting
from hht.simulator.site.record import Site
from hht.simulator.site.spec import Fault


@dataclass(slots=True)
class _InForce:
    lasting: Lasting
    revert: Revert
    ends: Timer | None

    @property
    def fault(self) -> Fault:
        return self.lasting.fault


class Faults:
    """The faults of one hub and its air: the scenario's at their moments, others at once.

    What is in force outlives the hub's process.
    """

    def __init__(self, hub: Hub, air: Air, site: Site) -> None:
        self._hub = hub
        self._scene = Scene(hub, air, site)
        self._in_force: list[_InForce] = []
        hub.milestones.listeners.append(self._resume)
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
        until = self._hub.clock.time() + fault.duration if fault.duration else None
        if revert:
            self._keep(Lasting(fault, until), revert)
        return words

    def revert(self, fault: Fault) -> str:
        """End what is in force of this kind, Device and channel (0: on any); say what that was."""
        ended = self._matching(fault)
        for each in ended:
            self._end(each)
        words = [f"Over: {describe(each.fault)}" for each in ended]
        return "; ".join(words) or f"{FAULTS[fault.what].title}: not in force"

    def _resume(self, moment: str, count: int) -> None:
        """Have in force again, without a word, what was so when the hub's process ended."""
        if moment != "power-on" or self._in_force:
            return
        for lasting in tuple(self._hub.milestones.lasting):
            if revert := FAULTS[lasting.fault.what].inject(self._scene, lasting.fault):
                self._keep(lasting, revert)

    def _keep(self, lasting: Lasting, revert: Revert) -> None:
        for before in self._matching(lasting.fault):
            self._forget(before)
            revert = before.revert
        ends, clock = None, self._hub.clock
        if lasting.until is not None:
            left = max(0.0, lasting.until - clock.time())
            ends = clock.call_later(left, lambda: self._end(kept))
        kept = _InForce(lasting, revert, ends)
        self._in_force.append(kept)
        self._note()

    def _note(self) -> None:
        self._hub.milestones.lasting = [each.lasting for each in self._in_force]
        self._hub.changed()

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
        self._note()
