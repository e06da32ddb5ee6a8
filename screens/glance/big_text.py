"""Digits five lines high, to be read from arm's length."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.widget import Widget

HEIGHT = 5  # rows of dots: digits of fewer look alike
_FIGURES: Mapping[str, tuple[int, ...]] = {
    "0": (7, 5, 5, 5, 7),
    "1": (2, 6, 2, 2, 7),
    "2": (7, 1, 7, 4, 7),
    "3": (7, 1, 3, 1, 7),
    "4": (5, 5, 7, 1, 1),
    "5": (7, 4, 7, 1, 7),
    "6": (7, 4, 7, 5, 7),
    "7": (7, 1, 2, 2, 2),
    "8": (7, 5, 7, 5, 7),
    "9": (7, 5, 7, 1, 7),
    "/": (1, 1, 2, 4, 4),
    "?": (7, 1, 3, 0, 2),
    " ": (0, 0, 0, 0, 0),
}
"""Each line of a figure as three bits, the left one the highest."""
BITS = 3  # columns of dots of a digit


class BigText(Widget):
    """Figures as wide as fits; what cannot be drawn is left out."""

    DEFAULT_CSS = """
    BigText {
        height: 5; width: 1fr; color: $primary; text-style: bold;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.figures = ""

    def show(self, figures: str) -> None:
        """Draw these from now on."""
        if figures != self.figures:
            self.figures = figures
            self.refresh()

    def render(self) -> Content:
        """Draw them in the middle."""
        known = [_FIGURES[each] for each in self.figures if each in _FIGURES]
        columns = len(known) * (BITS + 1)
        scale = 2 if 2 * columns <= self.size.width else 1
        lines = [
            " ".join(_line(figure[at], scale) for figure in known).center(self.size.width)
            for at in range(HEIGHT)
        ]
        return Content("\n".join(line[: self.size.width] for line in lines))


def _line(bits: int, scale: int) -> str:
    return "".join("█" * scale if bits & 1 << at else " " * scale for at in reversed(range(BITS)))
