"""Borders with a title at the left of their top and something more at its right end."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.visual import VisualType
from textual.widget import Widget
from textual.widgets import Static

CORNERS = 6  # cells of a border's top that the title does not get: corners, lines, spaces


def border_title(left: Content, right: Content, width: int) -> Content:
    """Write `left ──────── right` for the top border of a widget `width` cells wide."""
    room = width - CORNERS
    if not right:
        return left.truncate(max(0, room), ellipsis=True)
    right = right.truncate(max(0, room - min(left.cell_length, room // 2) - 3), ellipsis=True)
    cut = left.truncate(max(0, room - right.cell_length - 3), ellipsis=True)
    line = "─" * max(1, room - cut.cell_length - right.cell_length - 2)
    return Content.assemble(cut, (f" {line} ", "not bold $track"), right)


class Titled(Widget):
    """A widget whose border has a title and, at its right end, something more."""

    def __init__(self, *args: Any, title: Content | str = "", **named: Any) -> None:
        super().__init__(*args, **named)
        self.title_left, self.title_right = _content(title), Content("")

    def set_title(self, left: Content | str, right: Content | str = "") -> None:
        """Change both ends of the top border."""
        self.title_left, self.title_right = _content(left), _content(right)
        self.draw_title()

    def draw_title(self) -> None:
        """Draw the top border for the present width."""
        if self.outer_size.width:
            self.border_title = border_title(
                self.title_left, self.title_right, self.outer_size.width
            )

    def on_resize(self) -> None:
        """Draw the line between the two ends as long as the new width asks."""
        self.draw_title()


EMPTY = "-empty"


class TitledText(Titled, Static):
    """A titled box as high as its words; none where there are none."""

    DEFAULT_CSS = """
    TitledText {
        height: auto; border: round $track; border-title-color: $primary;
        border-title-style: bold; border-subtitle-color: $text-muted; padding: 0 1;
    }
    TitledText.-empty {
        display: none;
    }
    """

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.add_class(EMPTY)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Change the words."""
        super().update(content, layout=layout)
        self.set_class(not str(content), EMPTY)


def _content(words: Content | str) -> Content:
    return Content(words) if isinstance(words, str) else words
