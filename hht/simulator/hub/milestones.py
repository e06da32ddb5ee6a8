"""The moments of an HHT's visit at which a scenario's faults may strike."""

from collections import Counter
from collections.abc import Callable

MOMENTS = ("power-on", "admitted", "joined", "command")


class Moments:
    """Counts how often each moment was reached, and tells the listeners."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.listeners: list[Callable[[str, int], None]] = []

    def reached(self, moment: str) -> None:
        """One of MOMENTS was reached once more."""
        self.counts[moment] += 1
        for listener in self.listeners:
            listener(moment, self.counts[moment])
