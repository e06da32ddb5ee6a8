"""The commission journey: which Local Command goes next, and what holds another back.

A Device refuses a counter that does not rise, so counters order the Commands of one Remote Party
to one Device.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeVar

from hht.entity_id import EntityId
from hht.store import CommandEvent, CommandRow, CommandState
from hht.store.command_states import has_arrived, has_reply, is_done, may_happen

KeyT = TypeVar("KeyT")
_S = CommandState
_DEAD_END: Final = (_S.REFUSED, _S.SKIPPED)
_STILL_TO_ARRIVE: Final = (_S.WAITING, _S.SENDING, _S.UNKNOWN)
_NOBODY: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """How a job's Local Commands stand; `answered` counts Responses good and bad.

    `uncaptured` of them are known to be answered, and their Response was not kept.
    """

    waiting: int
    delivered: int
    answered: int
    failed: int
    unknown: int
    uncaptured: int


class Plan:
    """A job's Local Commands as they stand, changed one by one: a job may have a thousand.

    `silent`, where a method takes it, are the ids of those delivered once more without any
    Response: a Device has had such a one or never will, so the others, among them the read that
    may settle it, go on.
    """

    def __init__(self, rows: Iterable[CommandRow]) -> None:
        self._rows = {row.id: row for row in rows}
        self._at = {row.position: row.id for row in self._rows.values()}
        self._states = Counter(row.state for row in self._rows.values())
        self._series = _by_counter(self._rows.values())
        self._same = _grouped((row.raw, row.id) for row in self._rows.values())
        self._needed_by = _grouped((at, row.id) for row in self._rows.values() for at in row.after)
        self._dead: set[int] | None = None

    @property
    def rows(self) -> tuple[CommandRow, ...]:
        """The Local Commands in their order."""
        return tuple(self._rows.values())

    def same_message(self, command_id: int) -> list[int]:
        """The ids of all that are the same message, this one among them."""
        row = self._rows.get(command_id)
        return self._same[row.raw] if row else []

    def update(self, row: CommandRow) -> None:
        """Take a Local Command as it stands now."""
        self._states[self._rows[row.id].state] -= 1
        self._states[row.state] += 1
        self._rows[row.id] = row
        self._dead = None

    def counts(self) -> Counts:
        """Count them by what became of them."""

        def of(*states: CommandState) -> int:
            return sum(self._states[state] for state in states)

        return Counts(
            waiting=of(_S.WAITING),
            delivered=of(*filter(has_arrived, _S)),
            answered=of(*filter(has_reply, _S)),
            failed=of(*_DEAD_END),
            unknown=of(_S.UNKNOWN, _S.SENDING),
            uncaptured=sum(row.is_uncaptured for row in self._rows.values()),
        )

    def next_ready(self, silent: Collection[int] = _NOBODY) -> CommandRow | None:
        """The first waiting Local Command that nothing holds back; None when there is none."""
        for row in self._rows.values():
            if row.state is _S.WAITING and self._blocker(row, silent) is None:
                return row
        return None

    def blocked_by(self, row: CommandRow, silent: Collection[int] = _NOBODY) -> str | None:
        """Why `row` may not be delivered now, in plain words; None when it may."""
        if row.state is _S.UNKNOWN:
            return "Nobody knows whether it arrived: settle it first"
        if not may_happen(row.state, CommandEvent.SEND):
            return f"It is {row.state} and is not sent again"
        other = self._blocker(row, silent)
        if other is None:
            return None
        if other.position in row.after:
            return f"'{other.title}' must be answered first"
        return f"'{other.title}' must be delivered first: its counter is lower"

    def is_dead(self, row: CommandRow) -> bool:
        """Whether `row` waits for something that will not come."""
        if self._dead is None:
            self._dead = self._find_dead()
        return row.id in self._dead

    def _blocker(self, row: CommandRow, silent: Collection[int]) -> CommandRow | None:
        for position in row.after:
            needed = self._rows.get(self._at.get(position, 0))
            if needed and not is_done(needed.state):
                return needed
        for command_id in self._series[row.device, row.party]:
            other = self._rows[command_id]
            if other.counter >= row.counter:
                return None
            may_come = other.state in _STILL_TO_ARRIVE and other.id not in silent
            if may_come and not self.is_dead(other):
                return other
        return None

    def _find_dead(self) -> set[int]:
        """Everything that depends, however far, on what has come to a dead end."""
        found: set[int] = set()
        ends = [row for row in self._rows.values() if row.state in _DEAD_END]
        while ends:
            for command_id in self._needed_by[ends.pop().position]:
                if command_id not in found:
                    found.add(command_id)
                    ends.append(self._rows[command_id])
        return found


def _by_counter(rows: Iterable[CommandRow]) -> dict[tuple[EntityId, EntityId], list[int]]:
    """For each Device and Remote Party the ids, by rising counter."""
    ordered = sorted(rows, key=lambda row: row.counter)
    return _grouped(((row.device, row.party), row.id) for row in ordered)


def _grouped(pairs: Iterable[tuple[KeyT, int]]) -> dict[KeyT, list[int]]:
    found: dict[KeyT, list[int]] = defaultdict(list)
    for key, number in pairs:
        found[key].append(number)
    return found
