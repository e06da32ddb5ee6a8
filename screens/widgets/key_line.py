"""The keys at the foot of every screen: as many as there is room for, and help at the end."""

from __future__ import annotations

from collections.abc import Collection

from textual import events
from textual.binding import ActiveBinding
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from hht.texts import has_text, text
from screens.widgets.action_bar import ActionBar

HELP_ACTION = "help"


class KeyLine(Widget):
    """What the keys do here, each a thing to tap. What is left out is in the palette and in F1."""

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; background: $panel;
    }
    """

    def on_mount(self) -> None:
        """Follow the focus: other widgets, other keys."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, _screen: Screen[object]) -> None:
        """Draw again: the keys have changed."""
        self.refresh()

    def shown(self) -> list[tuple[ActiveBinding, Content]]:
        """Choose the screen's keys in its own order, as many as there is room for, then help."""
        keys: dict[str, ActiveBinding] = {}
        beside = {bar.offered.other_key for bar in self.screen.query(ActionBar)}
        for active in self.screen.active_bindings.values():
            if self._is_shown(active, beside):
                keys.setdefault(active.binding.action, active)
        last = [self._drawn(keys.pop(HELP_ACTION))] if HELP_ACTION in keys else []
        room = self.size.width - sum(words.cell_length for _, words in last)
        chosen = []
        for active in keys.values():
            drawn = self._drawn(active)
            room -= drawn[1].cell_length
            if room < 0:
                break
            chosen.append(drawn)
        return chosen + last

    def _is_shown(self, active: ActiveBinding, beside: Collection[str]) -> bool:
        """Return whether a key has a word here, and not in the action bar already."""
        is_free = self.app.get_key_display(active.binding) not in beside
        return active.binding.show and active.enabled and has_text(_key(active)) and is_free

    def _drawn(self, active: ActiveBinding) -> tuple[ActiveBinding, Content]:
        """Return a key and its word: `T To return`."""
        name = self.app.get_key_display(active.binding)
        words = text(_key(active))
        return active, Content.assemble(" ", (name, "bold $accent"), f" {words} ")

    def render(self) -> Content:
        """Draw the keys as ` T To return  M More  ? Help `."""
        return Content("").join(words for _, words in self.shown())

    def on_click(self, event: events.Click) -> None:
        """Press the key whose words were tapped."""
        start = 0
        for active, words in self.shown():
            start += words.cell_length
            if event.x < start:
                self.app.simulate_key(active.binding.key)
                return


def _key(active: ActiveBinding) -> str:
    return f"key.{active.binding.description}"
