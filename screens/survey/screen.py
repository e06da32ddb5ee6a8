"""A survey of the 2.4 GHz channels: the chart in 53 columns, pass after pass, and the advice."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from hht.errors import HhtError
from hht.survey.chart import WIDTH
from hht.survey.measuring import pass_seconds
from hht.texts import text
from screens.base import HhtScreen
from screens.commission.leaving import LEAVE, survey_form
from screens.forms.remedies import Remedy
from screens.stylesheets import css_beside
from screens.visit.radio_work import WorkKind, work_words
from screens.widgets.action_bar import Offer
from screens.widgets.panel import Panel
from screens.widgets.stepper import Stage

if TYPE_CHECKING:
    from hht.journeys.visit import Visit
    from hht.survey.picture import Picture

GLANCE_SECONDS = 0.5
"""Between two looks at what the dongle has heard: a scan takes two seconds."""


class SurveyScreen(HhtScreen):
    """A survey until it is stopped. On a HAN it is asked for twice: the HHT has to leave it."""

    CSS_PATH = css_beside(__file__)
    HELP = "survey"
    STAGE = Stage.FIND
    AUTO_FOCUS = "#heard"  # the arrows scroll to what is below the chart
    BINDINGS = [
        Binding("c", "stop", "stop_survey"),
        Binding("p", "place", "survey_place"),
        Binding("w", "write", "survey_write"),
        Binding("o", "open_file", "survey_open"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._drawing = self._has_heard = False

    def body(self) -> ComposeResult:
        """Yield the chart, the advice, what a ZigBee radio cannot hear, and the spots.

        Who was heard is below them, or beside them where there is room.
        """
        with Horizontal(id="panels"):
            with VerticalScroll(id="heard"):
                yield Static(text("survey.empty"), id="chart", markup=False)
                yield Static(id="legend", classes="note", markup=False)
                before = text("survey.before", seconds=ceil(pass_seconds()))
                yield Static(before, id="advice", classes="note", markup=False)
                yield Static(id="spots", markup=False)
                yield Static(id="below", markup=False)
            with Panel(id="networks", title=text("survey.networks")):
                yield Static(id="network_rows", markup=False)

    @property
    def _folder(self) -> Path:
        """Where surveys are kept."""
        return self.shell.context.data_dir / "surveys"

    @property
    def listening(self) -> bool:
        """Whether passes are made; the radio may be at other work."""
        work = self.shell.work
        return work is not None and work.kind is WorkKind.SURVEY

    def opened(self) -> None:
        """Draw what is heard as it grows."""
        self.set_interval(GLANCE_SECONDS, self._draw_now)
        self.follow_app("view", lambda _: self.refresh_offer())

    def on_resize(self) -> None:
        """List the networks for the present width."""
        self.call_after_refresh(self._draw_now)

    def offer(self) -> Offer:
        """Listen, leave the HAN for it, or say what the radio is at."""
        work, view = self.shell.work, self.shell.view
        if work is None:
            if view and view.connected:
                return Offer(text("action.survey_off_the_han"), "leave_and_listen")
            return Offer(text("action.survey"), "listen")
        aside = text("action.stop") if self.listening else ""
        return Offer(work_words(work, self.shell.context.clock.elapsed()), aside=aside)

    def action_listen(self) -> None:
        """Make passes over all channels; they go on behind another screen."""
        self.shell.visit.survey()

    def action_leave_and_listen(self) -> None:
        """Ask before the HAN is left for the survey: coming back is not certain."""
        if self.shell.view:
            self.shell.ask(survey_form(self.shell.view), self._answered)

    def _answered(self, answer: str | None) -> None:
        if answer == LEAVE:
            self.shell.visit.survey_off_the_han()

    def action_stop(self) -> None:
        """End the survey; what was heard stays on show."""
        self.shell.visit.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Stop only what runs; name a spot, write what was heard and open while nothing does."""
        can = {
            "stop": self.listening,
            "place": not self.listening,
            "write": self._has_heard and not self.listening,
            "open_file": not self.listening,
        }
        return can.get(action, super().check_action(action, parameters))

    def action_place(self) -> None:
        """Name the spot where the next passes are made."""
        from screens.forms.typed import TypedScreen

        question = text("survey.which_spot")
        self.shell.ask(TypedScreen(question, "", text("survey.spot_example")), self._named)

    def action_write(self) -> None:
        """Keep the survey in a file."""
        if view := self.shell.view:
            self.run_worker(self._ask_where(view.job_id), group="where", exclusive=True)

    async def _ask_where(self, job_id: int) -> None:
        """Propose a file of this visit's own: what is kept in one file is one premises'."""
        from screens.forms.path import PathScreen

        try:
            name = await self.service.queries.visit_name(job_id)
        except HhtError as error:
            self.shell.show_failure(error)
        else:
            proposed = self._folder / f"{name}.json"
            self.shell.ask(PathScreen(text("survey.which_file"), proposed), self._write)

    def action_open_file(self) -> None:
        """Add the spots of a survey file, so that they can be compared; the newest is proposed."""
        from screens.forms.path import PathScreen

        kept = sorted(self._folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
        proposed = kept[-1] if kept else None
        self.shell.ask(PathScreen(text("survey.which_to_open"), proposed), self._open)

    def _named(self, spot: str | None) -> None:
        if spot:
            done = text("survey.standing_at", spot=spot)
            self._note(lambda visit: visit.surveying.stand_at(spot), done)

    def _write(self, path: Path | None) -> None:
        if path:
            done = text("survey.written", path=path)
            self._note(lambda visit: visit.surveying.save(path.absolute()), done)

    def _open(self, path: Path | None) -> None:
        if path:
            done = text("survey.opened", path=path)
            load = path.absolute()
            self._note(lambda visit: visit.surveying.load(load), done, self.action_open_file)

    def _note(
        self,
        step: Callable[[Visit], object],
        done: str,
        ask: Callable[[], object] | None = None,
    ) -> None:
        """Note something on the visit; `ask` asks for another file where that one is unfit."""
        self.run_worker(self._noted(step, done, ask), group="note")

    async def _noted(
        self, step: Callable[[Visit], object], done: str, ask: Callable[[], object] | None
    ) -> None:
        try:
            await self.service.note(step)
        except HhtError as error:
            self.shell.show_failure(error, ask, Remedy.OTHER_FILE)
        else:
            self.notify(done)

    def _draw_now(self) -> None:
        if self.is_current and not self._drawing:  # one that is slow is waited for, not begun again
            self._drawing = True
            self.run_worker(self._draw(), group="draw")

    async def _draw(self) -> None:
        try:
            picture = await self.service.surveyed()
        finally:
            self._drawing = False
        if picture and self.is_whole:
            self._show(picture)

    def _show(self, picture: Picture) -> None:
        if not self._has_heard:
            self._has_heard = True
            self.refresh_bindings()
        panel = self.query_one("#networks", Panel)
        panel.set_title(text("survey.networks"), str(len(picture.networks)))
        beside = picture.network_rows(panel.content_size.width)
        for name, lines in (
            ("#chart", picture.chart),
            ("#legend", (picture.legend,)),
            ("#advice", (picture.advice,)),
            ("#spots", picture.spots),
            ("#below", picture.network_rows(WIDTH)),
            ("#network_rows", beside),
        ):
            self.query_one(name, Static).update("\n".join(lines))
