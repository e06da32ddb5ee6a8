"""A finished exercise as it is judged: the visit's events, its Local Commands, the hub's log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hht.entity_id import EntityId
from hht.store import CommandEvent, CommandState


@dataclass(frozen=True, slots=True)
class CommandStand:
    """How one Local Command ended; `last_event` brought it there, `counter` is its own.

    `after` are the positions of those that it needs. `is_uncaptured` where its Response was lost.
    """

    title: str
    state: CommandState
    last_event: CommandEvent | None
    counter: int
    position: int = -1
    after: tuple[int, ...] = ()
    is_uncaptured: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """A finished exercise: the journey's events as their JSON rows, and the hub's log.

    `minutes` are the trainee's own, from the first event to the last; `alerts` the codes
    heard, each with its originator; `hints` how many were asked for.
    """

    outcome: str
    minutes: float
    events: tuple[Mapping[str, Any], ...]
    commands: tuple[CommandStand, ...]
    alerts: frozenset[tuple[EntityId, int]]
    hub_log: tuple[Mapping[str, Any], ...]
    hints: int = 0
