"""The milestones of an HHT's visit, and the scenario's faults that come at them or later."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from hht.clock import Clock
from hht.simulator.site.spec import Fault

MOMENTS = ("power-on", "admitted", "joined", "command")


class Milestones:
    """The count of each milestone reached; calls the listeners with name and count.

    `due` are the scenario's faults that are still to come after one that was reached: each one's
    moment by the premises' clock, by its place in the scenario.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.due: dict[int, float] = {}
        self.listeners: list[Callable[[str, int], None]] = []

    def state(self) -> dict[str, Any]:
        """Return the counts, and what is due, for JSON."""
        return {"moments": self.counts, "due": {str(at): when for at, when in self.due.items()}}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore what `state()` returned; earlier hubs kept no faults that were due."""
        self.counts.update(state["moments"])
        self.due.update({int(at): when for at, when in state.get("due", {}).items()})

    def reached(self, moment: str) -> None:
        self.counts[moment] += 1
        for listener in self.listeners:
            listener(moment, self.counts[moment])


class DueFaults:
    """A scenario's faults, each at its moment; one that is due outlives the hub's process.

    `begin` is called with each fault, `changed` when there is something else to be kept.
    """

    def __init__(
        self,
        milestones: Milestones,
        faults: Sequence[Fault],
        clock: Clock,
        begin: Callable[[Fault], object],
        changed: Callable[[], None],
    ) -> None:
        self._due = milestones.due
        self._faults = faults
        self._clock = clock
        self._begin = begin
        self._changed = changed
        self._timed: set[int] = set()
        milestones.listeners.append(self._reached)

    def _reached(self, moment: str, count: int) -> None:
        """Time what comes after this milestone, and what was due when the hub's process ended."""
        for at, fault in enumerate(self._faults):
            if (fault.after, fault.number) == (moment, count):
                self._due[at] = self._clock.time() + fault.seconds
            if at in self._due and at not in self._timed:
                self._time(at)

    def _time(self, at: int) -> None:
        self._timed.add(at)
        seconds = max(0.0, self._due[at] - self._clock.time())
        self._clock.call_later(seconds, partial(self._come, at))
        self._changed()

    def _come(self, at: int) -> None:
        self._timed.discard(at)
        del self._due[at]
        self._changed()
        self._begin(self._faults[at])
