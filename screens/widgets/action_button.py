"""The one thing to do next, three lines high: for a finger in a glove."""

from textual.content import Content
from textual.widgets import Static


class ActionButton(Static):
    """Shows its key and what it does; a tap runs the same action as the key."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, classes="action")
        self.action = ""

    def offer(self, key: str, words: str, action: str) -> None:
        """Offer an action of the screen, such as `scan`; an empty one shows the words only."""
        self.action = action
        name = Content.styled(f"[ {key} ]  ", "bold") if action else Content("")
        self.update(name + Content(words))

    async def on_click(self) -> None:
        """Do it."""
        if self.action:
            await self.screen.run_action(self.action)
