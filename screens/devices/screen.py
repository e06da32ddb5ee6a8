"""The HAN as far as it is known: every Device of the job, on it or not, and how that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from hht.entity_id import EntityId
from hht.texts import text
from screens.base import HhtScreen
from screens.devices.text import as_of, device_row, device_words
from screens.shell import Place
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


class DevicesScreen(HhtScreen):
    """The Devices as the visit goes on: what was captured says the state of each."""

    HELP = "devices"
    STAGE = Stage.DELIVER
    BINDINGS = [Binding("v", "alerts", "alerts"), Binding("e", "back", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[EntityId, Content] = {}

    def body(self) -> ComposeResult:
        """Yield the Devices, and all that is known of the one under the cursor."""
        yield NumberedList(title=text("device.title"), empty=text("device.none"), id="devices")
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Read the Devices, and again whenever the visit changes."""
        self.load_and_follow(self._load)
        self.refresh_offer()

    async def _load(self, view: VisitView) -> None:
        devices, now = await self.service.devices()
        if self.is_whole:
            about = self.service.names, now, view.move
            self.known = {each.entity_id: device_words(each, *about) for each in devices}
            rows = [device_row(number, each, *about) for number, each in enumerate(devices, 1)]
            shown = self.query_one(NumberedList)
            shown.set_title(text("device.title"), as_of(view))
            shown.set_rows(rows)
            self._draw_note()

    def on_numbered_list_highlighted(self) -> None:
        """Say all that is known of the Device under the cursor: a row may be too short for it."""
        self._draw_note()

    def _draw_note(self) -> None:
        at = self.query_one(NumberedList).current
        if at and isinstance(at.key, EntityId):
            self.query_one("#notes", Static).update(self.known.get(at.key, ""))

    def offer(self) -> Offer:
        """Go back to where one came from."""
        return Offer(text("action.back"), "back")

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Put the cursor there: a row says all that there is."""

    def action_alerts(self) -> None:
        self.shell.go(Place.ALERTS)

    def scanned(self, label: str) -> Any:
        """Return a Device's label finds its row."""
        from hht.label import read_label

        rows = self.query_one(NumberedList)
        entity = read_label(label).read_for({row.key for row in rows.rows}).entity_id
        if entity and any(row.key == entity for row in rows.rows):
            rows.highlight(entity)
        else:
            super().scanned(label)
