"""What comes before each Local Command of a job: by counter, by the pack, and by its kind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from hht.entity_id import EntityId
from hht.journeys.plan.kinds import StepKind
from hht.journeys.plan.order import Key, Order, delivery_order
from hht.journeys.plan.subjects import join_order
from hht.store import CommandRow


class Precedence:
    """The order of a job's Local Commands, made when it is first asked for: no state changes it.

    `series` are the ids of each Device and Remote Party by rising counter, `kinds` and `subjects`
    what kind of step each is and which Devices it is about.
    """

    def __init__(
        self,
        rows: Collection[CommandRow],
        series: Iterable[Sequence[int]],
        kinds: Mapping[int, StepKind],
        subjects: Mapping[int, frozenset[EntityId]],
        is_ordered: bool,
    ) -> None:
        self._rows = tuple(rows)
        self._series = tuple(map(tuple, series))
        self._kinds = kinds
        self._subjects = subjects
        self._is_ordered = is_ordered

    @cached_property
    def order(self) -> Order:
        """All of them as they are to be delivered."""
        hard: dict[int, set[int]] = defaultdict(set)
        for series in self._series:
            for lower, higher in pairwise(series):
                hard[higher].add(lower)
        at = {row.position: row.id for row in self._rows}
        for row in self._rows:
            hard[row.id] |= {at[position] for position in row.after if position in at}
        return delivery_order(self._keys(), hard, self._wishes)

    def _keys(self) -> dict[int, Key]:
        if self._is_ordered:
            return {row.id: (0, 0, row.position) for row in self._rows}
        return {
            row.id: (self._kinds[row.id].rank, join_order(row), row.position) for row in self._rows
        }

    @cached_property
    def _wishes(self) -> Mapping[int, frozenset[int]]:
        """For each Local Command those of the kinds that its own kind needs, of its Devices."""
        of_kind: dict[tuple[str, EntityId], set[int]] = defaultdict(set)
        for each, kind in self._kinds.items():
            for device in self._subjects[each]:
                of_kind[kind.id, device].add(each)
        return {
            each: frozenset().union(
                *(of_kind[need, d] for need in kind.needs for d in self._subjects[each])
            )
            for each, kind in self._kinds.items()
        }

    @cached_property
    def needs(self) -> Mapping[int, tuple[int, ...]]:
        """Of the wishes those that the order grants: what counters put later holds nothing up."""
        order = self.order
        place = {each: index for index, each in enumerate(order.ids)}
        return {
            each: ()
            if each in order.tangled
            else tuple(sorted((n for n in wished if place[n] < place[each]), key=place.__getitem__))
            for each, wished in self._wishes.items()
        }
