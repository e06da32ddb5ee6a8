"""The inspector: paste or scan any GBCS message or DUIS XML and read what it says."""

from __future__ import annotations

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static, TextArea

from hht.errors import HhtError
from screens.base import HhtScreen, css_beside
from screens.widgets.message_view import MessageView


class PasteField(TextArea):
    """A text field that has its text decoded as soon as something is pasted."""

    async def _on_paste(self, event: events.Paste) -> None:
        """Take what is pasted in place of what stands there."""
        event.stop()
        event.prevent_default()
        self.text = event.text
        await self.screen.run_action("decode")


class InspectorScreen(HhtScreen):
    """Nothing that is shown here is kept."""

    CSS_PATH = css_beside(__file__)
    HELP = "inspector"
    AUTO_FOCUS = "PasteField"
    BINDINGS = [
        Binding("f5", "decode", "Decode", priority=True),
        Binding("f6", "clear", "New", priority=True),
        Binding("escape", "back", "Back", priority=True),
        Binding("1", "part(1)", "Words", show=False),
        Binding("2", "part(2)", "Fields", show=False),
        Binding("3", "part(3)", "Bytes", show=False),
        Binding("tab", "other", "Other", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[tuple[str, bytes]] = []
        self.at = 0

    def body(self) -> ComposeResult:
        """The field above, what it says below."""
        yield Static("Paste or scan a message: hex, base64, DUIS XML", classes="title", id="title")
        yield PasteField(soft_wrap=True, id="text")
        yield MessageView()

    @work(exclusive=True)
    async def decode(self) -> None:
        """Find the messages in the field and show the first."""
        text = self.query_one(PasteField).text.strip()
        if not text:
            return
        view = self.query_one(MessageView)
        try:
            self.messages = await self.service.messages_in(text)
            self.at = 0
            await self._show()
        except HhtError as error:
            view.show_undecoded(str(error), b"")
        view.focus()

    async def _show(self) -> None:
        """Decode and show one of the messages found."""
        title, raw = self.messages[self.at]
        count = f"{self.at + 1} of {len(self.messages)} (Tab: next)  "
        self.query_one("#title", Static).update((count if len(self.messages) > 1 else "") + title)
        self.query_one(MessageView).show_message(await self.service.describe(raw), raw)

    def scanned(self, text: str) -> None:
        """Decode what was scanned at once."""
        self.query_one(PasteField).text = text
        self.decode()

    def action_decode(self) -> None:
        """Decode what stands in the field."""
        self.decode()

    def action_clear(self) -> None:
        """Start with an empty field."""
        self.query_one(PasteField).text = ""
        self.query_one(PasteField).focus()

    def action_part(self, number: int) -> None:
        """Go to the words, the fields or the bytes."""
        self.query_one(MessageView).show_part(number)

    @work(exclusive=True)
    async def action_other(self) -> None:
        """Change to the next of the messages found."""
        if len(self.messages) > 1:
            self.at = (self.at + 1) % len(self.messages)
            await self._show()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss()
