"""What happens while a Device is paired, as events of a visit."""

from dataclasses import dataclass
from typing import ClassVar

from hht.entity_id import EntityId
from hht.journeys.events import VisitEvent


@dataclass(frozen=True, slots=True)
class LabelCompared(VisitEvent):
    """The label of a Device to pair was looked at; `found` says whether its code is CCS01's."""

    name: ClassVar[str] = "label_compared"

    device: EntityId
    found: str


@dataclass(frozen=True, slots=True)
class JoiningAwaited(VisitEvent):
    """The delivery waits until a Device is on the HAN, which is open to it so long."""

    name: ClassVar[str] = "joining_awaited"

    device: EntityId
    seconds_left: int | None
