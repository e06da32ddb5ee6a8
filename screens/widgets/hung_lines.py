"""Lines under each other in a titled box; what is too long goes on below its own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.content import Content
from textual.geometry import Size

from screens.widgets.titled import EMPTY, Titled

INDENT = 2  # cells of a sign and the space behind it


class HungLines(Titled):
    """As many of its lines as there is room for; without any it is not there."""

    DEFAULT_CSS = """
    HungLines {
        height: auto; border: round $track; border-title-color: $primary;
        border-title-style: bold; padding: 0 1;
    }
    HungLines.-empty {
        display: none;
    }
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._lines: list[Content] = []
        self.add_class(EMPTY)

    def set_lines(self, lines: Iterable[Content]) -> None:
        """Change the lines, each of which begins with a sign."""
        self._lines = list(lines)
        self.set_class(not self._lines, EMPTY)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines all of it has at this width."""
        return len(self._wrapped(width))

    def render(self) -> Content:
        """Draw what fits, from the first line on."""
        return Content("\n").join(self._wrapped(self.size.width)[: self.size.height])

    def _wrapped(self, width: int) -> list[Content]:
        indent = Content(" " * INDENT)
        drawn: list[Content] = []
        for line in self._lines:
            first, *others = line.wrap(max(1, width))
            drawn.append(first)
            if others:
                rest = line[len(first.plain) :]
                room = max(1, width - INDENT)
                drawn += [indent + each for each in _stripped(rest).wrap(room)]
        return drawn


def _stripped(words: Content) -> Content:
    """Leave out the space at which the line was broken."""
    return words[len(words.plain) - len(words.plain.lstrip()) :]
