"""The menu behind M: import, dongle, identity, practise, inspect, check-up, and what hht is."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding

from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.more.offered import offered
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import entry_rows


class MoreScreen(HhtScreen):
    """What is wanted now and then; all of it is in the palette, too."""

    HELP = "more"
    BINDINGS = [Binding("m", "back", show=False)]

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("more.title"), id="entries")

    def opened(self) -> None:
        """Fill in what can be done in this mode, once it is known what is kept."""
        self.await_rows()
        self.run_worker(self._fill(), group="load")

    async def _fill(self) -> None:
        try:
            has_job, has_pin = await self.service.queries.has_job_and_pin()
        except HhtError:  # nothing kept can be used: what is wrong is said on the jobs
            has_job = has_pin = False
        if self.is_whole:
            self._show(offered(self.shell, has_job=has_job, has_pin=has_pin))

    def _show(self, entries: list[Place]) -> None:
        self.query_one(NumberedList).set_rows(entry_rows("more", entries))
        self.refresh_offer()

    def offer(self) -> Offer:
        """Open what is under the cursor."""
        row = self.query_one(NumberedList).current
        return Offer(text("action.open", what=row.head.plain), "open") if row else Offer("")

    def on_numbered_list_highlighted(self) -> None:
        """Offer what the entry under the cursor does."""
        self.refresh_offer()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Open the entry with that number."""
        self.action_open()

    def action_open(self) -> None:
        """Open the entry under the cursor, in place of the menu."""
        row = self.query_one(NumberedList).current
        if row and self.is_active:
            self.dismiss()
            self.shell.go(Place(str(row.key)))
