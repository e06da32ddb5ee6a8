"""What happened on this visit, newest last, each line with its time of day."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from screens.widgets.titled import Titled

MOST_LINES = 200  # a visit has fewer; a log that grew for ever would fill the memory
HEAD = 11  # cells of time and sign before the words


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """Something that happened: when, its sign, what in plain words, and its colour."""

    at: datetime
    sign: str
    words: str
    style: str


class Timeline(Titled):
    """The end of the log that it is given; the log itself belongs to the app."""

    DEFAULT_CSS = """
    Timeline {
        height: 1fr; border: round $track; border-title-color: $primary; border-title-style: bold;
    }
    """

    def __init__(
        self, entries: deque[TimelineEntry], *, title: str = "", classes: str = ""
    ) -> None:
        super().__init__(title=title, classes=classes)
        self.entries = entries

    def render(self) -> Content:
        """Draw as many of the newest entries as fit, wrapped beside their times."""
        lines: list[Content] = []
        for entry in reversed(self.entries):
            block = self._draw(entry)
            if len(lines) + len(block) > self.size.height:
                break
            lines = block + lines
        return Content("\n").join(lines)

    def _draw(self, entry: TimelineEntry) -> list[Content]:
        """Return one entry: time and sign, and its words wrapped beside them."""
        room = max(10, self.size.width - HEAD)
        words = Content.styled(entry.words, entry.style).wrap(room)
        head = Content.assemble(
            (f"{entry.at:%H:%M:%S} ", "$text-muted"), (f"{entry.sign} ", f"bold {entry.style}")
        )
        indent = Content(" " * HEAD)
        return [(indent if number else head) + line for number, line in enumerate(words)]
