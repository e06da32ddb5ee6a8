"""The display of a unit that lets itself in: one line, a reason under it, and its counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from hht.texts import text
from screens.widgets.row import fitted

LOOKS: Mapping[str, tuple[str, str]] = {
    "empty": ("○", "$text-muted"),
    "refused": ("✗", "$error"),
    "looking": ("…", "$primary"),
    "power-cycle": ("!", "$warning"),
    "letting-in": ("◐", "$primary"),
    "stopped": ("✗", "$error"),
    "in": ("✓", "$success"),
}
"""Sign and colour of each stage."""


@dataclass(frozen=True, slots=True)
class UnitLines:
    """What the display says; `done` of `total` Local Commands, `captures` to be collected."""

    stage: str
    line: str
    reason: str = ""
    done: int = 0
    total: int = 0
    captures: int = 0


class UnitPane(Widget):
    """A small display with a frame of its own; nothing is in it before the unit shows anything."""

    DEFAULT_CSS = """
    UnitPane {
        height: 5; width: 1fr; max-width: 60; border: round $track; padding: 0 1;
    }
    """
    shown: reactive[UnitLines | None] = reactive(None)

    def render(self) -> Content:
        """Draw the line with its sign, the reason, the counts."""
        shown, width = self.shown, self.size.width
        if shown is None:
            return Content.styled(text("unit.dark"), "$text-muted")
        sign, colour = LOOKS[shown.stage]
        counts = text("unit.counts", done=shown.done, total=shown.total, captures=shown.captures)
        lines = (
            Content.styled(f"{sign} {shown.line}", f"bold {colour}"),
            Content(shown.reason),
            Content.styled(counts, "$text-muted"),
        )
        return Content("\n").join(fitted(line, width) for line in lines)
