"""The one main action, always Enter: one line high, three where there is room for a glove."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from screens.widgets.row import fitted, spread

AROUND = 2  # cells behind what another key does


@dataclass(frozen=True, slots=True)
class Offer:
    """What Enter does now: an action of the screen, such as `scan`, and its words.

    Without an action there is nothing to do, and the words say what is waited for. `aside` is
    what another key does meanwhile, which comes first in it: `C Stop`.
    """

    words: str
    action: str = ""
    aside: str = ""

    @property
    def other_key(self) -> str:
        """The key of `aside`; "" where there is none."""
        return self.aside.partition(" ")[0]


class ActionBar(Widget):
    """The offer, one line high or three; a tap does it, or what is named beside it."""

    DEFAULT_CSS = """
    ActionBar {
        height: 1; background: $action; color: $action-text; text-style: bold;
    }
    ActionBar.-waiting {
        background: $panel; color: $foreground; text-style: none;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.offered = Offer("")
        self.offered_at = 0.0
        """When the action last became another, on the clock that stamps keys."""

    def offer(self, offer: Offer) -> None:
        if offer.action != self.offered.action:
            self.offered_at = Message().time
        if offer != self.offered:
            self.offered = offer
            self.set_class(not offer.action, "-waiting")
            self.refresh()

    def render(self) -> Content:
        """Draw key and words in the middle line, from edge to edge."""
        offer, width = self.offered, self.size.width
        key = Content.styled("Enter  ", "bold") if offer.action else Content("")
        left = Content("▐ " if offer.action else "  ") + key + Content(offer.words)
        right = Content(f"{offer.aside} " + ("▌" if offer.action else " "))
        line = spread(left, right, width)
        blank = fitted(Content(""), width)
        lines = [blank, line, blank] if self.size.height >= 3 else [line]
        return Content("\n").join(lines)

    async def on_click(self, event: events.Click) -> None:
        offered = self.offered
        begins = self.size.width - Content(offered.aside).cell_length - AROUND
        if offered.aside and event.x >= begins:
            self.app.simulate_key(offered.other_key.lower())
        elif offered.action:
            await self.screen.run_action(self.offered.action)
