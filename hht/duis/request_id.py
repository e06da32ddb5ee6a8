"""RequestIDs: the name by which DUIS knows one Service Request."""

import re
from dataclasses import dataclass, field
from typing import Self

from hht.entity_id import EntityId
from hht.errors import InputError

COUNTER_LIMIT = 2**64  # the originator counter has 64 bits (GBCS)
_EUI = r"[0-9A-Fa-f]{2}(?:-[0-9A-Fa-f]{2}){7}"
_TEXT = re.compile(rf"({_EUI}):({_EUI}):(0|[1-9][0-9]{{0,19}})")


@dataclass(frozen=True, slots=True)
class RequestId:
    """Originator, target and counter (0 to 2^64 - 1) of a Service Request (DUIS, RequestIDType).

    Both letter cases are legal, so two of them compare by value; `text` is the writing as it came.
    """

    originator: EntityId
    target: EntityId
    counter: int
    text: str = field(default="", compare=False, repr=False)

    @classmethod
    def parse(cls, text: str, where: str = "") -> Self:
        """Read `OriginatorEUI:TargetEUI:Counter`; InputError for anything else."""
        match = _TEXT.fullmatch(text.strip())
        if match is None or int(match[3]) >= COUNTER_LIMIT:
            raise InputError(
                f"{text.strip()[:80]!r} is not a RequestID",
                where=where,
                remedy="It is written OriginatorEUI:TargetEUI:Counter, with dashes in the EUIs.",
            )
        originator, target = EntityId.parse(match[1]), EntityId.parse(match[2])
        return cls(originator, target, int(match[3]), match[0])

    @property
    def key(self) -> str:
        """The one writing that all of it have in common."""
        return f"{self.originator}:{self.target}:{self.counter}"

    def __str__(self) -> str:
        return self.text or f"{self.originator}:{self.target}:{self.counter}"
