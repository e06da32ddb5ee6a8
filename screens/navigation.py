"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from hht.errors import HhtError
from screens.shell import Place

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.training.debrief import Debrief
    from screens.lock.locking import Locking


def _connect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen()


def _plan() -> Screen[Any]:
    from screens.commission.screen import CommissionScreen

    return CommissionScreen()


def _queue() -> Screen[Any]:
    from screens.queue.screen import QueueScreen

    return QueueScreen()


def _inspector() -> Screen[Any]:
    from screens.inspector.screen import InspectorScreen

    return InspectorScreen()


SCREENS: Mapping[Place, Callable[[], Screen[Any]]] = {
    Place.CONNECT: _connect,
    Place.PLAN: _plan,
    Place.QUEUE: _queue,
    Place.INSPECTOR: _inspector,
}
"""Every screen that has a name. Each is imported when it is first shown: the start needs none."""

IN_A_JOB = (Place.CONNECT, Place.PLAN)
"""Screens that take each other's place over the home screen, instead of lying on each other."""


class Navigation:
    """Opens screens, each over the one on show."""

    def __init__(self, app: App[Any], locking: Locking) -> None:
        self._app = app
        self._locking = locking

    def go(self, place: Place) -> None:
        """Open a screen by its name."""
        if place in IN_A_JOB:
            self.home()
        self._app.push_screen(SCREENS[place]())

    def home(self) -> None:
        """Close everything over the home screen."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def enter_job(self, view: VisitView) -> None:
        """Show the job's hubs, or its plan where the HHT is on the HAN already or all is done."""
        on_the_plan = view.connected or not view.next_command
        self.go(Place.PLAN if on_the_plan else Place.CONNECT)

    def show_debrief(self, told: Debrief) -> None:
        """Show what an exercise was worth."""
        from screens.debrief.screen import DebriefScreen

        self._app.push_screen(DebriefScreen(told))

    def show_help(self) -> None:
        """Say what the screen on show is for and what its keys do."""
        from screens.help.screen import HelpScreen

        screen = self._app.screen
        if not isinstance(screen, HelpScreen):
            section = str(getattr(screen, "HELP", ""))
            self._app.push_screen(HelpScreen(section, screen.active_bindings))

    def show_failure(self, error: HhtError, retry: Callable[[], object] | None = None) -> None:
        """Say what failed, what it means and what to do; try again if the engineer wants to.

        What failed because the store is locked goes on once the PIN is entered.
        """
        from hht.store import StoreLocked

        if retry and isinstance(error, StoreLocked):
            self._locking.ask_pin(retry)
        else:
            self._put_up(error, retry)

    def _put_up(self, error: HhtError, retry: Callable[[], object] | None) -> None:
        """Put the failure's panel over the screen; over the lock screen only once that is gone."""
        if self._locking.covered:
            self._locking.ask_pin(lambda: self._put_up(error, retry))
            return
        from screens.failure.codes import failure_of
        from screens.failure.screen import FailureScreen

        def answered(again: bool | None) -> None:
            if again and retry:
                retry()

        screen = FailureScreen(failure_of(error), can_retry=retry is not None)
        self._app.push_screen(screen, answered)
