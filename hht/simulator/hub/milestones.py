"""The milestones of an HHT's visit at which a scenario's faults may happen."""

from collections import Counter
from collections.abc import Callable

MOMENTS = ("power-on", "admitted", "joined", "command")


class Milestones:
    """The count of each milestone reached; calls the listeners with name and count."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.listeners: list[Callable[[str, int], None]] = []

    def reached(self, moment: str) -> None:
        self.counts[moment] += 1
        for listener in self.listeners:
            listener(moment, self.counts[moment])
