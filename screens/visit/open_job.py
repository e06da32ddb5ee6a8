"""The job that is open: opened, continued from its state, and finished."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from hht.errors import HhtError
from screens.shell import Place
from screens.visit.radio_work import CAN_BE_CANCELLED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.screen import Screen

    from hht.journeys.install.install_view import InstallView
    from hht.journeys.view import VisitView
    from hht.training.debrief import Debrief
    from hht.training.exercise.other_runs import OtherExercise
    from screens.context import HhtContext
    from screens.navigation import Navigation
    from screens.practise.mode_switch import ModeSwitch
    from screens.service.visit_service import VisitService
    from screens.visit.actions import VisitActions
    from screens.visit.radio_work import Work


class Surroundings(Protocol):
    """The app, as far as this needs it."""

    context: HhtContext
    service: VisitService
    view: VisitView | None
    work: Work | None
    visit: VisitActions
    is_opening: bool
    mode_switch: ModeSwitch

    def run_worker(self, work: Any, *, group: str) -> Any:
        """Run a coroutine beside the screens."""

    def push_screen(self, screen: Screen[Any], callback: Any = None) -> Any:
        """Put a screen on show; `callback` has what a form gives back."""

    def notify(self, message: str, *, severity: str = "information") -> None:
        """Say something in the line of notices; bad news stays until a key is pressed."""

    def show_failure(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Say what failed."""


class OpenJob:
    """Leads from screen to screen of one job; which screen is next is decided by its visit."""

    def __init__(self, app: Surroundings, navigation: Navigation) -> None:
        self._app = app
        self._navigation = navigation

    def open(self, job_id: int, *, let_go: bool = False) -> None:
        """Open a job: its hub first, or its plan if the HHT is on the HAN already.

        With `let_go` also where the HHT is on the HAN of another job.
        """
        if not self._app.is_opening:
            self._app.is_opening = True
            self._app.run_worker(self._open(job_id, let_go=let_go), group="job")

    async def _open(self, job_id: int, *, let_go: bool) -> None:
        try:
            other = await self._app.service.exercise.of_another(job_id)
            if other:
                self._ask_about(other, job_id)
            elif let_go or self._is_free_for(job_id):
                self._app.view = await self._app.service.visit(job_id)
                self.go_on()
        except HhtError as error:
            self._app.show_failure(error, retry=lambda: self.open(job_id))
        finally:
            self._app.is_opening = False

    def _is_free_for(self, job_id: int) -> bool:
        """Return whether the radio is, else say so: opening another job closes the open one's."""
        view, work = self._app.view, self._app.work
        if view is None or view.job_id == job_id:
            return True
        from screens.visit.other_job import busy_words, other_job_form

        if work and work.kind not in CAN_BE_CANCELLED:
            self._app.notify(busy_words(view), severity="warning")
            return False
        if view.connected:
            self._app.push_screen(other_job_form(view), partial(self._let_go, job_id))
            return False
        self._app.visit.stop()
        return True

    def _let_go(self, job_id: int, chosen: str | None) -> None:
        """Open the other job after all; or go back to the plan of the one that is open."""
        from screens.visit.other_job import BACK, LET_GO

        if chosen == LET_GO:
            self.open(job_id, let_go=True)
        elif chosen == BACK:
            self._navigation.go(Place.PLAN)

    def _ask_about(self, other: OtherExercise, job_id: int) -> None:
        """Offer what can be done with a job of another exercise, whose hub does not run."""
        from screens.practise.other import OtherChoice, other_form
        from screens.replay.screen import ReplayScreen

        def chosen(choice: str | None) -> None:
            if choice == OtherChoice.DEBRIEF:
                judged = self._app.service.exercise.debrief_of_another(job_id)
                self._app.run_worker(self._debrief(judged), group="debrief")
            elif choice == OtherChoice.REPLAY:
                self._app.push_screen(ReplayScreen(job_id))
            elif choice in (OtherChoice.GO_ON, OtherChoice.AGAIN):
                again = choice == OtherChoice.AGAIN
                self._app.mode_switch.begin_exercise(other.name, again=again)

        self._app.push_screen(other_form(other, is_fenced=bool(self._app.context.fence)), chosen)

    def go_on(self) -> None:
        """Go on where the job was left: its questions, hubs, plan, what is to be reported."""
        from hht.journeys.plan.plan import Plan
        from hht.store.command_states import is_open
        from screens.install.screen import InstallScreen

        view, exercise = self._app.view, self._app.context.exercise
        if view is None:
            return
        install, still_open = view.install, [row for row in view.commands if is_open(row.state)]
        if view.connected:
            self._navigation.go(Place.PLAN)
        elif exercise and any(exercise.is_units(row.raw) for row in Plan(view.commands).still_open):
            self._navigation.go(Place.UNIT)
        elif install and install.next_before and not install.is_reported:
            self._navigation.in_the_job(InstallScreen())
        elif view.next_command:
            self._navigation.go(Place.CONNECT)
        elif install and not still_open:
            self._report(install)
        else:
            self._navigation.go(Place.PLAN)

    def _report(self, install: InstallView) -> None:
        """Ask what is still open of the visit; with everything asked, show the summary."""
        asks = install.answers.next and not install.is_reported
        self._navigation.go(Place.QUESTIONS if asks else Place.SUMMARY)

    def ask_again(self, name: str) -> None:
        """Open a question of the visit again, over the list of its answers."""
        from screens.install.screen import InstallScreen

        self._app.push_screen(InstallScreen(name))

    def finish(self) -> None:
        """Show what is to do after the HAN: what is to be reported, else an exercise's debrief."""
        install = self._app.view.install if self._app.view else None
        if install and not install.is_reported:
            self._report(install)
        else:
            self.debrief()

    def debrief(self, *, looking: bool = False) -> None:
        """Show after an exercise what it was worth; after live work there is nothing to show.

        With `looking` an exercise with work left is not ended by it.
        """
        judged = self._app.service.exercise.debrief(looking=looking)
        self._app.run_worker(self._debrief(judged), group="debrief")

    async def _debrief(self, judging: Awaitable[Debrief | None]) -> None:
        from screens.debrief.screen import DebriefScreen

        try:
            judged = await judging
        except HhtError as error:
            self._app.show_failure(error)
        else:
            if judged:
                self._app.push_screen(DebriefScreen(judged))
