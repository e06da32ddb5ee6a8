"""The slots of a bench: one big line each, with sign, word and colour, and what to do below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from textwrap import wrap

from textual.content import Content
from textual.widget import Widget

from hht.texts import text
from screens.widgets.row import fitted

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
_INDENT = "   "
WORD_CELLS = 10  # the longest state's word, as the catalogue keeps them
NAME_CELLS = 12  # beside the word: a whole Entity Identifier still fits 53 columns


@dataclass(frozen=True, slots=True)
class SlotLine:
    """What one slot shows; `rejected` says whether the books reject its unit."""

    slot: str
    state: str = "empty"
    eui: str = ""
    what: str = ""
    remedy: str = ""
    rejected: bool = False

    @property
    def word(self) -> str:
        """The word of its state: a unit that the books do not reject is stopped only."""
        is_stopped = self.state == "bad" and not self.rejected
        return text("slot.stopped" if is_stopped else f"slot.{self.state}")


def short_names(names: Sequence[str]) -> Mapping[str, str]:
    """Return by each slot's name what of it is shown: the part in which it differs.

    Ports by their path on the hub are called alike for thirty letters.
    """
    if max(map(len, names), default=0) <= NAME_CELLS:
        return {name: name for name in names}
    lead = _alike(names)
    tail = _alike([name[lead:][::-1] for name in names])
    short = {name: _part(name, lead, len(name) - tail) for name in names}
    return short if len(set(short.values())) == len(short) else {name: name for name in names}


def _alike(names: Sequence[str]) -> int:
    """Return with how many letters all of them begin."""
    return sum(1 for _ in takewhile(lambda each: len(set(each)) == 1, zip(*names, strict=False)))


def _part(name: str, start: int, end: int) -> str:
    """Return a name from `start` to `end`, with as much of what is before it as there is room."""
    start = max(0, min(start, end - (NAME_CELLS - 2)))
    return "…" * (start > 0) + name[start:end] + "…" * (end < len(name))


class SlotBoard(Widget):
    """Every slot, with all that is said of it where there is room, else one line for each.

    Those that need somebody keep their words longest, and come first where not all have room.
    """

    DEFAULT_CSS = """
    SlotBoard {
        height: 1fr; padding: 0 1;
    }
    """

    def __init__(self, lines: Sequence[SlotLine] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines = {line.slot: line for line in lines}
        self._names = short_names([line.slot for line in lines])

    def show(self, line: SlotLine) -> None:
        """Show what a slot does now."""
        if line.slot not in self.lines:
            self._names = short_names([*self.lines, line.slot])
        self.lines[line.slot] = line
        self.refresh()

    def render(self) -> Content:
        """Draw the slots with as many words as there is room for."""
        width, height = self.size.width, self.size.height
        lines = [replace(each, slot=self._names[each.slot]) for each in self.lines.values()]
        for double, long in ((_all, _all), (_all, _needs_hand), (_needs_hand, _needs_hand)):
            drawn = [_drawn(each, width, double(each), long(each)) for each in lines]
            if sum(map(len, drawn)) <= height:
                return _joined(drawn, height)
        if len(lines) > height:
            lines.sort(key=lambda line: not _needs_hand(line))
        return _joined([_drawn(each, width, False, False) for each in lines], height)


def _all(line: SlotLine) -> bool:
    return True


def _needs_hand(line: SlotLine) -> bool:
    return line.state in ("bad", "again")


def _joined(drawn: Sequence[Sequence[Content]], height: int) -> Content:
    return Content("\n").join([part for each in drawn for part in each][:height])


def _drawn(line: SlotLine, width: int, double: bool, long: bool) -> list[Content]:
    """Draw a slot: in one line, with its words in a second one, or with all of them below it."""
    sign, colour = LOOKS.get(line.state, LOOKS["bad"])
    word = fitted(Content(line.word), WORD_CELLS)
    said = f"{line.what}. {line.remedy}" if line.what else ""
    detail = said if _needs_hand(line) and not double else line.eui
    style = f"bold $background on {colour}" if line.state in LOUD else colour
    left = Content(f" {sign} {word.plain} {line.slot}  {detail}")
    head = Content.styled(fitted(left, width).plain, style)
    if not double:
        return [head]
    below = wrap(said, max(1, width - len(_INDENT))) or [""]
    below = below if long else [said]
    return [
        head,
        *(fitted(Content(_INDENT + each), width).stylize("$foreground") for each in below),
    ]
