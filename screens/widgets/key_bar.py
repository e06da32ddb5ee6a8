"""The keys at the foot of every screen: four where it is narrow, all where there is room."""

from __future__ import annotations

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

NARROW_COLUMNS = 80
MOST_WHEN_NARROW = 4
HELP_ACTION = "help"


class KeyBar(Widget):
    """What the keys do here, each a thing to tap. What is left out is in the palette and in F1."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom; height: 1; background: $panel;
    }
    """

    def on_mount(self) -> None:
        """Follow the focus: other widgets, other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: Screen[object]) -> None:
        """Draw again: the keys have changed."""
        self.refresh()

    def shown(self) -> list[ActiveBinding]:
        """Choose the screen's keys in its own order, as many as there is room for, then help."""
        keys = {
            active.binding.action: active
            for active in self.screen.active_bindings.values()
            if active.binding.show and active.enabled
        }
        help_key = keys.pop(HELP_ACTION, None)
        narrow = self.app.size.width < NARROW_COLUMNS
        chosen = list(keys.values())[: MOST_WHEN_NARROW - 1 if narrow else None]
        return [*chosen, help_key] if help_key else chosen

    def render(self) -> Content:
        """Draw the keys as `D Deliver  A All  F1 Help`."""
        return Content("").join(
            Content.assemble(" ", (name, "bold $accent"), f" {active.binding.description} ")
            for active in self.shown()
            for name in [self.app.get_key_display(active.binding)]
        )

    def on_click(self, event: events.Click) -> None:
        """A tap on a key's words presses it."""
        start = 0
        for active in self.shown():
            name = self.app.get_key_display(active.binding)
            start += len(name) + len(active.binding.description) + 3
            if event.x < start:
                self.app.simulate_key(active.binding.key)
                return
