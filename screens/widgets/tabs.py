"""One line of tabs: what can be shown, and which of it is."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from screens.widgets.row import fitted

GAP = " │ "


class TabLine(Widget):
    """The tabs; where they do not all fit, those around the one on show."""

    DEFAULT_CSS = """
    TabLine {
        height: 1; padding: 0 1;
    }
    """

    at: reactive[int] = reactive(0)

    class Chosen(Message):
        """A tab was tapped."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, names: Sequence[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.names = list(names)

    def set_names(self, names: Sequence[str]) -> None:
        if list(names) != self.names:
            self.names = list(names)
            self.refresh()

    def shown(self) -> range:
        """Return the stretch of tabs that fits around the one on show."""
        first = 0
        while first < self.at and self._width(first, self.at + 1) > self.size.width:
            first += 1
        last = self.at + 1
        while last < len(self.names) and self._width(first, last + 1) <= self.size.width:
            last += 1
        return range(first, last)

    def _width(self, first: int, last: int) -> int:
        names = self.names[first:last]
        return sum(len(name) for name in names) + len(GAP) * (len(names) - 1) + 2

    def render(self) -> Content:
        """Draw them; what is left out at an end is marked there."""
        shown = self.shown()
        tabs = Content(GAP).join(
            Content.styled(f"●{self.names[at]}", "bold $primary")
            if at == self.at
            else Content.styled(self.names[at], "$text-muted")
            for at in shown
        )
        before = "‹ " if shown and shown.start else ""
        after = " ›" if shown and shown.stop < len(self.names) else ""
        return fitted(Content(before) + tabs + Content(after), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Show the tapped tab."""
        start = 0
        for at in self.shown():
            start += len(self.names[at]) + len(GAP)
            if event.x - 1 < start:
                self.post_message(self.Chosen(at))
                return
