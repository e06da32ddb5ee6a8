"""A survey of the 2.4 GHz channels: the chart in 53 columns, pass after pass, and the advice."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.catalogue import text
from screens.stylesheets import css_beside
from screens.widgets.action_bar import Offer
from screens.widgets.stepper import Stage

GLANCE_SECONDS = 0.5
"""Between two looks at what the dongle has heard: a scan takes two seconds."""


class SurveyScreen(HhtScreen):
    """Listens until it is stopped; refused while the HHT is on a HAN, where it would interrupt."""

    CSS_PATH = css_beside(__file__)
    HELP = "survey"
    STAGE = Stage.FIND
    AUTO_FOCUS = ""
    BINDINGS = [Binding("c", "stop", "stop_survey")]

    def __init__(self) -> None:
        super().__init__()
        self.listening = False

    def body(self) -> ComposeResult:
        """The chart, then the advice and what a ZigBee radio cannot hear."""
        yield Static(text("survey.empty"), id="chart", markup=False)
        yield Static(id="advice", classes="note", markup=False)

    def opened(self) -> None:
        """Draw what is heard as it grows."""
        self.set_interval(GLANCE_SECONDS, self._draw_now)
        self.refresh_offer()

    def offer(self) -> Offer:
        """Listen, or say that it does."""
        if self.listening:
            return Offer(text("survey.listening"), aside=text("survey.stop"))
        return Offer(text("action.survey"), "listen")

    def action_listen(self) -> None:
        """Make passes over all channels."""
        self.listening = True
        self.run_worker(self._listen(), group="survey", exclusive=True)
        self.refresh_offer()

    def action_stop(self) -> None:
        """End the survey; what was heard stays on show."""
        self.workers.cancel_group(self, "survey")
        self.listening = False
        self.refresh_offer()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop only what runs."""
        return self.listening if action == "stop" else True

    async def _listen(self) -> None:
        try:
            await self.service.survey()
        except HhtError as error:
            self.shell.show_failure(error)
        finally:
            self.listening = False
            self.refresh_offer()

    def _draw_now(self) -> None:
        if self.is_current:
            self.run_worker(self._draw(), group="draw", exclusive=True)

    async def _draw(self) -> None:
        picture = await self.service.surveyed()
        if picture and self.is_whole:
            self.query_one("#chart", Static).update("\n".join(picture.chart))
            self.query_one("#advice", Static).update(picture.advice)
