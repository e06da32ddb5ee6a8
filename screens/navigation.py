"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from screens.shell import Place

if TYPE_CHECKING:
    from hht.journeys.view import VisitView
    from hht.training.debrief import Debrief


def _connect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen()


def _reconnect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen(again=True)


def _plan() -> Screen[Any]:
    from screens.commission.screen import CommissionScreen

    return CommissionScreen()


def _queue() -> Screen[Any]:
    from screens.queue.screen import QueueScreen

    return QueueScreen()


def _inspector() -> Screen[Any]:
    from screens.inspector.screen import InspectorScreen

    return InspectorScreen()


def _more() -> Screen[Any]:
    from screens.more.screen import MoreScreen

    return MoreScreen()


def _practise() -> Screen[Any]:
    from screens.practise.screen import PractiseScreen

    return PractiseScreen()


SCREENS: Mapping[Place, Callable[[], Screen[Any]]] = {
    Place.CONNECT: _connect,
    Place.RECONNECT: _reconnect,
    Place.PLAN: _plan,
    Place.QUEUE: _queue,
    Place.INSPECTOR: _inspector,
    Place.MORE: _more,
    Place.PRACTISE: _practise,
}
"""Every screen that has a name. Each is imported when it is first shown: the start needs none."""

IN_A_JOB = (Place.CONNECT, Place.RECONNECT, Place.PLAN)
"""Screens that take each other's place over the home screen, instead of lying on each other."""


class Navigation:
    """Opens screens, each over the one on show."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

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
