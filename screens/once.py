"""What every screen withstands: being closed twice, and sizes that the terminal no longer has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete
from textual.geometry import Size
from textual.screen import Screen

if TYPE_CHECKING:
    _Base = Screen[Any]
else:
    _Base = object


class SizedAsTerminal(_Base):
    """Before Textual's own screen among the bases; laid out for the size the terminal has now.

    Textual hands each screen's news of another size on to all that lie behind the one on show. Two
    of them that get two sizes at once would then pass these on to each other for ever.
    """

    def _screen_resized(self, size: Size) -> None:
        if self.outer_size != self.app.size:  # laid out for it already otherwise
            super()._screen_resized(self.app.size)

    def take_breakpoints(self) -> None:
        """Have the classes of the terminal's size before the first layout.

        Textual gives them after it, and all is laid out and painted twice.
        """
        app = self.app
        for length, breakpoints in (
            (app.size.width, app.HORIZONTAL_BREAKPOINTS),
            (app.size.height, app.VERTICAL_BREAKPOINTS),
        ):
            reached = [each for each in breakpoints or () if each[0] <= length]
            self.add_class(*(name for _, name in sorted(reached)[-1:]), update=False)

    def _compositor_refresh(self) -> None:
        """Paint, unless the screen on show hides this one.

        Textual would paint that one from edge to edge, at each tick of a clock behind it.
        """
        above = self.app.screen
        if above is self or above.styles.background.a < 1:
            super()._compositor_refresh()
        else:
            self._dirty_widgets.clear()  # all of it is painted when it is on show again


class DismissedOnce(SizedAsTerminal):
    """A screen dismissed once, however often a key or a command of the palette comes."""

    _is_dismissed = False

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Close, once, and only while it is the screen on show."""
        if self._is_dismissed or not self.is_active:
            return AwaitComplete()
        self._is_dismissed = True
        return super().dismiss(result)
