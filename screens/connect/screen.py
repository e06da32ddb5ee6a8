"""The connect screen: hear the hubs, pick the job's, and watch the HHT get onto its HAN."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static
from textual.worker import Worker

from hht.entity_id import EntityId
from hht.events import Event
from hht.journeys import events
from screens.base import css_beside
from screens.commission.text import lost_words
from screens.prompts.choice import Answer, ChoiceScreen
from screens.radio_screen import RadioScreen
from screens.scanner_gate import entity_id_in
from screens.shell import Place
from screens.widgets.action_button import ActionButton
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row
from screens.widgets.signal import signal_text
from screens.widgets.step_list import StepList
from screens.widgets.timeline import Timeline

if TYPE_CHECKING:
    from hht.journeys.view import HubView, VisitView

INSIST = "insist"
SEE_SECONDS = 1.5  # all ticks on show before the plan comes; Enter goes on at once


class ConnectScreen(RadioScreen):
    """Scans as soon as it opens: the window is running."""

    CSS_PATH = css_beside(__file__)
    HELP = "connect"
    SAYS_LOSS = True
    BINDINGS = [
        Binding("enter", "go_on", "Go on"),
        Binding("r", "again", "Again"),
        Binding("s", "scan", "Scan"),
        Binding("c", "cancel", "Cancel"),
        Binding("escape", "back", "Back"),
        Binding("p", "power_cycled", "Hub was switched off and on", show=False),
    ]

    def body(self) -> ComposeResult:
        """The hubs; in their place the steps, or the loss; the timeline where there is room."""
        yield Static(classes="title", id="title")
        with Horizontal():
            with Vertical():
                yield NumberedList(empty=" Listening …", id="hubs")
                yield StepList(self.shell.context.clock, id="steps")
                yield Static(id="lost")
            yield Timeline(self.shell.log_of_visit, classes="side")
        yield ActionButton(id="action")

    def on_mount(self) -> None:
        """Go back to the hub that still has this HHT in its log; else listen at once."""
        self.shell.happened.subscribe(self, self.follow)
        self.watch(self.app, "view", self.draw)
        view = self.shell.view
        if view and view.hub and view.residency_seconds_left:
            self.connect(view.hub)
        else:
            self.action_scan()

    def draw(self, view: VisitView | None) -> None:
        """Show the hubs heard so far; the cursor starts on the job's hub."""
        if view is None:
            return
        wanted = f"This job's hub: {view.job_hub}" if view.job_hub else "Which hub is it?"
        self.query_one("#title", Static).update(wanted)
        hubs = self.query_one(NumberedList)
        untouched = not hubs.cursor
        hubs.set_rows([hub_row(hub, view) for hub in view.hubs])
        if untouched:
            hubs.highlight(view.job_hub)
        self.offer()

    def follow(self, event: Event) -> None:
        """Let the steps follow the journey."""
        self.query_one(Timeline).refresh()
        steps = self.query_one(StepList)
        if isinstance(event, events.StepStarted):
            steps.start(event.step)
        elif isinstance(event, events.StepDone):
            steps.finish(event.step, event.seconds)
        elif isinstance(event, events.ConnectionLost) and self.shell.view:
            self.query_one("#lost", Static).update(lost_words(event, self.shell.view, key="R"))
            self._show("lost")

    def connect(self, gpf: EntityId) -> None:
        """Go through every step to the tunnel, then on to the plan."""
        done = self.shell.view.done if self.shell.view else {}
        self.query_one(StepList).reset({str(step): behind for step, behind in done.items()})
        self._show("steps")
        self.at_work(lambda: self.service.connect(gpf), self._arrived)

    @work(exclusive=True, group="arrival")
    async def _arrived(self) -> None:
        """Let the engineer see that every step is done, then go on to the plan."""
        await self.shell.context.clock.sleep(SEE_SECONDS)
        self.action_go_on()

    def _show(self, wanted: str) -> None:
        """Show the hubs, the steps, or that the connection was lost."""
        for name in ("hubs", "steps", "lost"):
            self.query_one(f"#{name}").display = name == wanted

    def offer(self) -> None:
        """Offer to cancel, to connect, or to scan."""
        button = self.query_one(ActionButton)
        hubs = self.query_one(NumberedList)
        if self.shell.view and self.shell.view.connected:
            button.offer("Enter", "On the HAN: go on to the plan", "go_on")
        elif self.busy:
            words = "Cancel listening" if hubs.display else "Cancel: stay near the hub meanwhile"
            button.offer("C", words, "cancel")
        elif hubs.display and hubs.total:
            button.offer("Enter", "Connect to this hub", "choose")
        elif self.can_go_on:
            button.offer("R", "Connect again", "again")
        else:
            button.offer("S", "Scan for hubs", "scan")

    @property
    def can_go_on(self) -> bool:
        """Say whether the steps stopped half way to a hub, or the connection to it was lost."""
        view = self.shell.view
        return not self.busy and not self.query_one("#hubs").display and bool(view and view.hub)

    def on_numbered_list_chosen(self, event: NumberedList.Chosen) -> None:
        """Connect; ask first when it is not the job's hub."""
        gpf = event.row.key
        view = self.shell.view
        if self.busy or view is None or not isinstance(gpf, EntityId):
            return
        if view.job_hub in (None, gpf):
            self.connect(gpf)
        else:
            self.app.push_screen(wrong_hub_question(gpf, view.job_hub), self._answered(gpf))

    def _answered(self, gpf: EntityId) -> Callable[[str | None], None]:
        """Make what follows the question: connect if the engineer insists."""

        def go_on(answer: str | None) -> None:
            if answer == INSIST:
                self.connect(gpf)

        return go_on

    def scanned(self, text: str) -> None:
        """A hub's label puts the cursor on that hub."""
        hubs = self.query_one(NumberedList)
        gpf = entity_id_in(text)
        if gpf and any(row.key == gpf for row in hubs.rows):
            hubs.highlight(gpf)
            self.notify(f"Hub {gpf} found: Enter connects.")
        else:
            self.notify("That hub is not among those heard. Go nearer and scan again.")

    def action_scan(self) -> None:
        """Listen for hubs, unless the radio is at work already."""
        if not self.busy:
            self._show("hubs")
            self.at_work(self.service.scan)

    def action_again(self) -> None:
        """Connect to the same hub again, from the first step that is not done."""
        if self.shell.view and self.shell.view.hub:
            self.connect(self.shell.view.hub)

    def action_power_cycled(self) -> None:
        """Start the window's clock again: the hub's power has just come on."""
        self.at_work(self.service.restart_window_clock)

    def action_choose(self) -> None:
        """Connect to the hub under the cursor."""
        self.query_one(NumberedList).action_choose()

    def action_go_on(self) -> None:
        """Go on to the plan, once the HHT is on the HAN."""
        if self.is_current and self.shell.view and self.shell.view.connected:
            self.shell.go(Place.PLAN)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """When the work has ended, no step runs any more."""
        if not self.busy:
            self.query_one(StepList).stop()
        super().on_worker_state_changed(event)

    def action_back(self) -> None:
        """Stop, and go back to the jobs."""
        self.action_cancel()
        self.dismiss()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer 'Scan' when the radio is free and 'Cancel' when it is at work."""
        free = not self.busy
        there = bool(self.shell.view and self.shell.view.connected)
        can = {
            "go_on": there,
            "scan": free and not there,
            "power_cycled": free and not there,
            "cancel": self.busy,
            "again": self.can_go_on and not there,
        }
        return can.get(action, True)


def hub_row(hub: HubView, view: VisitView) -> Row:
    """A hub on two lines: its GPF Entity Identifier and a mark, then how it is heard."""
    mine = hub.gpf == view.job_hub
    mark = Content.styled("★ this job", "bold $success") if mine else Content("")
    channel = Content.styled(f"ch {hub.channel}  ", "$text-muted")
    return Row(hub.gpf, Content(str(hub.gpf)), channel + signal_text(hub.rssi, hub.lqi), mark)


def wrong_hub_question(gpf: EntityId, wanted: EntityId) -> ChoiceScreen:
    """Ask before the HHT goes onto somebody else's HAN."""
    return ChoiceScreen(
        "That is not this job's hub",
        f"You chose {gpf}. The job is for {wanted}. Its Local Commands are for that hub's Devices.",
        [
            Answer("", "Go back to the list", "Check the label on the hub."),
            Answer(INSIST, "Connect to it all the same", "The job's Commands cannot be delivered."),
        ],
    )
