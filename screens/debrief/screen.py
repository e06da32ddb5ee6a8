"""The debrief: what an exercise was worth, what happened, what counted, and what comes next."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.texts import text
from hht.training.debrief import Debrief
from screens.base import HhtScreen
from screens.debrief.text import debrief_text, score_text
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.panel import Panel
from screens.widgets.stepper import Stage


class DebriefScreen(HhtScreen):
    """The screen after the HHT has left the HAN in training, and again when it is asked for."""

    HELP = "debrief"
    STAGE = Stage.RETURN
    AUTO_FOCUS = "Panel"
    BINDINGS = [
        Binding("a", "again", "again"),
        Binding("t", "queue", "to_return"),
    ]

    def __init__(self, debrief: Debrief) -> None:
        super().__init__()
        self.debrief = debrief

    def body(self) -> ComposeResult:
        """Yield points and outcome; findings, checks and advice, which scroll where they do not
        fit."""
        with Panel(title=text("debrief.title"), id="debrief"):
            yield Static(debrief_text(self.debrief))

    def opened(self) -> None:
        """Put the score beside the title."""
        self.query_one(Panel).set_title(text("debrief.title"), score_text(self.debrief))
        self.refresh_offer()

    def offer(self) -> Offer:
        """Go on to the next exercise; back to one that was only looked at."""
        if not self.debrief.is_over:
            return Offer(text("action.back_to_exercise"), "back", text("action.again"))
        return Offer(text("action.next_exercise"), "next", text("action.again"))

    def action_next(self) -> None:
        """Choose the next exercise."""
        self.shell.go(Place.PRACTISE)

    def action_again(self) -> None:
        """Begin the same exercise again."""
        context = self.shell.context
        name = context.title if context.fence else self.debrief.scenario  # a course may repeat one
        self.shell.mode_switch.begin_exercise(name, again=True)

    def action_queue(self) -> None:
        """See what is to be returned."""
        self.shell.go(Place.QUEUE)
