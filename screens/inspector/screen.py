"""The inspector: paste, scan or open any GBCS message or DUIS XML and read what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import TextArea

from hht.errors import HhtError
from hht.texts import text
from screens.forms.path import PathScreen
from screens.forms.remedies import in_a_line
from screens.message.messages import MessagesScreen
from screens.message.view import MessageView
from screens.service.lookups import Titled
from screens.stylesheets import css_beside
from screens.widgets.action_bar import Offer

MOST_SHOWN = 4_000
"""Characters of what was given that are in the field; a line of a million, wrapped, takes two
seconds at each key and each change of the terminal's size."""


class PasteField(TextArea):
    """A text field that has its text decoded as soon as something is pasted."""

    BINDINGS = [Binding("enter", "screen.main", show=False, priority=True)]
    _given = ""

    def take(self, given: str) -> None:
        """Put this in place of what is there; of a long text only the beginning is shown."""
        self._given = given
        self.read_only = len(given) > MOST_SHOWN
        more = text("inspector.more", count=len(given) - MOST_SHOWN) if self.read_only else ""
        self.text = given[:MOST_SHOWN] + more

    @property
    def given(self) -> str:
        """What is to be decoded: what is there, or all of what only begins there."""
        return (self._given if self.read_only else self.text).strip()

    async def _on_paste(self, event: events.Paste) -> None:
        """Take what is pasted in place of what is there."""
        event.stop()
        event.prevent_default()
        self.take(event.text)
        await self.screen.run_action("decode")


class InspectorScreen(MessagesScreen):
    """Nothing that is shown here is kept."""

    CSS_PATH = css_beside(__file__)
    HELP = "inspector"
    AUTO_FOCUS = "PasteField"
    BINDINGS = [
        Binding("f4", "open", "open_file", priority=True),
        Binding("f6", "clear", "new", priority=True),
        Binding("escape", "back", show=False, priority=True),
        Binding("1", "part(1)", "part", key_display="1-4"),
        Binding("2", "part(2)", show=False),
        Binding("3", "part(3)", show=False),
        Binding("4", "part(4)", show=False),
        Binding("n", "other(1)", "next_message"),
        Binding("p", "other(-1)", "previous_message"),
        Binding("y", "copy", "copy"),
    ]

    def body(self) -> ComposeResult:
        """Yield the field above, what it says below."""
        field = PasteField(soft_wrap=True, id="text")
        field.border_title = text("inspector.field")
        yield field
        yield MessageView()

    def opened(self) -> None:
        """Say what can be given."""
        self.query_one(MessageView).empty = text("inspector.empty")
        self.refresh_offer()

    def offer(self) -> Offer:
        """Decode what is in the field; a file where nothing does."""
        if not self.query_one(PasteField).given:
            return Offer(text("action.open_file"), "open")
        if self.messages and not self.query_one(PasteField).has_focus:
            return Offer(text("action.new"), "clear")
        return Offer(text("action.decode"), "decode")

    def on_text_area_changed(self) -> None:
        """Offer what can be done with the new text."""
        self.refresh_offer()

    def on_descendant_focus(self) -> None:
        """Let Enter decode in the field, and below it begin again."""
        self.refresh_offer()

    def action_decode(self) -> None:
        """Find the messages in the field and show the first."""
        found = self.query_one(PasteField).given
        if found:
            self._look_into(self.service.messages.in_text(found))

    def _look_into(self, finding: Coroutine[Any, Any, list[Titled]]) -> None:
        self.run_worker(self._decode(finding), group="decode")

    async def _decode(self, finding: Coroutine[Any, Any, list[Titled]]) -> None:
        view = self.query_one(MessageView)
        try:
            self.messages = await finding
            self.at = 0
            await self._show()
        except HhtError as error:
            self.messages = ()
            view.set_title("")
            view.show_problem(in_a_line(error), b"")
        self.query_one("#part").focus()
        self.refresh_offer()

    def show(self) -> None:
        """Decode another of the messages found."""
        decode: Callable[[], Awaitable[None]] = self._show
        self.run_worker(decode, group="decode", exclusive=True)

    async def _show(self) -> None:
        _, raw, command = self.messages[self.at]
        view = self.put_title()
        view.show_message(await self.service.messages.describe(raw, command), raw)

    def scanned(self, label: str) -> None:
        """Decode what was scanned at once."""
        self.query_one(PasteField).take(label)
        self.action_decode()

    def action_open(self) -> None:
        """Ask for a file, and decode it."""
        self.shell.ask(PathScreen(text("inspector.which_file")), self._opened)

    def _opened(self, path: Path | None) -> None:
        if path:
            self.query_one(PasteField).take(str(path))
            self._look_into(self.service.messages.at(path))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to begin again and to copy only where something is there."""
        if action == "clear":
            return any(field.given for field in self.query(PasteField))
        if action == "copy":
            return any(view.description or view.problem for view in self.query(MessageView))
        if action == "part":
            return bool(self.messages)
        return super().check_action(action, parameters)

    def action_clear(self) -> None:
        """Start with an empty field."""
        self.query_one(PasteField).take("")
        self.query_one(PasteField).focus()
