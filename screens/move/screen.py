"""The change of a hub's channel: each Device's way back, the second look, what to do in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Static

from hht.entity_id import EntityId
from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.move.text import offer_of, rows_of, words_of
from screens.shell import Place
from screens.visit.radio_work import work_words
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.move.standing import MoveView
    from hht.journeys.view import VisitView


class MoveScreen(HhtScreen):
    """The move as the visit goes on; a Device that was not heard is never hidden."""

    HELP = "move"
    STAGE = Stage.DELIVER
    COMES_BACK = Place.MOVE
    BINDINGS = [
        Binding("i", "saw_it", "saw_it"),
        Binding("v", "alerts", "alerts"),
        Binding("n", "back", show=False),
    ]

    def body(self) -> ComposeResult:
        """Yield where the hub is, the Devices or the steps, and the step under the cursor whole."""
        yield Static(id="where", classes="note")
        yield NumberedList(title=text("move.title"), empty=text("move.none"), id="ways")
        yield Static(id="whole", classes="note")

    def opened(self) -> None:
        """Follow the visit, and have deadlines pass; begin on the first that is not back."""
        self.follow_app("view", self.draw)
        if self.move and self.move.not_back:
            self.query_one(NumberedList).highlight(self.move.not_back[0].device)
        self.set_interval(1, self._tick)

    @property
    def move(self) -> MoveView | None:
        """The state of the move; None where none is under way or owed."""
        return self.shell.view.move if self.shell.view else None

    def draw(self, view: VisitView | None) -> None:
        """Show every Device, and what can be done."""
        move = self.move
        self.query_one("#where", Static).update(words_of(move) if move else text("move.over"))
        shown = self.query_one(NumberedList)
        shown.set_title(text("move.steps" if move and move.steps else "move.title"))
        shown.set_rows(rows_of(move) if move else [])
        self.refresh_offer()

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Say the whole of what is to be done: a row is too short for it."""
        step = event.row.key
        self.query_one("#whole", Static).update(step if isinstance(step, str) else "")
        self.refresh_bindings()

    @property
    def _under_cursor(self) -> EntityId | None:
        """The Device under the cursor; None where that is a step."""
        row = self.query_one(NumberedList).current if self.is_whole else None
        return row.key if row and isinstance(row.key, EntityId) else None

    def offer(self) -> Offer:
        """Step out, find the hub again, or go back; while the radio is at work, say so."""
        view, work = self.shell.view, self.work_in_hand
        if work:
            return Offer(work_words(work, self.shell.context.clock.elapsed()))
        offer = offer_of(self.move, connected=bool(view and view.connected))
        return self.unless_surveying(offer)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to have seen the Device under the cursor as long as it is not back."""
        if action == "saw_it":
            return bool(self.move and self.move.missing(self._under_cursor))
        return super().check_action(action, parameters)

    def action_step_out(self) -> None:
        """Leave the HAN for the hub's sake; the visit goes on."""
        self.shell.visit.step_out()

    def action_find_again(self) -> None:
        """Look for the hub by its Extended PAN ID and go back into its HAN."""
        self.shell.go(Place.RECONNECT)

    def action_alerts(self) -> None:
        self.shell.go(Place.ALERTS)

    def action_saw_it(self) -> None:
        """Say what shows that the Device under the cursor is back."""
        from screens.forms.typed import TypedScreen

        device = self._under_cursor
        way = self.move.missing(device) if self.move else None
        if way is None or device is None:
            return
        question = text("move.what_seen", device=way.label)

        def answered(what: str | None) -> None:
            if what:
                self.run_worker(self._see(device, what), group="move")

        self.shell.ask(TypedScreen(question, "", text("move.seen_placeholder")), answered)

    async def _see(self, device: EntityId, what: str) -> None:
        try:
            await self.service.note(lambda visit: visit.move.see(device, what))
        except HhtError as error:
            self.shell.show_failure(error)

    def _tick(self) -> None:
        if self.is_current and self.move and self.shell.work is None:
            self.run_worker(self._look(), group="look", exclusive=True)

    async def _look(self) -> None:
        try:
            await self.service.watch_clocks()
            await self.service.look()
        except HhtError as error:
            self.shell.show_failure(error)
