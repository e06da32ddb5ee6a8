"""The WAN coverage of the job's premises, region by region, and which hub to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, numbered
from screens.widgets.stepper import Progress, Stage

if TYPE_CHECKING:
    from hht.journeys.install.coverage import CoverageLine
    from hht.journeys.view import VisitView


class CoverageScreen(HhtScreen):
    """Looking at it is a step of the visit."""

    HELP = "coverage"
    STAGE = Stage.JOB

    def __init__(self) -> None:
        super().__init__()
        self._more: dict[str, str] = {}
        """What the DCC adds about each region."""

    def body(self) -> ComposeResult:
        yield Static(id="doubt", classes="note", markup=False)
        yield NumberedList(title=text("coverage.title"), empty=text("coverage.none"), id="regions")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Read the coverage of the open job."""
        self.await_rows()
        self.run_worker(self._load(), group="load")
        self.refresh_offer()

    async def _load(self) -> None:
        try:
            found = await self.service.hub.coverage()
        except HhtError as error:
            self.say_not_read(error)
            return
        if self.is_whole:
            lines = found.lines if found else ()
            self._show_doubt(found.doubt if found else "")
            self._more = {line.region: line.more for line in lines}
            rows = [coverage_row(number, line) for number, line in enumerate(lines, 1)]
            self.query_one(NumberedList).set_rows(rows)
            self._draw_note()

    def _show_doubt(self, doubt: str) -> None:
        """Say above the regions what is wrong with the whole answer."""
        if doubt:
            self.query_one(NumberedList).empty = text("coverage.no_region")
        self.query_one("#doubt", Static).display = bool(doubt)
        words = Content.assemble(("! ", "bold $warning"), doubt) if doubt else Content("")
        self.query_one("#doubt", Static).update(words)

    def progress(self, view: VisitView) -> Progress:
        """Return the stages of an install: it is read at one of its questions."""
        from screens.install.text import install_progress

        if view.install is None:
            return super().progress(view)
        return install_progress(Stage.JOB, view, view.install)

    def offer(self) -> Offer:
        """Go back to the visit."""
        return Offer(text("action.back"), "back")

    def on_numbered_list_highlighted(self) -> None:
        """Say all of the region under the cursor: its row may be cut."""
        self._draw_note()

    def _draw_note(self) -> None:
        if row := self.query_one(NumberedList).current:
            said = [row.head, row.detail, Content(self._more.get(str(row.key), ""))]
            self.query_one("#notes", Static).update(Content("\n").join(filter(None, said)))

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Put the cursor there: below the list is all that there is."""


def coverage_row(number: int, line: CoverageLine) -> Row:
    """Describe a region: what it answers, and the advice below it."""
    detail = Content.styled(line.advice, "$text-muted")
    head = Content(f"{line.region}: {line.words}")
    return Row(line.region, head, detail, lead=numbered(number))
