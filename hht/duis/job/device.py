"""A Device on the premises, as a job pack or its label has it."""

from dataclasses import dataclass, field

from hht.entity_id import EntityId


@dataclass(frozen=True, slots=True)
class JobDevice:
    """A Device on the premises: `type` as on its label (ESME, GSME, PPMID...).

    `band` is "2.4 GHz" or "sub-GHz", empty where the pack does not say; `joined` that it is on the
    HAN.
    """

    type: str
    entity_id: EntityId
    label: str
    install_code: bytes | None = field(default=None, repr=False)
    band: str = ""
    joined: bool = False

    @property
    def name(self) -> str:
        """The type, and what the label adds to it."""
        return device_name(self.type, self.label)


def device_name(kind: str, label: str) -> str:
    """Return the type of a Device, and what its label adds to it: `ESME in the hall`, `PPMID`."""
    return label if kind.casefold() in label.casefold() else f"{kind} {label}".rstrip()
