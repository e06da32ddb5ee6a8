"""The slots of a bench: one big line each, with sign, word and colour, and what to do below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.widget import Widget

from screens.catalogue import text
from screens.widgets.row import fitted, spread

LOOKS: Mapping[str, tuple[str, str]] = {
    "empty": ("○", "$text-muted"),
    "identified": ("◔", "$primary"),
    "writing": ("◐", "$primary"),
    "good": ("✓", "$success"),
    "done": ("≡", "$success"),
    "wait": ("…", "$warning"),
    "again": ("↻", "$warning"),
    "bad": ("✗", "$error"),
}
LOUD = frozenset({"good", "done", "again", "bad"})
"""States whose whole line has the colour: they are seen across the bench."""
WORD_CELLS = 10  # the longest state's word, as the catalogue keeps them


@dataclass(frozen=True, slots=True)
class SlotLine:
    """What one slot shows."""

    slot: str
    state: str = "empty"
    eui: str = ""
    what: str = ""
    remedy: str = ""


class SlotBoard(Widget):
    """Every slot; two lines each where there is room, else one."""

    DEFAULT_CSS = """
    SlotBoard {
        height: 1fr; padding: 0 1;
    }
    """

    def __init__(self, lines: Sequence[SlotLine] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines = {line.slot: line for line in lines}

    def show(self, line: SlotLine) -> None:
        """Show what a slot does now."""
        self.lines[line.slot] = line
        self.refresh()

    def render(self) -> Content:
        """Draw the slots, those that need somebody first where not all have room."""
        width, height = self.size.width, self.size.height
        lines = list(self.lines.values())
        double = 2 * len(lines) <= height
        if not double and len(lines) > height:
            lines.sort(key=lambda line: line.state not in ("bad", "again"))
        drawn = [part for line in lines for part in _drawn(line, width, double)]
        return Content("\n").join(drawn[:height])


def _drawn(line: SlotLine, width: int, double: bool) -> list[Content]:
    sign, colour = LOOKS.get(line.state, LOOKS["bad"])
    word = fitted(Content(text(f"slot.{line.state}")), WORD_CELLS)
    said = f"{line.what}. {line.remedy}" if line.what else ""
    left = Content(f" {sign} {word.plain} {line.slot}  {line.eui}")
    right = Content("" if double else f"{said} ")
    style = f"bold $background on {colour}" if line.state in LOUD else colour
    head = Content.styled(spread(left, right, width).plain, style)
    if not double:
        return [head]
    return [head, Content.styled(fitted(Content(f"   {said}"), width).plain, "$foreground")]
