"""One GBCS message to read, a part at a time: words, fields, bytes, checks."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.texts import text
from screens.message.parts import checks_of, hex_dump, holds_secret, tree_lines, words_of
from screens.widgets.panel import Panel
from screens.widgets.tabs import TabLine

if TYPE_CHECKING:
    from hht.gbcs.explain.describe import Description


class Part(IntEnum):
    """A part of a message, by the digit that shows it."""

    WORDS = 1
    FIELDS = 2
    BYTES = 3
    CHECKS = 4


class MessageView(Vertical):
    """One part of a message; where there is room, with its bytes beside it."""

    DEFAULT_CSS = """
    MessageView #side {
        display: none; width: 58; height: 1fr;
    }
    MessageView #part {
        height: 1fr;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.part = Part.WORDS
        self.raw = b""
        self.description: Description | None = None
        self.problem = ""
        self.empty = ""
        """What is said where there is no message."""

    def compose(self) -> ComposeResult:
        """Yield the tabs, the part on show, and the bytes where there is room."""
        yield TabLine([text(f"message.part_{part.name.lower()}") for part in Part])
        with Horizontal():
            with Panel(id="part"):
                yield Static(id="shown")
            with Panel(title=text("message.part_bytes"), id="side"):
                yield Static(id="bytes")

    def show_message(self, description: Description, raw: bytes) -> None:
        """Show what the message says; its bytes too, unless they hold a secret."""
        self.description, self.problem = description, ""
        self.raw = b"" if holds_secret(description.fields) else raw
        self._draw()

    def show_problem(self, why: str, raw: bytes) -> None:
        """Show bytes that are no message, and why; nothing of the message before stays."""
        self.description, self.problem, self.raw = None, why, raw
        self._draw()

    def set_title(self, title: str) -> None:
        """Name the message in the panel's border."""
        self.query_one("#part", Panel).set_title(title)

    def show_part(self, part: Part) -> None:
        """Show another part, from its beginning."""
        self.part = part
        self._draw()

    @property
    def plain(self) -> str:
        """The part on show as text, for the clipboard."""
        return self._content().plain

    def on_resize(self) -> None:
        """Show as many bytes to a line as the new width allows, once the side panel has its own."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self.query_one(TabLine).at = self.part - 1
        panel = self.query_one("#part", Panel)
        self.query_one("#shown", Static).update(self._content())
        panel.scroll_home(animate=False)
        side = self.query_one("#side", Panel)
        if side.display:
            self.query_one("#bytes", Static).update(self._bytes(side.size.width))

    def _content(self) -> Content:
        """Return the part on show."""
        width = self.query_one("#part", Panel).size.width
        if self.part is Part.BYTES:
            return self._bytes(width)
        if self.problem:
            return Content.styled(f"✗ {self.problem}", "bold $error")
        if self.description is None:
            return Content.styled(self.empty, "$text-muted")
        if self.part is Part.FIELDS:
            return Content("\n").join(tree_lines(self.description.fields))
        return (words_of if self.part is Part.WORDS else checks_of)(self.description)

    def _bytes(self, width: int) -> Content:
        if self.description and not self.raw:
            return Content.styled(text("message.secret"), "$text-muted")
        return hex_dump(self.raw, width)
