"""What a label can be, and what is read from it."""

from dataclasses import dataclass, field
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
    the label has none. `warning` leaves the label usable, `error` does not.
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
