"""A plan: a job's Local Commands, which of them goes next, and what holds another back.

It is made from the Commands at hand and the kinds of steps (hht.journeys.plan.kinds). Three things
order it: a Device refuses a counter that does not rise, so counters order the Commands of one
Remote Party to one Device, always; the job pack says what must be answered first; and each kind
of step needs others of the same Device before it, where the first two allow that.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from hht.entity_id import EntityId
from hht.journeys.plan.kinds import StepKind, kind_of
from hht.journeys.plan.lost_response import LostResponse, lost_of
from hht.journeys.plan.precedence import Precedence
from hht.journeys.plan.subjects import subjects_of
from hht.store import CommandEvent, CommandRow, CommandState
from hht.store.command_states import has_arrived, has_reply, is_done, is_open, may_happen

KeyT = TypeVar("KeyT")
_S = CommandState
_DEAD_END: Final = (_S.REFUSED, _S.SKIPPED)
_STILL_TO_ARRIVE: Final = (_S.WAITING, _S.SENDING, _S.UNKNOWN)
_STILL_TO_ANSWER: Final = (*_STILL_TO_ARRIVE, _S.DELIVERED)
_NONE: Final[frozenset[int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """The state of a job's Local Commands; `answered` counts Responses good and bad.

    `unknown` are those of which it is not known, or not proven, what became of them; `uncaptured`
    are known to be answered, and their Response was not kept.
    """

    waiting: int
    delivered: int
    answered: int
    failed: int
    unknown: int
    uncaptured: int


class Plan:
    """A job's Local Commands as they are, changed one by one: a job may have a thousand.

    `is_ordered` says that they come in an order that somebody thought of; loose Local Commands
    are put into the usual one. `silent`, where a method has it, are the ids of those delivered
    once more without any Response: a Device has had such a one or never will, so the others, among
    them the read that may settle it, go on.
    """

    def __init__(self, rows: Iterable[CommandRow], *, is_ordered: bool = True) -> None:
        self._rows = {row.id: row for row in rows}
        self._at = {row.position: row.id for row in self._rows.values()}
        self._states = Counter(row.state for row in self._rows.values())
        self._series = _by_counter(self._rows.values())
        self._same = _grouped((row.raw, row.id) for row in self._rows.values())
        self._needed_by = _grouped((at, row.id) for row in self._rows.values() for at in row.after)
        self._kinds = {row.id: kind_of(row.message_code) for row in self._rows.values()}
        self._subjects = {row.id: subjects_of(row) for row in self._rows.values()}
        self._precedence = Precedence(
            self._rows.values(), self._series.values(), self._kinds, self._subjects, is_ordered
        )
        self._dead: set[int] | None = None
        self._to_arrive: dict[tuple[EntityId, EntityId], list[int]] = {}
        # Asked with every event, a dozen times a Local Command, and good until one changes:
        self._all: tuple[CommandRow, ...] | None = None
        self._ready: dict[tuple[frozenset[int], ...], CommandRow | None] = {}
        self._lost: dict[bool, dict[int, LostResponse]] = {}
        self._uncaptured = {row.id for row in self._rows.values() if row.is_uncaptured}

    @property
    def rows(self) -> tuple[CommandRow, ...]:
        """The Local Commands as the job numbers them."""
        if self._all is None:
            self._all = tuple(self._rows.values())
        return self._all

    @property
    def in_order(self) -> tuple[CommandRow, ...]:
        """The Local Commands in the order in which they are to be delivered."""
        return tuple(self._rows[each] for each in self._precedence.order.ids)

    @property
    def still_open(self) -> tuple[CommandRow, ...]:
        """The Local Commands that are open and may still come to an end."""
        return tuple(row for row in self.rows if is_open(row.state) and not self._is_hopeless(row))

    def _is_hopeless(self, row: CommandRow) -> bool:
        return row.state is _S.WAITING and self.is_dead(row)

    def row(self, command_id: int) -> CommandRow:
        """Return one Local Command as it is; KeyError for one of another job."""
        return self._rows[command_id]

    def about(self, device: EntityId) -> tuple[CommandRow, ...]:
        """Return the Local Commands that are about a Device, in the order of delivery."""
        return tuple(row for row in self.in_order if device in self._subjects[row.id])

    def kind(self, row: CommandRow) -> StepKind:
        """Return the kind of step that a Local Command is."""
        return self._kinds[row.id]

    def subjects(self, row: CommandRow) -> frozenset[EntityId]:
        """Return the Devices that a Local Command is about."""
        return self._subjects[row.id]

    def needed_by(self, row: CommandRow) -> tuple[CommandRow, ...]:
        """Return the Local Commands that come before this one: as the job says, and of its kind."""
        said = (self._at[position] for position in row.after if position in self._at)
        return tuple(
            self._rows[each] for each in dict.fromkeys((*said, *self._precedence.needs[row.id]))
        )

    def proofs_of(self, row: CommandRow) -> tuple[CommandRow, ...]:
        """Return the reads of this plan whose positive Response can show that `row` was done."""
        wanted = self.kind(row).proof
        return tuple(
            read
            for read in self.in_order
            if read.device == row.device and self._kinds[read.id].id in wanted
        )

    def same_message(self, command_id: int) -> list[int]:
        """Return the ids of all that are the same message, this one among them."""
        row = self._rows.get(command_id)
        return self._same[row.raw] if row else []

    def state_of(self, command_id: int | None) -> CommandState | None:
        """Return the state of a Local Command of this job; None for any other."""
        row = self._rows.get(command_id or 0)
        return row.state if row else None

    def update(self, row: CommandRow) -> None:
        """Take a Local Command as it is now."""
        before = self._rows[row.id].state
        self._states[before] -= 1
        self._states[row.state] += 1
        self._rows[row.id] = row
        self._dead = self._all = None
        self._ready.clear()
        self._lost.clear()
        if (before in _STILL_TO_ARRIVE) != (row.state in _STILL_TO_ARRIVE):
            self._to_arrive.pop((row.device, row.party), None)
        self._uncaptured.discard(row.id)
        if row.is_uncaptured:
            self._uncaptured.add(row.id)

    def counts(self) -> Counts:
        """Count them by what became of them."""

        def of(*states: CommandState) -> int:
            return sum(self._states[state] for state in states)

        return Counts(
            waiting=of(_S.WAITING),
            delivered=of(*filter(has_arrived, _S)),
            answered=of(*filter(has_reply, _S)),
            failed=of(*_DEAD_END),
            unknown=of(_S.UNKNOWN, _S.SENDING, _S.HEARD),
            uncaptured=len(self._uncaptured),
        )

    def next_ready(
        self,
        silent: Collection[int] = _NONE,
        held: Collection[int] = _NONE,
        aside: Collection[int] = _NONE,
        left: Collection[int] = _NONE,
    ) -> CommandRow | None:
        """Return the first waiting Local Command that nothing holds back; None when there is none.

        `held` are the ids of those that wait for something else: what comes after waits with them.
        Those that are put `aside` come when nothing else may go, those that are `left` never.
        """
        asked = frozenset(silent), frozenset(held), frozenset(aside), frozenset(left)
        if asked not in self._ready:
            self._ready[asked] = self._first_ready(*asked)
        return self._ready[asked]

    def _first_ready(
        self,
        silent: frozenset[int],
        held: frozenset[int],
        aside: frozenset[int],
        left: frozenset[int],
    ) -> CommandRow | None:
        later = None
        for row in map(self._rows.__getitem__, self._precedence.order.ids):
            if row.state is not _S.WAITING or row.id in left:
                continue
            if self._blocker(row, silent) is not None:
                continue
            if row.id not in aside:
                return None if row.id in held else row
            later = later or row
        return later

    def lost(self, *, hub_may_repeat: bool) -> Mapping[int, LostResponse]:
        """Return the ways back of the Responses that were not kept, by the ids of the rows."""
        if hub_may_repeat not in self._lost:
            rows = self.rows if self._uncaptured else ()
            self._lost[hub_may_repeat] = lost_of(rows, hub_may_repeat=hub_may_repeat)
        return self._lost[hub_may_repeat]

    def waits_for(self, absent: Collection[EntityId]) -> frozenset[int]:
        """Return the ids of the waiting ones that need one of these Devices, and these are not
        there."""
        return frozenset(
            row.id
            for row in self._rows.values()
            if row.state is _S.WAITING
            and self._kinds[row.id].needs_its_devices
            and not self._subjects[row.id].isdisjoint(absent)
        )

    def blocked_by(self, row: CommandRow, silent: Collection[int] = _NONE) -> str | None:
        """Return why `row` may not be delivered now, in plain words; None when it may."""
        if row.state is _S.UNKNOWN:
            return "Nobody knows whether it arrived: settle it first"
        if not may_happen(row.state, CommandEvent.SEND):
            return f"It is {row.state} and is not sent again"
        other = self._blocker(row, silent)
        if other is None:
            return None
        if other.position in row.after:
            return f"'{other.title}' must be answered first"
        if other.id in self._precedence.needs[row.id]:
            return f"'{other.title}' comes first: this needs its Device"
        return f"'{other.title}' must be delivered first: its counter is lower"

    def is_dead(self, row: CommandRow) -> bool:
        """Return whether `row` waits for something that will not come."""
        if self._dead is None:
            self._dead = self._find_dead()
        return row.id in self._dead

    def _blocker(self, row: CommandRow, silent: Collection[int]) -> CommandRow | None:
        for position in row.after:
            needed = self._rows.get(self._at.get(position, 0))
            if needed and needed.state is not _S.HEARD and not is_done(needed.state):
                return needed
        return self._lower_counter(row, silent) or self._open_need(row, silent)

    def _lower_counter(self, row: CommandRow, silent: Collection[int]) -> CommandRow | None:
        for command_id in self._open_series(row):
            other = self._rows[command_id]
            if other.counter >= row.counter:
                return None
            if self._may_come(other, silent, _STILL_TO_ARRIVE):
                return other
        return None

    def _open_series(self, row: CommandRow) -> list[int]:
        """Return those of a row's Device and party that are still to arrive, the lowest counter
        first."""
        series = row.device, row.party
        if series not in self._to_arrive:
            states = ((each, self._rows[each].state) for each in self._series[series])
            self._to_arrive[series] = [each for each, state in states if state in _STILL_TO_ARRIVE]
        return self._to_arrive[series]

    def _open_need(self, row: CommandRow, silent: Collection[int]) -> CommandRow | None:
        needed = (self._rows[each] for each in self._precedence.needs[row.id])
        return next((n for n in needed if self._may_come(n, silent, _STILL_TO_ANSWER)), None)

    def _may_come(
        self, row: CommandRow, silent: Collection[int], open_states: Collection[CommandState]
    ) -> bool:
        return row.state in open_states and row.id not in silent and not self.is_dead(row)

    def _find_dead(self) -> set[int]:
        """Return everything that depends, however far, on what has come to a dead end."""
        found: set[int] = set()
        ends = [row for row in self._rows.values() if row.state in _DEAD_END]
        while ends:
            for command_id in self._needed_by[ends.pop().position]:
                if command_id not in found:
                    found.add(command_id)
                    ends.append(self._rows[command_id])
        return found


def _by_counter(rows: Iterable[CommandRow]) -> dict[tuple[EntityId, EntityId], list[int]]:
    """Group the ids by Device and Remote Party, by rising counter."""
    ordered = sorted(rows, key=lambda row: row.counter)
    return _grouped(((row.device, row.party), row.id) for row in ordered)


def _grouped(pairs: Iterable[tuple[KeyT, int]]) -> dict[KeyT, list[int]]:
    found: dict[KeyT, list[int]] = defaultdict(list)
    for key, number in pairs:
        found[key].append(number)
    return found
