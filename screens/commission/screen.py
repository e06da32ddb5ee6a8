"""The plan: the job's Local Commands, each with its state, and the one thing to do next."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Static

from hht.errors import HhtError
from hht.events import Event
from hht.journeys import events
from hht.store.command_states import is_under_way
from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.commission.course import Course, UnderWay
from screens.commission.leaving import leave_han
from screens.commission.lost import get_back
from screens.commission.next_step import offer_words
from screens.commission.offered import offered_actions
from screens.commission.side import PlanSide
from screens.commission.text import news_words, plan_rows, strip_words
from screens.pairing.without import ask_absent
from screens.shell import Place
from screens.stylesheets import css_beside
from screens.visit.power import ask_power_cycle
from screens.visit.unsettled import first_unsettled
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.store import CommandRow


class CommissionScreen(HhtScreen):
    """The delivery, one by one or all; its own key alone stops that, and only between two."""

    CSS_PATH = css_beside(__file__)
    HELP = "commission"
    STAGE = Stage.DELIVER
    BINDINGS = [
        Binding("c", "stop", "stop_after_this"),
        Binding("u", "take_back", "take_back"),
        Binding("a", "deliver_all", "deliver_all"),
        # Pages that the job has beside its plan come before what a row or the news name, too.
        Binding("f", "firmware", "firmware"),
        Binding("f", "go('firmware')", show=False),
        Binding("n", "move", "move"),
        Binding("p", "pairing", "pairing"),
        Binding("s", "settle", "settle"),
        Binding("b", "get_back", "get_back"),
        Binding("space,right", "read", "read"),
        Binding("e", "go('devices')", "devices"),
        Binding("v", "go('alerts')", "alerts"),
        Binding("t", "queue", "to_return"),
        Binding("h", "hubs", "hub", show=False),
        Binding("p", "power", "power", show=False),
        Binding("w", "go('report')", "write", show=False),
        Binding("l", "leave", "leave", show=False),
        Binding("d", "debrief", "debrief", show=False),
        Binding("o", "deliver_this", "deliver_this", show=False),
        MORE,
    ]

    def __init__(self) -> None:
        super().__init__()
        self.under_way: UnderWay | None = None
        self.course = Course()

    def body(self) -> ComposeResult:
        """Yield the strip of signs, the plan, and a line of news; where there is room, the log."""
        yield Static(id="strip")
        with Horizontal():
            yield NumberedList(title=text("deliver.plan"), empty=text("deliver.nothing"), id="plan")
            yield PlanSide(self.shell.news.log)
        yield Static(id="news")

    def opened(self) -> None:
        """Follow the visit; the cursor begins on the next one to go."""
        self.shell.happened.subscribe(self, self.follow)
        self.follow_app("view", self.draw)
        self.set_interval(1, self._tick)
        self._read_course()
        view = self.shell.view
        if view and view.next_command:
            self.query_one(NumberedList).highlight(view.next_command.id)

    def draw(self, view: VisitView | None) -> None:
        """Show every command's state, how many are settled, and what comes next."""
        if view is None:
            return
        plan = self.query_one(NumberedList)
        plan.set_rows(plan_rows(view, self.service.names, self._waited))
        plan.set_title(text("deliver.plan"), self.service.premises)
        self.query_one("#strip", Static).update(strip_words(view, self.course, self.size.width))
        self._draw_news(view)
        self._draw_side()
        self.refresh_offer()

    def on_resize(self) -> None:
        """Say as much of how it goes as there is room for now."""
        if self.is_whole:
            self.draw(self.shell.view)

    def _draw_news(self, view: VisitView) -> None:
        lost = self.shell.news.lost_on(view)
        words = news_words(view, lost, self.course.alerts, self.service.names)
        self.query_one("#news", Static).update(words)

    @work(group="course", exclusive=True)  # a coroutine whose worker never began would be lost
    async def _read_course(self) -> None:
        """Read the Alerts that have come and how long it took, on this visit and before."""
        view = self.shell.view
        if view is None:
            return
        with suppress(HhtError):  # a store that cannot be written now says so where it matters
            self.course = await self.service.queries.course(view.job_id)
        if self.is_whole:
            self.query_one(PlanSide).show_alerts(self.course.alerts, self.service.names)
            self.draw(self.shell.view)

    def on_numbered_list_highlighted(self) -> None:
        """Show the command under the cursor, where there is room, and what can be done with it."""
        self._draw_side()
        self.refresh_bindings()

    def _draw_side(self) -> None:
        if view := self.shell.view:
            self.query_one(PlanSide).read(self.service, self._under_cursor(), view)

    def _under_cursor(self) -> CommandRow | None:
        at, view = self.query_one(NumberedList).current, self.shell.view
        rows = view.commands if view and at else ()
        return next((row for row in rows if at and row.id == at.key), None)

    def _waited(self, row: CommandRow) -> tuple[int, int] | None:
        """Return the seconds gone and allowed of the one that is waited for."""
        at = self.under_way
        if at is None or self.shell.work is None:  # a Response may still come, but is not awaited
            return None
        return at.waited(row, self.shell.context.clock.elapsed())

    def _tick(self) -> None:
        """Count the seconds of the one that is under way, or of a Device that has to join."""
        view, work = self.shell.view, self.shell.work
        waits = view and view.connected and any(is_under_way(row.state) for row in view.commands)
        if not self.is_current or not (work or waits):
            return
        if view and (view.awaited or not work):
            self.look()
        else:
            self.draw(view)

    def follow(self, event: Event) -> None:
        """Keep the cursor on the one under way, and count Alerts."""
        if not self.is_whole:
            return
        self.query_one(PlanSide).follow()
        if isinstance(event, events.CommandSent):
            now = self.shell.context.clock.elapsed()
            self.under_way = UnderWay(event.command_id, now, event.seconds_allowed)
            self.query_one(NumberedList).highlight(event.command_id)
        elif isinstance(event, events.AlertCaptured | events.ResponseCaptured):
            self._read_course()

    def offer(self) -> Offer:
        """Return the one thing to do next."""
        view, at, now = self.shell.view, self.under_way, self.shell.context.clock.elapsed()
        rows = view.commands if view else ()
        first = next((row for row in rows if is_under_way(row.state)), None)
        waited = (at.waited(first, now) if at and first else None) or (None, 0)
        put_off = self.shell.visit.put_off
        last, work = at.command_id if at else None, self.work_in_hand
        return self.unless_surveying(offer_words(view, work, put_off, waited[0], last))

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        """Read the command with that number, and what answered it."""
        self._read_soon(int(str(event.row.key)))

    def action_read(self) -> None:
        """Read the command under the cursor, and what answered it."""
        if row := self._under_cursor():
            self._read_soon(row.id)

    def _read_soon(self, command_id: int) -> None:
        self.run_worker(self._read(command_id), group="read")

    async def _read(self, command_id: int) -> None:
        """Fetch a command's messages and show the newest."""
        from screens.message.screen import MessageScreen

        try:
            messages = await self.service.queries.command_messages(command_id)
        except HhtError as error:
            self.shell.show_failure(error)
        else:
            if self.is_active:
                self.shell.show(MessageScreen(messages, at=len(messages) - 1))

    def action_deliver_next(self) -> None:
        """Deliver the next Local Command and wait for its Response."""
        self.shell.visit.deliver_next()

    def action_absent(self) -> None:
        """Ask what is done without the Device that the next one needs and that has not joined."""
        ask_absent(self.shell)

    def action_deliver_all(self) -> None:
        """Deliver one after the other until nothing is left or something is in doubt."""
        self.shell.visit.deliver_all()

    def action_deliver_this(self) -> None:
        """Deliver the one under the cursor, if nothing holds it back."""
        if row := self._under_cursor():
            self.shell.visit.deliver(row.id)

    def action_stop(self) -> None:
        """Stop after the one that is under way."""
        self.shell.visit.stop()

    def action_settle(self) -> None:
        """Ask what became of the first Local Command in doubt."""
        row = first_unsettled(self.shell.view)
        if row:
            self.query_one(NumberedList).highlight(row.id)
            self.shell.visit.ask_about(row)

    def action_take_back(self) -> None:
        """Put in doubt again what the engineer has said of the one under the cursor."""
        if row := self._under_cursor():
            self.shell.visit.take_back(row.id)

    def action_get_back(self) -> None:
        """Ask what to do for the Response under the cursor that was not kept, else the first."""
        at = self.query_one(NumberedList).current
        get_back(self.shell, int(str(at.key)) if at else None, self._read_soon)

    def action_leave(self) -> None:
        """Leave the HAN; ask first while there is something that is not done."""
        leave_han(self.shell, self.action_settle, self.action_pairing)

    def action_reconnect(self) -> None:
        """Go back to the hub that was lost."""
        self.shell.go(Place.RECONNECT)

    def action_hubs(self) -> None:
        """Go to the hub list."""
        self.shell.go(Place.CONNECT)

    def action_power(self) -> None:
        """Switch the hub off and on, or say when it got its power; then go back to it."""
        ask_power_cycle(self.shell, then=lambda: self.shell.go(Place.RECONNECT))

    def action_queue(self) -> None:
        """See what is to be returned."""
        self.shell.go(Place.QUEUE)

    def action_report(self) -> None:
        """Go on with what is to be reported of the visit."""
        self.shell.job.finish()

    def action_debrief(self) -> None:
        """See what the exercise was worth, or is so far."""
        self.shell.job.debrief(looking=True)

    def action_go(self, place: str) -> None:
        """Open another screen, or begin what has none of its own."""
        self.shell.go(Place(place))

    def action_move(self) -> None:
        """See who came along to the hub's new channel."""
        self.shell.go(Place.MOVE)

    def action_firmware(self) -> None:
        """See which version each Device runs, and how far its update is."""
        self.shell.go(Place.FIRMWARE)

    def action_pairing(self) -> None:
        """See the state of each display or switch, step by step."""
        self.shell.go(Place.PAIRING)

    def action_activate(self) -> None:
        """Show the hash of the next Activate Firmware, and deliver it when it is confirmed."""
        self.shell.visit.confirm_activation()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        at = self._under_cursor() if self.is_whole else None
        offered = offered_actions(
            self.shell.view,
            self.shell.work,
            at,
            in_exercise=self.shell.context.exercise is not None,
        )
        return offered.get(action, super().check_action(action, parameters))
