"""Lines under each other in a titled box; what is too long goes on below its own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.content import Content
from textual.geometry import Size

from screens.widgets.titled import EMPTY, Titled

INDENT = 2  # cells of a sign and the space behind it
CUT = Content.styled("…", "$text-muted")
"""In place of the last line that there is room for, where there are more."""


class HungLines(Titled):
    """As many of its lines as there is room for; without any it is not there.

    Lines that begin with no sign go on at the left: `indent` is 0.
    """

    DEFAULT_CSS = """
    HungLines {
        height: auto; max-height: 100%; border: round $track; border-title-color: $primary;
        border-title-style: bold; padding: 0 1;
    }
    HungLines.-empty {
        display: none;
    }
    """

    def __init__(self, *args: Any, indent: int = INDENT, **named: Any) -> None:
        super().__init__(*args, **named)
        self._indent = indent
        self._lines: list[Content] = []
        self.add_class(EMPTY)

    def set_lines(self, lines: Iterable[Content]) -> None:
        """Change the lines."""
        self._lines = list(lines)
        self.set_class(not self._lines, EMPTY)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines all of it has at this width."""
        return len(self._wrapped(width))

    def render(self) -> Content:
        """Draw what fits, from the first line on; the last one says where that is not all."""
        drawn, room = self._wrapped(self.size.width), self.size.height
        if len(drawn) > room > 0:
            drawn = [*drawn[: room - 1], CUT]
        return Content("\n").join(drawn)

    def _wrapped(self, width: int) -> list[Content]:
        return [each for line in self._lines for each in hung(line, width, self._indent)]


def hung(line: Content, width: int, indent: int) -> list[Content]:
    """Wrap a line at `width` cells; what goes on below it begins after `indent`."""
    first, *others = line.wrap(max(1, width)) or [line]
    if not others:
        return [first]
    rest = _stripped(line[len(first.plain) :])
    below = rest.wrap(max(1, width - indent))
    return [first, *(Content(" " * indent) + each for each in below)]


def _stripped(words: Content) -> Content:
    """Leave out the space at which the line was broken."""
    return words[len(words.plain) - len(words.plain.lstrip()) :]
