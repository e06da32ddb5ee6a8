"""What a unit that lets itself in shows and hands over, as events of a visit."""

from dataclasses import dataclass
from typing import ClassVar

from hht.entity_id import EntityId
from hht.journeys.events import VisitEvent


@dataclass(frozen=True, slots=True)
class UnitShown(VisitEvent):
    """What the display of a unit that lets itself in shows now.

    `done` of `total` Local Commands have their Response; `captures` are still to be collected.
    """

    name: ClassVar[str] = "unit_shown"

    unit: str
    stage: str
    line: str
    reason: str
    done: int
    total: int
    captures: int


@dataclass(frozen=True, slots=True)
class UnitCollected(VisitEvent):
    """A unit has handed over its captures; all of them are kept."""

    name: ClassVar[str] = "unit_collected"

    unit: EntityId
    captures: int
