"""The message screen: what one Command, Response or Alert says."""

from __future__ import annotations

from collections.abc import Sequence

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen, css_beside
from screens.device_names import Names
from screens.lookups import Titled
from screens.widgets.message_view import MessageView


class MessageScreen(HhtScreen):
    """Shows one message; where a Command comes with its Responses, Tab changes between them."""

    CSS_PATH = css_beside(__file__)
    HELP = "message"
    AUTO_FOCUS = "MessageView"
    BINDINGS = [
        Binding("escape", "back", "Back"),
        Binding("1", "part(1)", "Words"),
        Binding("2", "part(2)", "Fields"),
        Binding("3", "part(3)", "Bytes", show=False),
        Binding("tab", "other", "Other"),
    ]

    def __init__(self, messages: Sequence[Titled], at: int = 0, names: Names | None = None) -> None:
        """Take a message, or a Command and what answered it, each with a title; and which first.

        `names` are those of another job's Devices than the open one's.
        """
        super().__init__()
        self.messages = messages
        self.at = at
        self.names = names

    def body(self) -> ComposeResult:
        """Title and message."""
        yield Static(classes="title", id="title")
        yield MessageView()

    def on_mount(self) -> None:
        """Decode the first one."""
        self.show()

    @work(exclusive=True)
    async def show(self) -> None:
        """Decode in the background and show it."""
        title, raw, command = self.messages[self.at]
        number = f"{self.at + 1}/{len(self.messages)}  " if len(self.messages) > 1 else ""
        self.query_one("#title", Static).update(f"{number}{title}")
        view = self.query_one(MessageView)
        try:
            view.show_message(await self.service.describe(raw, command, self.names), raw)
        except HhtError as error:
            view.show_undecoded(str(error), raw)

    def action_part(self, number: int) -> None:
        """Go to the words, the fields or the bytes."""
        self.query_one(MessageView).show_part(number)

    def action_other(self) -> None:
        """Change to the next of the messages."""
        self.at = (self.at + 1) % len(self.messages)
        self.show()

    def action_back(self) -> None:
        """Go back to where the message was opened."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer 'Other' only where there is another message."""
        return len(self.messages) > 1 if action == "other" else True
