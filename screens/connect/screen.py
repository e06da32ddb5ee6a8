"""The connect screen: hear the hubs, pick the job's, and watch the HHT get onto its HAN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.entity_id import EntityId
from hht.events import Event
from hht.journeys import events
from hht.journeys.connect import Step
from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.connect.offered import hub_offer, offered_actions
from screens.connect.text import (
    INSIST,
    hub_rows,
    job_card,
    label_note,
    picked_hub,
    power_words,
    short,
    wrong_hub_form,
)
from screens.shell import Place
from screens.stylesheets import css_beside
from screens.visit.power import ask_power_cycle
from screens.visit.radio_work import Work, WorkKind, work_words
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.step_list import StepList
from screens.widgets.stepper import Progress, Stage
from screens.widgets.timeline import Timeline
from screens.widgets.titled import TitledText

if TYPE_CHECKING:
    from hht.journeys.view import VisitView


class ConnectScreen(HhtScreen):
    """The hubs, heard as soon as it opens: the window is running.

    `again` goes to the last hub at once, or to the hubs whatever was; None decides by whether that
    hub still has this HHT in its log.
    """

    CSS_PATH = css_beside(__file__)
    HELP = "connect"
    STAGE = Stage.FIND
    BINDINGS = [
        Binding("s", "scan", "scan"),
        Binding("c", "stop", "stop"),
        Binding("p", "power", "power"),
        Binding("u", "undo_clock", "undo_clock"),
        Binding("h", "hubs", "hubs"),
        Binding("d", "debrief", "debrief"),
        MORE,
    ]

    def __init__(self, *, again: bool | None = None) -> None:
        super().__init__()
        self._again = again
        self._shows_steps = self._was_moved = False
        self.note = Content("")

    def body(self) -> ComposeResult:
        """Yield the hubs, and in their place the steps; the log where there is room."""
        shell = self.shell
        with Horizontal():
            yield NumberedList(title=text("connect.hubs"), id="hubs")
            yield StepList(shell.context.clock, id="steps")
            with Vertical(classes="side"):
                yield TitledText(title=text("connect.card"), id="card")
                yield Timeline(shell.news.log, title=text("log.title"))
        yield Static(id="notes", classes="note")

    def opened(self) -> None:
        """Go back to the last hub, or listen at once."""
        self._show_steps(False)
        self.shell.happened.subscribe(self, self.follow)
        self.follow_app("view", self.draw)
        self.follow_app("work", self._work_changed)
        self.set_interval(1, self._tick)
        view, again = self.shell.view, self._again
        if view and view.hub and (view.residency_seconds_left if again is None else again):
            self.connect(view.hub)
        else:
            self.action_scan()

    def draw(self, view: VisitView | None) -> None:
        """Show the hubs heard so far, the job's first; the cursor starts there."""
        if view is None:
            return
        hubs = self.query_one(NumberedList)
        hubs.set_rows(hub_rows(view.hubs, view.job_hub))
        if not self._was_moved:
            hubs.highlight(view.job_hub)
        job = text("connect.this_job", hub=short(view.job_hub)) if view.job_hub else ""
        hubs.set_title(text("connect.hubs"), job)
        self.query_one("#card", TitledText).update(job_card(view.job_hub, self.service.premises))
        self._draw_notes()
        self.refresh_offer()

    def _draw_notes(self) -> None:
        """Say what was scanned, and when the hub got its power or how to say it."""
        asked = None if self._shows_steps else self.shell.view
        power = power_words(asked, training=self._is_training) if asked else Content("")
        notes = filter(None, (self.note, power))
        self.query_one("#notes", Static).update(Content("\n").join(notes))

    @property
    def _is_training(self) -> bool:
        return self.shell.context.exercise is not None

    def follow(self, event: Event) -> None:
        """Let the steps follow the journey."""
        if not self.is_whole:
            return
        self.query_one(Timeline).refresh()
        steps = self.query_one(StepList)
        if isinstance(event, events.StepStarted):
            steps.start(Step(event.step), event.silence)
        elif isinstance(event, events.StepDone):
            steps.finish(Step(event.step), event.seconds)
        if not self.shell.work:  # the news came after the end of the work that it is about
            steps.stop()

    def _work_changed(self, work: Work | None) -> None:
        """Mark no step as running any more when the work has ended."""
        if work is None and self.is_whole:
            self.query_one(StepList).stop()
        self._draw_empty(work)

    def _draw_empty(self, work: Work | None) -> None:
        """Say in the empty list what is being done about it."""
        hubs = self.query_one(NumberedList)
        listening = work is not None and work.kind in (WorkKind.SCAN, WorkKind.SURVEY)
        hubs.empty = text("connect.listening" if listening else "connect.none_heard")
        hubs.refresh()

    def _tick(self) -> None:
        """Count the seconds of what is under way."""
        if self.shell.work:
            self.refresh_offer()

    def connect(self, gpf: EntityId, at: tuple[int, int] | None = None) -> None:
        """Go through every step to the tunnel, then on to the plan."""
        view = self.shell.view
        self.query_one(StepList).reset(view.done if view else {})
        self.query_one(StepList).set_title(
            text("connect.steps", hub=str(gpf)),
            Content.styled(text("connect.wrong_hub"), "bold $error")
            if view and view.job_hub not in (None, gpf)
            else "",
        )
        self._show_steps(True)
        self.shell.visit.connect(gpf, then=self._arrived, at=at)

    def _arrived(self) -> None:
        """Let the engineer see that every step is done, then go on to the plan."""
        self.run_worker(self._go_on_soon(), group="arrival")

    async def _go_on_soon(self) -> None:
        context = self.shell.context
        await context.clock.sleep(context.pace.see_seconds)
        self.action_go_on()

    def progress(self, view: VisitView) -> Progress:
        """Return the stage: finding a hub, or connecting to it once its steps are on show."""
        from screens.visit.status import progress_of

        return progress_of(Stage.CONNECT if self._shows_steps else Stage.FIND, view)

    def _show_steps(self, shown: bool) -> None:
        """Show the steps, or the hubs; what is hidden gets no key."""
        self._shows_steps = shown
        self.query_one(StepList).display = shown
        self.query_one(NumberedList).display = not shown
        self._draw_notes()
        self._show_progress(self.shell.view)
        if not shown:
            self.query_one(NumberedList).focus()
        self.refresh_offer()

    def offer(self) -> Offer:
        """Connect, try again or listen; while the radio is at work, say for how long."""
        view, work = self.shell.view, self.work_in_hand
        if work:
            now = self.shell.context.clock.elapsed()
            aside = "" if work.kind is WorkKind.SWITCH_HUB else text("action.stop")
            return Offer(work_words(work, now), aside=aside)
        return self.unless_surveying(self._offer_when_free(view))

    def _offer_when_free(self, view: VisitView | None) -> Offer:
        if view and view.connected:
            return Offer(text("action.to_the_plan"), "go_on")
        if self._shows_steps:
            return Offer(text("action.connect_again"), "again")
        return self._offer_hub(view)

    def _offer_hub(self, view: VisitView | None) -> Offer:
        picked = picked_hub(self.query_one(NumberedList).current) if view else None
        gpf, job_hub = picked[0] if picked else None, view.job_hub if view else None
        return hub_offer(gpf, job_hub, was_moved=self._was_moved)

    def on_numbered_list_highlighted(self, event: NumberedList.Highlighted) -> None:
        """Offer the hub under the cursor."""
        view = self.shell.view
        if view and event.row.key != view.job_hub and self.query_one(NumberedList).cursor:
            self._was_moved = True
        self.refresh_offer()

    def on_numbered_list_picked(self, event: NumberedList.Picked) -> None:
        self._was_moved = True
        self.action_connect_this()

    def action_connect_this(self) -> None:
        """Connect to the hub under the cursor; ask first when it is not the job's."""
        picked, view = picked_hub(self.query_one(NumberedList).current), self.shell.view
        if picked is None or view is None or self.shell.work:
            return
        gpf, at = picked
        if view.job_hub in (None, gpf):
            self.connect(gpf, at)
        else:
            self.shell.ask(
                wrong_hub_form(gpf, view.job_hub), lambda chosen: self._insisted(gpf, at, chosen)
            )

    def _insisted(self, gpf: EntityId, at: tuple[int, int] | None, chosen: str | None) -> None:
        """Connect if the engineer insists; else the cursor goes back to the job's hub."""
        if chosen == INSIST:
            self.connect(gpf, at)
        elif view := self.shell.view:
            self._was_moved = False
            self.query_one(NumberedList).highlight(view.job_hub)

    def scanned(self, label: str) -> None:
        """Say at once whether a scanned hub is the job's."""
        hubs = self.query_one(NumberedList)
        if view := self.shell.view:
            heard = [row.key for row in hubs.rows]
            self.note, gpf = label_note(label, view.job_hub, heard)
            if gpf is not None:
                hubs.highlight(gpf)
        self._draw_notes()

    def action_scan(self) -> None:
        """Listen for hubs, unless the radio is at work already."""
        if not self.shell.work:
            self._was_moved = False
            self._show_steps(False)
            self.shell.visit.scan()

    def action_again(self) -> None:
        """Connect to the same hub again, from the first step that is not done."""
        view = self.shell.view
        if view and view.hub:
            self.connect(view.hub)

    def action_hubs(self) -> None:
        """Go back to the hubs as they were heard."""
        if not self.shell.work:
            self._show_steps(False)

    def action_debrief(self) -> None:
        """See what the exercise is worth so far: its hub may refuse for good, which is its end."""
        self.shell.job.debrief(looking=True)

    def action_power(self) -> None:
        """Switch the hub off and on, or say when it got its power."""
        ask_power_cycle(self.shell, then=lambda: None)

    def action_undo_clock(self) -> None:
        """Take back when the hub was said to have got its power."""
        self.shell.visit.take_window_clock_back()

    def action_stop(self) -> None:
        """Stop what the radio is doing."""
        self.shell.visit.stop()

    def action_go_on(self) -> None:
        """Go on to the plan, once the HHT is on the HAN."""
        if self.is_active and self.shell.view and self.shell.view.connected:
            self.shell.go(Place.WORK)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done while the radio is free, or while it is at work."""
        offered = offered_actions(
            self.shell.view,
            self.shell.work,
            shows_steps=self._shows_steps,
            in_exercise=self._is_training,
        )
        return offered.get(action, super().check_action(action, parameters))
