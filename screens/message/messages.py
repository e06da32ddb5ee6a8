"""What screens with messages have in common: four parts, others of the same source, a copy."""

from __future__ import annotations

from collections.abc import Sequence

from hht.texts import text
from screens.base import HhtScreen
from screens.message.view import MessageView, Part
from screens.service.lookups import Titled
from screens.widgets.tabs import TabLine


class MessagesScreen(HhtScreen):
    """One of its messages is on show, in a MessageView; `show` decodes it."""

    def __init__(self, messages: Sequence[Titled] = (), at: int = 0) -> None:
        super().__init__()
        self.messages = messages
        self.at = at

    def show(self) -> None:
        """Decode in the background and show it."""
        raise NotImplementedError

    def put_title(self) -> MessageView:
        """Say which of the messages is on show; the view that shows it."""
        title, *_ = self.messages[self.at]
        count = f" {self.at + 1}/{len(self.messages)}" if len(self.messages) > 1 else ""
        view = self.query_one(MessageView)
        view.set_title(title + count)
        return view

    def action_part(self, number: int) -> None:
        """Show the words, the fields, the bytes or the checks."""
        self.query_one(MessageView).show_part(Part(number))

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
        if action == "other":
            return len(self.messages) > 1
        return super().check_action(action, parameters)
