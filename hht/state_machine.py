"""The rule every journey keeps: a literal table of (state, event) pairs, and nothing else happens.

A table maps a pair of a state and an event to the next state. A pair that it does not hold is an
error, never a guess. States and events are `StrEnum`, so they are persisted and resumed by name.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hht.errors import HhtError

StateT = TypeVar("StateT", bound=StrEnum)
EventT = TypeVar("EventT", bound=StrEnum)


class OutOfStep(HhtError):
    """An event that the table has no place for in the present state."""

    code = "HHT-03"


def follow(table: Mapping[tuple[StateT, EventT], StateT], state: StateT, event: EventT) -> StateT:
    """Return the state that `event` leads to from `state`; OutOfStep for an unknown pair."""
    try:
        return table[state, event]
    except KeyError:
        raise OutOfStep(
            f"'{event}' cannot follow '{state}'", remedy="Go back one step and try again."
        ) from None


def allows(table: Mapping[tuple[StateT, EventT], StateT], state: StateT, event: EventT) -> bool:
    """Return whether the table has a place for `event` in `state`."""
    return (state, event) in table
