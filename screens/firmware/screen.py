"""Which firmware each Device of the job runs, and the state of its update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.texts import text
from screens.base import HhtScreen
from screens.firmware.text import firmware_row, most_wanted, whole_words
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


class FirmwareScreen(HhtScreen):
    """One table for the premises; follows what is captured."""

    HELP = "firmware"
    STAGE = Stage.DELIVER
    COMES_BACK = Place.FIRMWARE
    BINDINGS = [Binding("f", "back", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._whole: dict[object, str] = {}

    def body(self) -> ComposeResult:
        yield NumberedList(title=text("firmware.title"), empty=text("device.none"), id="firmware")
        yield Static(id="whole", classes="note", markup=False)

    def opened(self) -> None:
        """Read the versions, and again whenever the visit changes."""
        self.load_and_follow(self._load)
        self.refresh_offer()

    async def _load(self, view: VisitView) -> None:
        found = await self.service.queries.firmware(view.job_id)
        if self.is_whole:
            names = self.service.names
            rows = [firmware_row(n, each, names) for n, each in enumerate(found, 1)]
            self._whole = {each.device: whole_words(each, names) for each in found}
            listed = self.query_one(NumberedList)
            is_first = not listed.total
            listed.set_rows(rows)
            if is_first:
                listed.highlight(most_wanted(found))
            self._say_whole()

    def offer(self) -> Offer:
        """Go back to where one came from."""
        return Offer(text("action.back"), "back")

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Put the cursor there: what its row has no room for is below the list."""

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        self._say_whole()

    def _say_whole(self) -> None:
        """Say of the Device under the cursor what its row has no room for."""
        row = self.query_one(NumberedList).current
        words = self._whole.get(row.key, "") if row else ""
        self.query_one("#whole", Static).update(words)
