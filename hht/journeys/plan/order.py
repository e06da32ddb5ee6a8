"""The order of a plan: counters and the job pack decide, then what usually comes first."""

import heapq
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple

Key = tuple[int, ...]
Waits = Mapping[int, Collection[int]]


class Order(NamedTuple):
    """The ids in their order; the `tangled` last ones wait for a circle of hard needs."""

    ids: tuple[int, ...]
    tangled: frozenset[int]


def delivery_order(keys: Mapping[int, Key], hard: Waits, soft: Waits) -> Order:
    """Order the ids of `keys` so that each comes after all it waits for in `hard`.

    It also comes after those of `soft` where `hard` allows that. Of those that may come next the
    one with the lowest key does. What waits for itself, in a circle of `hard`, comes last, by key.
    """
    return _Sorting(keys, hard, soft).run()


class _Sorting:
    """Kahn's algorithm; what waits for soft needs alone is aside until nothing else may go."""

    def __init__(self, keys: Mapping[int, Key], hard: Waits, soft: Waits) -> None:
        self._keys = keys
        self._hard = {each: set(hard.get(each, ())) & keys.keys() for each in keys}
        self._soft = {each: set(soft.get(each, ())) & keys.keys() for each in keys}
        self._followers: dict[int, set[int]] = defaultdict(set)
        for waits in (self._hard, self._soft):
            for each, needed in waits.items():
                for other in needed:
                    self._followers[other].add(each)
        self._ready: list[tuple[Key, int]] = []
        self._aside: list[tuple[Key, int]] = []
        self._placed: dict[int, None] = {}

    def run(self) -> Order:
        for each in self._keys:
            self._offer(each)
        while (following := self._next()) is not None:
            self._place(following)
        left = [each for each in self._keys if each not in self._placed]
        left.sort(key=lambda each: self._keys[each])
        return Order((*self._placed, *left), frozenset(left))

    def _offer(self, each: int) -> None:
        if not self._hard[each]:
            heap = self._aside if self._soft[each] else self._ready
            heapq.heappush(heap, (self._keys[each], each))

    def _next(self) -> int | None:
        for heap in (self._ready, self._aside):
            while heap:
                each = heapq.heappop(heap)[1]
                if each not in self._placed:
                    return each
        return None

    def _place(self, each: int) -> None:
        self._placed[each] = None
        for other in self._followers[each]:
            self._hard[other].discard(each)
            self._soft[other].discard(each)
            if other not in self._placed:
                self._offer(other)
