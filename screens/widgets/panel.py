"""A panel: a rounded border with a title, around content that scrolls."""

from __future__ import annotations

from textual.containers import VerticalScroll

from screens.widgets.titled import Titled


class Panel(Titled, VerticalScroll, can_focus=True):
    """A titled panel whose content scrolls."""

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
