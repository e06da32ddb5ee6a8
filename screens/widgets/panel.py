"""A panel: a rounded border with a title, around content that scrolls."""

from __future__ import annotations

from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size

from hht.texts import text
from screens.widgets.titled import Titled


class Panel(Titled, VerticalScroll, can_focus=True):
    """A titled panel whose content scrolls; with the focus it says how to read on."""

    DEFAULT_CSS = """
    Panel {
        width: 1fr; height: 1fr; layout: vertical; overflow: hidden auto;
        border: round $track; border-title-color: $primary; border-title-style: bold;
        border-subtitle-color: $text-muted; padding: 0 1; scrollbar-size-vertical: 1;
    }
    Panel:focus {
        border: round $primary;
    }
    Panel > Static {
        height: auto;
    }
    """

    keys = ""
    """What is said in the bottom border in any case."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say how to read on until the end is reached."""
        super().watch_scroll_y(old_value, new_value)
        self.say_keys()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Name the key only where it would be this panel's."""
        super().watch_has_focus(_has_focus)
        self.say_keys()

    def watch_virtual_size(self, _size: Size) -> None:
        """Say how to read on where there is more now."""
        self.say_keys()

    def on_resize(self) -> None:
        """Say how to read on where there is less room now."""
        super().on_resize()
        self.say_keys()

    def say_keys(self) -> None:
        """Write into the bottom border which keys there are."""
        is_more = self.has_focus and self.scroll_y < self.max_scroll_y
        said = (text("form.more") if is_more else "", self.keys)
        self.border_subtitle = Content(" · ".join(filter(None, said)))
