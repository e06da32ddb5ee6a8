"""Which screen comes next: from the jobs to a job's hub and plan, to the queue, to a failure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.screen import Screen

from screens.shell import Place

if TYPE_CHECKING:
    from hht.journeys.install.install_view import InstallView
    from hht.journeys.view import VisitView
    from hht.training.debrief import Debrief
    from screens.base import HhtScreen


def _connect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen()


def _reconnect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen(again=True)


def _plan() -> Screen[Any]:
    from screens.commission.screen import CommissionScreen

    return CommissionScreen()


def _next_question() -> Screen[Any]:
    from screens.install.screen import InstallScreen

    return InstallScreen()


def _questions() -> Screen[Any]:
    from screens.install.screen import InstallScreen

    return InstallScreen(finishing=True)


def _summary() -> Screen[Any]:
    from screens.summary.screen import SummaryScreen

    return SummaryScreen()


def _pairing() -> Screen[Any]:
    from screens.pairing.screen import PairingScreen

    return PairingScreen()


def _firmware() -> Screen[Any]:
    from screens.firmware.screen import FirmwareScreen

    return FirmwareScreen()


def _coverage() -> Screen[Any]:
    from screens.coverage.screen import CoverageScreen

    return CoverageScreen()


def _devices() -> Screen[Any]:
    from screens.devices.screen import DevicesScreen

    return DevicesScreen()


def _move() -> Screen[Any]:
    from screens.move.screen import MoveScreen

    return MoveScreen()


def _survey() -> Screen[Any]:
    from screens.survey.screen import SurveyScreen

    return SurveyScreen()


def _alerts() -> Screen[Any]:
    from screens.alerts.screen import AlertsScreen

    return AlertsScreen()


def _replay() -> Screen[Any]:
    from screens.replay.screen import ReplayScreen

    return ReplayScreen()


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


def _manual() -> Screen[Any]:
    from screens.manual.screen import ManualScreen

    return ManualScreen()


def _unit() -> Screen[Any]:
    from screens.unit.screen import UnitScreen

    return UnitScreen()


SCREENS: Mapping[Place, Callable[[], Screen[Any]]] = {
    Place.CONNECT: _connect,
    Place.RECONNECT: _reconnect,
    Place.PLAN: _plan,
    Place.QUESTIONS: _questions,
    Place.SUMMARY: _summary,
    Place.UNIT: _unit,
    Place.PAIRING: _pairing,
    Place.FIRMWARE: _firmware,
    Place.COVERAGE: _coverage,
    Place.DEVICES: _devices,
    Place.MOVE: _move,
    Place.SURVEY: _survey,
    Place.ALERTS: _alerts,
    Place.REPLAY: _replay,
    Place.QUEUE: _queue,
    Place.INSPECTOR: _inspector,
    Place.MORE: _more,
    Place.PRACTISE: _practise,
    Place.MANUAL: _manual,
}
"""Every screen that has a name. Each is imported when it is first shown: the start needs none."""

IN_A_JOB = (
    Place.CONNECT,
    Place.RECONNECT,
    Place.PLAN,
    Place.QUESTIONS,
    Place.SUMMARY,
    Place.UNIT,
)
"""Screens that take each other's place over the home screen, instead of lying on each other."""


class Navigation:
    """The ways between screens, each opened over the one on show."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def go(self, place: Place) -> None:
        """Open a screen by its name."""
        screen = SCREENS[place]()
        if place in IN_A_JOB:
            self._in_the_job(screen)
        else:
            self._app.push_screen(screen)

    def home(self) -> None:
        """Close everything over the home screen."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def go_on(self, view: VisitView, is_units: Callable[[bytes], bool] | None = None) -> None:
        """Go on where the job stands: its questions, its hubs, its plan, what is to be reported.

        `is_units` knows the Local Commands that a unit delivers by itself.
        """
        from hht.store.command_states import is_open

        install = view.install
        if view.connected:
            self.go(Place.PLAN)
        elif is_units and any(is_open(row.state) and is_units(row.raw) for row in view.commands):
            self.go(Place.UNIT)
        elif install and install.next_before and not install.is_reported:
            self._in_the_job(_next_question())
        elif view.next_command:
            self.go(Place.CONNECT)
        elif install and not any(is_open(row.state) for row in view.commands):
            self.report(install)
        else:
            self.go(Place.PLAN)

    def report(self, install: InstallView) -> None:
        """Ask what is still open of the visit; with everything asked, show the summary."""
        asks = install.answers.next and not install.is_reported
        self.go(Place.QUESTIONS if asks else Place.SUMMARY)

    def ask_again(self, name: str) -> None:
        """Open a question of the visit again."""
        from screens.install.screen import InstallScreen

        self._in_the_job(InstallScreen(name))

    def _in_the_job(self, screen: Screen[Any]) -> None:
        self.home()
        self._app.push_screen(screen)

    def show_debrief(self, told: Debrief) -> None:
        """Show what an exercise was worth."""
        from screens.debrief.screen import DebriefScreen

        self._app.push_screen(DebriefScreen(told))

    def glance(self, screen: HhtScreen) -> None:
        """Show how things stand large, over a screen."""
        from screens.glance.screen import GlanceScreen

        self._app.push_screen(GlanceScreen(screen))

    def show_help(self) -> None:
        """Say what the screen on show is for and what its keys do."""
        from screens.help.screen import HelpScreen

        if not any(isinstance(each, HelpScreen) for each in self._app.screen_stack):
            self._app.push_screen(HelpScreen(self._app.screen))
