"""The commission journey: what may become of each Local Command, and which one goes next.

A Local Command is never sent again after a positive Response. Where nothing tells whether it
arrived it is UNKNOWN, until a Response, a read-back or the engineer settles it. A Device refuses
a counter that does not rise, so counters order the Commands of one Remote Party to one Device.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from hht.entity_id import EntityId
from hht.gbcs.message import read_headers
from hht.journeys.state_machine import allows
from hht.store.rows import CommandRow, CommandState


class CommandEvent(StrEnum):
    """What can happen to a Local Command."""

    SEND = "send"
    NOT_SENT = "not-sent"
    DELIVERED = "delivered"
    LOST_SIGHT = "lost-sight"
    POSITIVE = "positive-response"
    NEGATIVE = "negative-response"
    READ_BACK = "read-back"
    SETTLED_DONE = "settled-as-done"
    SETTLED_NOT_DELIVERED = "settled-as-not-delivered"
    SKIP = "skip"


_S, _E = CommandState, CommandEvent

TABLE: Final = {
    (_S.WAITING, _E.SEND): _S.SENDING,
    (_S.WAITING, _E.POSITIVE): _S.ANSWERED,
    (_S.WAITING, _E.NEGATIVE): _S.REFUSED,
    (_S.WAITING, _E.SKIP): _S.SKIPPED,
    (_S.SENDING, _E.NOT_SENT): _S.WAITING,
    (_S.SENDING, _E.DELIVERED): _S.DELIVERED,
    (_S.SENDING, _E.LOST_SIGHT): _S.UNKNOWN,
    (_S.SENDING, _E.POSITIVE): _S.ANSWERED,
    (_S.SENDING, _E.NEGATIVE): _S.REFUSED,
    (_S.DELIVERED, _E.LOST_SIGHT): _S.UNKNOWN,
    (_S.DELIVERED, _E.POSITIVE): _S.ANSWERED,
    (_S.DELIVERED, _E.NEGATIVE): _S.REFUSED,
    (_S.UNKNOWN, _E.POSITIVE): _S.ANSWERED,
    (_S.UNKNOWN, _E.NEGATIVE): _S.REFUSED,
    (_S.UNKNOWN, _E.READ_BACK): _S.ANSWERED,
    (_S.UNKNOWN, _E.SETTLED_DONE): _S.ANSWERED,
    (_S.UNKNOWN, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.UNKNOWN, _E.SKIP): _S.SKIPPED,
    # The connection may end during the sending: what that came to is heard only afterwards.
    (_S.UNKNOWN, _E.NOT_SENT): _S.UNKNOWN,
    (_S.UNKNOWN, _E.DELIVERED): _S.UNKNOWN,
    (_S.UNKNOWN, _E.LOST_SIGHT): _S.UNKNOWN,
    # A Response may overtake the radio's acknowledgement: late news does not unsettle it.
    (_S.ANSWERED, _E.DELIVERED): _S.ANSWERED,
    (_S.ANSWERED, _E.LOST_SIGHT): _S.ANSWERED,
    (_S.ANSWERED, _E.POSITIVE): _S.ANSWERED,
    (_S.ANSWERED, _E.NEGATIVE): _S.ANSWERED,
    (_S.REFUSED, _E.DELIVERED): _S.REFUSED,
    (_S.REFUSED, _E.LOST_SIGHT): _S.REFUSED,
    (_S.REFUSED, _E.NEGATIVE): _S.REFUSED,
    (_S.REFUSED, _E.POSITIVE): _S.ANSWERED,
    (_S.FAILED, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.FAILED, _E.POSITIVE): _S.ANSWERED,
    (_S.FAILED, _E.NEGATIVE): _S.REFUSED,
    (_S.SKIPPED, _E.SETTLED_NOT_DELIVERED): _S.WAITING,
    (_S.SKIPPED, _E.POSITIVE): _S.ANSWERED,
    (_S.SKIPPED, _E.NEGATIVE): _S.REFUSED,
}

IN_DOUBT: Final = (_S.SENDING, _S.DELIVERED)
"""States that a dead process leaves without anyone knowing more."""

_DEAD_END: Final = (_S.REFUSED, _S.FAILED, _S.SKIPPED)
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

    def of(*states: CommandState) -> int:
        return sum(row.state in states for row in rows)

    return Counts(
        waiting=of(_S.WAITING),
        delivered=of(_S.DELIVERED, _S.ANSWERED, _S.REFUSED),
        answered=of(_S.ANSWERED, _S.REFUSED),
        failed=of(_S.REFUSED, _S.FAILED, _S.SKIPPED),
        unknown=of(_S.UNKNOWN, _S.SENDING),
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
    if not allows(TABLE, row.state, _E.SEND):
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
