"""What a unit that lets itself in shows on its display, and how others read it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from hht.files import read_plain, write_whole
from hht.simulator.site.record import UNIT_DISPLAY


class Stage(StrEnum):
    """How far a unit has come."""

    EMPTY = "empty"
    REFUSED = "refused"
    LOOKING = "looking"
    POWER_CYCLE = "power-cycle"
    LETTING_IN = "letting-in"
    STOPPED = "stopped"
    IN = "in"


LINES: Mapping[Stage, str] = {
    Stage.EMPTY: "No package. Take me to the facility.",
    Stage.REFUSED: "My package can't be used.",
    Stage.LOOKING: "I am looking for the hub.",
    Stage.POWER_CYCLE: "The hub is closed. Switch it off and on.",
    Stage.LETTING_IN: "I am letting myself in.",
    Stage.STOPPED: "I could not get in.",
    Stage.IN: "I am in the HAN.",
}
"""A line each, of at most 40 characters: what a small display has room for."""


class Display(msgspec.Struct, frozen=True):
    """The display: its stage, one line, and a reason under it; `remedy` is what helps.

    `done` of `total` Local Commands have their Response; `captures` are still to be collected.
    """

    unit: str
    stage: Stage
    line: str
    reason: str = ""
    done: int = 0
    total: int = 0
    captures: int = 0
    remedy: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.stage in (Stage.EMPTY, Stage.REFUSED, Stage.STOPPED, Stage.IN)


class DisplayFile:
    """The display as a file in the unit's folder; `publish` is called with each change."""

    def __init__(self, folder: Path, unit: str, publish: Callable[[Display], None]) -> None:
        self._path = folder / UNIT_DISPLAY
        self._publish = publish
        self.shown = Display(unit, Stage.LOOKING, LINES[Stage.LOOKING])

    def show(self, stage: Stage, reason: str = "", remedy: str = "") -> None:
        """Show a stage, why it is so, and what helps."""
        self._put(stage=stage, line=LINES[stage], reason=reason, remedy=remedy)

    def count(self, done: int, total: int, captures: int) -> None:
        """Show how many Local Commands are done, and how many captures wait."""
        self._put(done=done, total=total, captures=captures)

    def _put(self, **changed: object) -> None:
        shown = msgspec.structs.replace(self.shown, **changed)
        if shown != self.shown or not self._path.exists():
            self.shown = shown
            write_whole(self._path, msgspec.json.encode(shown), synced=False)
            self._publish(shown)


def read_display(folder: Path) -> Display | None:
    """Read what a unit shows; None before it shows anything."""
    try:
        return msgspec.json.decode(read_plain(folder / UNIT_DISPLAY), type=Display)
    except (OSError, msgspec.MsgspecError):
        return None
