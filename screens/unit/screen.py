"""The unit's screen: its display, what it waits for, and Enter to do that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Static

from hht.texts import text
from screens.base import MORE, HhtScreen
from screens.unit.pane import LOOKS, UnitLines, UnitPane
from screens.visit.radio_work import Work, work_words
from screens.widgets.action_bar import Offer
from screens.widgets.stepper import Stage
from screens.widgets.timeline import Timeline, TimelineEntry

if TYPE_CHECKING:
    from hht.facility.unit.display import Display

LOOK_SECONDS = 0.25
"""Between two looks at the display: a change is seen at once."""
NOTICE_SECONDS = 30.0
"""A unit tries a closed hub again every twelve seconds or so: it needs no second power cycle."""


class UnitScreen(HhtScreen):
    """Nothing is delivered here: the unit does that. Its captures are collected at the end."""

    HELP = "unit"
    STAGE = Stage.FIND
    AUTO_FOCUS = ""
    BINDINGS = [Binding("p", "power", "power"), MORE]

    def __init__(self) -> None:
        super().__init__()
        self._display: Display | None = None
        self._switched_at: float | None = None
        self._has_place = False
        """Whether the unit, which is in, has the hub's only place for an HHT still."""

    def body(self) -> ComposeResult:
        """Yield the display, what to do about it, and what has happened."""
        with Vertical():
            yield UnitPane()
            yield Static(id="notes", classes="note")
            yield Timeline(self.shell.news.log, title=text("log.title"))

    def opened(self) -> None:
        """Follow the display."""
        self.follow_app("work", self._work_changed)
        self.run_worker(self._look(), group="clock")

    async def _look(self) -> None:
        """Show the display as it is, for as long as this screen is there."""
        while self.is_whole:
            await self._show()
            await self.shell.context.clock.sleep(LOOK_SECONDS)

    async def _show(self) -> None:
        shown = await self.service.exercise.unit_display()
        if not self.is_whole or shown is None:
            return
        if self._display is None or self._display.line != shown.line:
            self._keep_line(shown)
        self._display = shown
        self.query_one(UnitPane).shown = UnitLines(
            shown.stage.value, shown.line, shown.reason, shown.done, shown.total, shown.captures
        )
        words = (shown.remedy, text(f"unit.{self._note(shown)}"))
        self.query_one("#notes", Static).update(" ".join(filter(None, words)))
        self.refresh_offer()

    def _keep_line(self, shown: Display) -> None:
        """Add what the display says to the log, where it does not end with that."""
        log = self.shell.news.log
        if log and log[-1].words == shown.line:  # this screen was left, and is open again
            return
        sign, style = LOOKS[shown.stage.value]
        at = self.shell.context.clock.now().astimezone()
        log.append(TimelineEntry(at, sign, shown.line, style))
        self.query_one(Timeline).refresh()

    def _note(self, shown: Display) -> str:
        """Return the name of what is to be said about the display: what is left to do, if any."""
        if self._has_place:
            return "place"
        stage = shown.stage.value
        is_empty = stage in ("in", "stopped") and not shown.captures
        return f"{stage}_collected" if is_empty else stage

    def _work_changed(self, work: Work | None) -> None:
        self.query_one(Timeline).refresh()
        self.refresh_offer()

    def offer(self) -> Offer:
        """Switch the hub where the display asks for it, collect at the end, else wait."""
        shown, work = self._display, self.shell.work
        if work:
            now = self.shell.context.clock.elapsed()
            return Offer(work_words(work, now))
        if self._has_place:
            return Offer(text("unit.switch"), "make_room")
        if shown is not None and shown.stage.value == "power-cycle" and self._may_switch():
            return Offer(text("unit.switch"), "power")
        if shown is None or not shown.is_over:
            return Offer(text("unit.wait"))
        if shown.captures:
            return Offer(text("unit.collect", count=shown.captures), "collect")
        return Offer(text("action.see_debrief"), "debrief")

    def _may_switch(self) -> bool:
        """Return whether the unit had time to find out since the hub was switched last."""
        now = self.shell.context.clock.elapsed()
        return self._switched_at is None or now - self._switched_at > NOTICE_SECONDS

    def action_power(self) -> None:
        """Switch the simulated hub off and on."""
        if not self.shell.work:
            self.shell.visit.switch_hub(then=self._switched)

    def _switched(self) -> None:
        self._switched_at = self.shell.context.clock.elapsed()
        self.refresh_offer()

    def action_make_room(self) -> None:
        """Switch the hub off and on, so that it forgets the unit's HHT half; then go on."""
        if not self.shell.work:
            self.shell.visit.switch_hub(then=self.shell.job.go_on)

    def action_collect(self) -> None:
        """Collect what the unit has captured, then go on with the job."""
        if not self.shell.work:
            self.shell.visit.collect(then=self._collected)

    def _collected(self) -> None:
        self.run_worker(self._go_on(), group="collected")

    async def _go_on(self) -> None:
        """Go on with what the unit has not delivered; with nothing left the exercise is over."""
        from hht.journeys.plan.plan import Plan

        view = self.shell.view
        if view is None or self._display is None or self._display.stage.value != "in":
            return
        now = await self.service.visit(view.job_id)
        self._has_place = bool(Plan(now.commands).still_open)
        if self._has_place:
            self.refresh_offer()
        else:
            self.shell.job.finish()

    def action_debrief(self) -> None:
        """End the exercise where there is nothing to collect."""
        self.shell.job.debrief()
