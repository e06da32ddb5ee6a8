"""The message screen: what one Command, Response or Alert says."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.catalogue import text
from screens.message.view import MessageView, Part
from screens.service.lookups import Titled
from screens.visit.device_names import Names
from screens.widgets.action_bar import Offer
from screens.widgets.stepper import Stage
from screens.widgets.tabs import TabLine


class MessageScreen(HhtScreen):
    """One message; where there are more, n and p change between them."""

    HELP = "message"
    STAGE = Stage.DELIVER
    AUTO_FOCUS = "#part"
    BINDINGS = [
        Binding("1", "part(1)", show=False),
        Binding("2", "part(2)", show=False),
        Binding("3", "part(3)", show=False),
        Binding("4", "part(4)", show=False),
        Binding("left", "turn(-1)", "part", key_display="←→"),
        Binding("right", "turn(1)", show=False),
        Binding("n", "other(1)", "next_message"),
        Binding("p", "other(-1)", "previous_message"),
        Binding("y", "copy", "copy"),
    ]

    def __init__(
        self,
        messages: Sequence[Titled],
        at: int = 0,
        names: Names | None = None,
    ) -> None:
        """Take messages, each with a title, and which is first.

        `names` are those of another job's Devices than the open one's.
        """
        super().__init__()
        self.messages = messages
        self.at = at
        self.names = names

    def body(self) -> ComposeResult:
        yield MessageView()

    def opened(self) -> None:
        """Decode the first one."""
        self.show()
        self.refresh_offer()

    def offer(self) -> Offer:
        """Go back to where the message was opened."""
        return Offer(text("action.back"), "back")

    def show(self) -> None:
        """Decode in the background and show it."""
        self.run_worker(self._show(), group="decode", exclusive=True)

    async def _show(self) -> None:
        title, raw, command = self.messages[self.at]
        count = f" {self.at + 1}/{len(self.messages)}" if len(self.messages) > 1 else ""
        view = self.query_one(MessageView)
        view.set_title(title + count)
        try:
            described = await self.service.messages.describe(raw, command, self.names)
        except HhtError as error:
            view.show_problem(str(error), raw)
        else:
            view.show_message(described, raw)

    def action_part(self, number: int) -> None:
        """Show the words, the fields, the bytes or the checks."""
        self.query_one(MessageView).show_part(Part(number))

    def action_turn(self, by: int) -> None:
        """Show the next part, or the one before."""
        view = self.query_one(MessageView)
        view.show_part(Part((view.part - 1 + by) % len(Part) + 1))

    def on_tab_line_chosen(self, event: TabLine.Chosen) -> None:
        """Show the part whose tab was tapped."""
        self.action_part(event.at + 1)

    def action_other(self, by: int) -> None:
        """Change to another of the messages."""
        self.at = (self.at + by) % len(self.messages)
        self.show()

    def action_copy(self) -> None:
        """Put the part on show on the clipboard."""
        self.app.copy_to_clipboard(self.query_one(MessageView).plain)
        self.notify(text("message.copied"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer another message only where there is one."""
        return len(self.messages) > 1 if action == "other" else True
