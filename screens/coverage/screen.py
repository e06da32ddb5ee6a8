"""The WAN coverage of the job's premises, region by region, and which hub to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from screens.base import HhtScreen
from screens.catalogue import text
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, numbered
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.install.coverage import CoverageLine


class CoverageScreen(HhtScreen):
    """Looking at it is a step of the visit."""

    HELP = "coverage"
    STAGE = Stage.JOB

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("coverage.title"), empty=text("coverage.none"), id="regions")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Read the coverage of the open job."""
        self.await_rows()
        self.run_worker(self._load(), group="load")
        self.refresh_offer()

    async def _load(self) -> None:
        try:
            lines = await self.service.hub.coverage()
        except HhtError as error:
            self.say_not_read(error)
            return
        if self.is_whole:
            rows = [coverage_row(number, line) for number, line in enumerate(lines, 1)]
            self.query_one(NumberedList).set_rows(rows)
            self._draw_note()

    def offer(self) -> Offer:
        """Go back to the visit."""
        return Offer(text("action.back"), "back")

    def on_numbered_list_highlighted(self) -> None:
        """Say all of the region under the cursor: its row may be cut."""
        self._draw_note()

    def _draw_note(self) -> None:
        if row := self.query_one(NumberedList).current:
            self.query_one("#notes", Static).update(Content("\n").join([row.head, row.detail]))

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Put the cursor there: below the list is all that there is."""


def coverage_row(number: int, line: CoverageLine) -> Row:
    """Describe a region: what it answers, and the advice below it."""
    detail = Content.styled(line.advice, "$text-muted")
    head = Content(f"{line.region}: {line.words}")
    return Row(line.region, head, detail, lead=numbered(number))
