"""The commission screen: the job's Local Commands, each with its state, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.events import Event
from hht.journeys import events
from hht.store.command_states import is_done
from screens.base import css_beside
from screens.commission.text import (
    command_row,
    first_unknown,
    leave_question,
    lost_words,
    next_thing,
    not_done,
    settle_question,
)
from screens.radio_screen import RadioScreen
from screens.shell import Place
from screens.timeline_lines import line_of
from screens.widgets.action_button import ActionButton
from screens.widgets.command_look import state_bar
from screens.widgets.numbered_list import NumberedList
from screens.widgets.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from hht.journeys.view import VisitView

# Where each kind of news is told: an Alert does not push away what the Device answered.
PLACES = {
    events.CommandSent: "#news",
    events.CommandChanged: "#news",
    events.ResponseCaptured: "#news",
    events.AlertCaptured: "#alert",
}


class CommissionScreen(RadioScreen):
    """Delivers one by one or all; the big button always says the one thing to do next."""

    CSS_PATH = css_beside(__file__)
    HELP = "commission"
    SAYS_LOSS = True
    BINDINGS = [
        Binding("c", "cancel", "Cancel"),
        Binding("s", "settle", "Settle"),
        Binding("h", "hubs", "Connect"),
        Binding("d", "deliver_next", "Next"),
        Binding("a", "deliver_all", "All"),
        Binding("l", "leave", "Leave"),
        Binding("q", "queue", "To return", show=False),
        Binding("o", "deliver_this", "Deliver the one under the cursor", show=False),
        Binding("escape", "back", "Back to the jobs", show=False),
    ]

    def body(self) -> ComposeResult:
        """The plan, the last news, and the button; where there is room, the timeline."""
        yield Static(classes="title", id="title")
        with Horizontal():
            with Vertical():
                yield NumberedList(empty=" This job has no Local Commands.", id="plan")
                yield Static(id="news")
                yield Static(id="alert")
                yield Static(id="lost")
            yield Timeline(self.shell.log_of_visit, classes="side")
        yield ActionButton(id="action")

    def on_mount(self) -> None:
        """Follow the visit."""
        self.shell.happened.subscribe(self, self.follow)
        self.watch(self.app, "view", self.draw)

    def draw(self, view: VisitView | None) -> None:
        """Show every command's state, how many are answered, and what comes next."""
        if view is None:
            return
        names = self.service.names
        states = [row.state for row in view.commands]
        done = f"{sum(map(is_done, states))}/{len(states)} answered  "
        self.query_one("#title", Static).update(Content(done) + state_bar(states, 30))
        self.query_one(NumberedList).set_rows([command_row(row, names) for row in view.commands])
        self._draw_loss(view)
        self.offer()

    def _draw_loss(self, view: VisitView) -> None:
        """Where the connection was lost, say so in place of the last news."""
        lost = self.shell.lost
        self.query_one("#lost", Static).update(lost_words(lost, view, key="H") if lost else "")
        for name in ("#news", "#alert", "#lost"):
            self.query_one(name).display = bool(lost) == (name == "#lost")

    def follow(self, event: Event) -> None:
        """Tell the last news under the plan, and keep the cursor on the command under way."""
        self.query_one(Timeline).refresh()
        if isinstance(event, events.CommandSent):
            self.query_one(NumberedList).highlight(event.command_id)
        place = PLACES.get(type(event))
        line = line_of(event, self.service.names) if place else None
        if place and line:
            sign, words, style = line
            told = self.query_one(place, Static)
            told.update(Content.assemble((f"{sign} ", f"bold {style}"), words))

    def offer(self) -> None:
        """Put the one thing to do next on the button."""
        thing = next_thing(self.shell.view, busy=self.busy, lost=bool(self.shell.lost))
        self.query_one(ActionButton).offer(*thing)
        self.refresh_bindings()

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Read the command and what answered it."""
        self.open_messages(int(str(event.row.key)))

    @work(exclusive=True, group="read")
    async def open_messages(self, command_id: int) -> None:
        """Fetch a command's messages and show the newest."""
        from screens.message.screen import MessageScreen

        try:
            messages = await self.service.queries.command_messages(command_id)
        except HhtError as error:
            self.shell.show_failure(error)
        else:
            self.shell.show(MessageScreen(messages, at=len(messages) - 1))

    def action_deliver_next(self) -> None:
        """Deliver the next Local Command and wait for its Response."""
        self.at_work(self.service.deliver_next)

    def action_deliver_all(self) -> None:
        """Deliver one after the other until nothing is left or something is in doubt."""
        self.at_work(self.service.deliver_all)

    def action_deliver_this(self) -> None:
        """Deliver the one under the cursor, if nothing hinders it."""
        row = self.query_one(NumberedList).current
        if row:
            self.at_work(lambda: self.service.deliver(int(str(row.key))))

    def action_settle(self) -> None:
        """Ask what became of a command nobody is sure about."""
        row = first_unknown(self.shell.view) if self.shell.view else None
        if row:
            self.app.push_screen(settle_question(row), self._settled(row.id))

    def _settled(self, command_id: int) -> Callable[[str | None], None]:
        """Make what follows the question."""

        def go_on(answer: str | None) -> None:
            if answer:
                self.at_work(lambda: self.service.settle(command_id, answer))

        return go_on

    def action_leave(self) -> None:
        """Leave the HAN; ask first while there is something that is not done."""
        view = self.shell.view
        if view and not_done(view):
            self.app.push_screen(leave_question(view), self._leave_if)
        else:
            self.at_work(self.service.leave, self.shell.open_debrief)

    def _leave_if(self, answer: str | None) -> None:
        """Leave when the engineer said so."""
        if answer:
            self.at_work(self.service.leave, self.shell.open_debrief)

    def action_hubs(self) -> None:
        """Go to the hub list."""
        self.shell.go(Place.CONNECT)

    def action_queue(self) -> None:
        """See what is to be returned."""
        self.shell.go(Place.QUEUE)

    def action_back(self) -> None:
        """Back to the jobs; the HHT stays on the HAN."""
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        view = self.shell.view
        ready = view is not None and view.connected and not self.busy
        allowed = {
            "cancel": self.busy,
            "settle": bool(view and not self.busy and first_unknown(view)),
            "hubs": not self.busy and not (view and view.connected),
            "deliver_next": ready and bool(view and view.next_command),
            "deliver_all": ready and bool(view and view.next_command),
            "deliver_this": ready,
            "leave": ready,
        }
        return allowed.get(action, True)
