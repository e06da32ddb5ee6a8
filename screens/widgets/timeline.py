"""What happened on this visit, newest last, each line with its time of day."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content
from textual.widget import Widget

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened: when, its sign, what in plain words, and its colour."""

    at: datetime
    sign: str
    words: str
    style: str


class Timeline(Widget):
    """Draws the end of the log that it is given; the log itself lives with the app."""

    def __init__(self, moments: deque[TimelineEntry], *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.moments = moments

    def render(self) -> Content:
        """Draw as many of the newest moments as fit, wrapped under their times."""
        lines: list[Content] = []
        for moment in reversed(self.moments):
            block = self._draw(moment)
            if len(lines) + len(block) > self.size.height:
                break
            lines = block + lines
        return Content("\n").join(lines)

    def _draw(self, moment: TimelineEntry) -> list[Content]:
        """One moment: time and sign, and its words wrapped beside them."""
        room = max(10, self.size.width - 11)
        words = Content.styled(moment.words, moment.style).wrap(room)
        head = Content.assemble(
            (f"{moment.at:%H:%M:%S} ", "$text-muted"), (f"{moment.sign} ", f"bold {moment.style}")
        )
        indent = Content(" " * 11)
        return [(indent if number else head) + line for number, line in enumerate(words)]
