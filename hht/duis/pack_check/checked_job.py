"""A job as a check sees it: what could be read of it, and every fault found on the way."""

from dataclasses import dataclass, field
from datetime import datetime

from hht.duis.local_command import LocalCommand
from hht.duis.pack_check.findings import Finding
from hht.entity_id import EntityId


@dataclass(frozen=True, slots=True)
class CheckedDevice:
    """A Device of the pack; `joined` says that it is on the HAN, `where` its file and line."""

    type: str
    entity_id: EntityId
    label: str
    joined: bool = False
    install_code: bytes | None = field(default=None, repr=False)
    where: str = ""


@dataclass(slots=True)
class CheckedJob:
    """What could be read; `mode` as the pack says, empty in loose files.

    `commands` are in the order of delivery, each with its file's name.
    `mpxns` are the meter points of the pack, each with its line. `other_hubs` are
    CHFs and GPFs of other jobs. `lists_commands` is false where the pack's list of Commands can't
    be read: then nothing can be said to be missing. `not_after_at` is the line of `not_after`.
    """

    where: str
    chf: EntityId | None = None
    gpf: EntityId | None = None
    devices: list[CheckedDevice] = field(default_factory=list)
    commands: list[tuple[str, LocalCommand]] = field(default_factory=list)
    certificates: dict[str, bytes] = field(default_factory=dict)
    mpxns: tuple[tuple[str, str], ...] = ()
    other_hubs: frozenset[EntityId] = frozenset()
    not_after: datetime | None = None
    not_after_at: str = ""
    mode: str = ""
    lists_commands: bool = True
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_described(self) -> bool:
        """Whether a job.json says who is on site."""
        return self.chf is not None or self.gpf is not None

    def note(self, code: str, where: str, what: str) -> None:
        """Add a fault found while reading."""
        self.findings.append(Finding(code, where, what))
