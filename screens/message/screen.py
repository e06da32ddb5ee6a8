"""The message screen: what one Command, Response or Alert says."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding

from hht.errors import HhtError
from hht.texts import text
from screens.forms.remedies import in_a_line
from screens.message.messages import MessagesScreen
from screens.message.view import MessageView, Part
from screens.service.lookups import Titled
from screens.visit.device_names import Names
from screens.widgets.action_bar import Offer
from screens.widgets.stepper import Stage


class MessageScreen(MessagesScreen):
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
        stage: Stage = Stage.DELIVER,
    ) -> None:
        """Take messages, each with a title, and which is first.

        `names` are those of another job's Devices than the open one's, `stage` that of the screen
        from which they are read.
        """
        super().__init__(messages, at)
        self.names = names
        self._stage = stage

    @property
    def stage(self) -> Stage:
        """Where in the job the message was opened."""
        return self._stage

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
        _, raw, command = self.messages[self.at]
        view = self.put_title()
        try:
            described = await self.service.messages.describe(raw, command, self.names)
        except HhtError as error:
            view.show_problem(in_a_line(error), raw)
        else:
            view.show_message(described, raw)

    def action_turn(self, by: int) -> None:
        """Show the next part, or the one before."""
        view = self.query_one(MessageView)
        view.show_part(Part((view.part - 1 + by) % len(Part) + 1))
