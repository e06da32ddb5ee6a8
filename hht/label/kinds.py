"""What a label can be, and what is read from it."""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hht.entity_id import EntityId

MASK = "*"


class LabelKind(StrEnum):
    """What a label is."""

    ENTITY_ID = "entity-id"
    INSTALL_CODE = "install-code"
    BOTH = "both"
    MPAN = "mpan"
    MPRN = "mprn"
    ORDER = "order"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Label:
    """What was read; `text` is the label with its Install Code masked.

    `install_code` is without its check bytes; `install_code_ok` says whether those fit, None where
    the label has none. `warning` leaves the label usable, `error` does not. `other_way` is the
    second reading (without its text) of a label either half of which can be the Entity Identifier.
    """

    kind: LabelKind
    text: str = ""
    entity_id: EntityId | None = None
    install_code: bytes | None = field(default=None, repr=False)
    install_code_ok: bool | None = None
    mpxn: str | None = None
    order: str | None = None
    warning: str | None = None
    error: str | None = None
    other_way: "Label | None" = field(default=None, repr=False)

    def read_for(self, known: Container[object]) -> "Label":
        """Return the reading whose Entity Identifier is known, where the label has two."""
        ways = [way for way in (self, self.other_way) if way and way.entity_id in known]
        if self.other_way is None or len(ways) != 1:
            return self
        return replace(ways[0], warning=self.other_way.warning, other_way=None)
