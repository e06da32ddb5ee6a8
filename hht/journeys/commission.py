"""The commission journey: which Local Command goes next, and what holds another back.

A Device refuses a counter that does not rise, so counters order the Commands of one Remote Party
to one Device.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hht.entity_id import EntityId
from hht.gbcs.message import read_headers
from hht.store import CommandEvent, CommandRow, CommandState
from hht.store.command_states import has_arrived, has_reply, may_happen

_S = CommandState
_DEAD_END: Final = (_S.REFUSED, _S.SKIPPED)
_STILL_TO_ARRIVE: Final = (_S.WAITING, _S.SENDING, _S.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a job's Local Commands stand; `answered` counts Responses good and bad."""

    waiting: int
    delivered: int
    answered: int
    failed: int
    unknown: int


def counts(rows: Sequence[CommandRow]) -> Counts:
    """Count the rows by what became of them."""

    states = [row.state for row in rows]
    return Counts(
        waiting=states.count(_S.WAITING),
        delivered=sum(map(has_arrived, states)),
        answered=sum(map(has_reply, states)),
        failed=sum(state in _DEAD_END for state in states),
        unknown=sum(state in (_S.UNKNOWN, _S.SENDING) for state in states),
    )


def next_ready(
    rows: Sequence[CommandRow], silent: Collection[int] = frozenset()
) -> CommandRow | None:
    """The first waiting Local Command that nothing hinders; None when there is none."""
    waiting = (row for row in rows if row.state is _S.WAITING)
    return next((row for row in waiting if hindrance(row, rows, silent) is None), None)


def hindrance(
    row: CommandRow, rows: Sequence[CommandRow], silent: Collection[int] = frozenset()
) -> str | None:
    """Why `row` may not be delivered now, in plain words; None when it may.

    `silent` are the ids of those delivered once more without any Response: a Device has had such
    a one or never will, so the others, among them the read that may settle it, go on.
    """
    if row.state is _S.UNKNOWN:
        return "Nobody knows whether it arrived: settle it first"
    if not may_happen(row.state, CommandEvent.SEND):
        return f"It is {row.state} and is not sent again"
    for other in rows:
        if other.position in row.after and other.state is not _S.ANSWERED:
            return f"'{other.title}' must be answered first"
        held_back = other.id not in silent and _comes_before(other, row)
        if held_back and not is_dead(other, rows):
            return f"'{other.title}' must be delivered first: its counter is lower"
    return None


def is_dead(row: CommandRow, rows: Sequence[CommandRow]) -> bool:
    """Whether `row` waits for something that will not come."""
    needed = [other for other in rows if other.position in row.after]
    return any(other.state in _DEAD_END or is_dead(other, rows) for other in needed)


def _comes_before(other: CommandRow, row: CommandRow) -> bool:
    if other.device != row.device or other.state not in _STILL_TO_ARRIVE:
        return False
    party, counter = _party_and_counter(row.raw)
    others_party, others_counter = _party_and_counter(other.raw)
    return others_party == party and others_counter < counter


@lru_cache(maxsize=1024)  # the same rows are compared with each other after every Response
def _party_and_counter(raw: bytes) -> tuple[EntityId, int]:
    headers = read_headers(raw)
    return headers.originator, headers.counter
