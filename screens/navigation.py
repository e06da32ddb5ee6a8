"""Opens screens by their names, each over the one on show."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from textual.app import App
from textual.screen import Screen

from screens.base import HhtScreen
from screens.home.screen import HomeScreen
from screens.shell import Place
from screens.widgets.stepper import Stage


def _connect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen()


def _reconnect() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen(again=True)


def _hubs() -> Screen[Any]:
    from screens.connect.screen import ConnectScreen

    return ConnectScreen(again=False)


def _plan() -> Screen[Any]:
    from screens.commission.screen import CommissionScreen

    return CommissionScreen()


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
    Place.HUBS: _hubs,
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
    Place.HUBS,
    Place.PLAN,
    Place.QUESTIONS,
    Place.SUMMARY,
    Place.UNIT,
)
"""Screens that take each other's place over the home screen, instead of lying on each other."""


TO_THE_HUB = (Place.CONNECT, Place.RECONNECT, Place.HUBS)


class Navigation:
    """The ways between screens, each opened over the one on show.

    `behind_lock` does a step now, or once a lock screen is gone.
    """

    def __init__(
        self, app: App[Any], behind_lock: Callable[[Callable[[], object]], object]
    ) -> None:
        self._app = app
        self._behind_lock = behind_lock
        self._left: Place | None = None
        """The page beside the plan from which one went to the hub."""

    def go(self, place: Place) -> None:
        """Open a screen by its name."""
        if place is Place.WORK:
            self._behind_lock(self._back_to_work)
            return
        if place in TO_THE_HUB:
            self._note_left()
        screen = SCREENS[place]()
        if place in IN_A_JOB:
            self.in_the_job(screen)
        else:
            self._app.push_screen(screen)

    def _note_left(self) -> None:
        """Remember the page that is left for the hub; another try from there changes nothing."""
        pages = [each for each in self._app.screen_stack if isinstance(each, HhtScreen)]
        if not any(page.STAGE is Stage.FIND for page in pages):
            self._left = next((page.COMES_BACK for page in pages if page.COMES_BACK), None)

    def _back_to_work(self) -> None:
        """Show the plan, and over it the page that was left for the hub."""
        left, self._left = self._left, None
        self._in_place(_plan())
        if left is not None:
            self._app.push_screen(SCREENS[left]())

    def home(self) -> None:
        """Close everything over the home screen."""
        while len(self._app.screen_stack) > 1:
            self._app.pop_screen()

    def read_jobs(self) -> None:
        """Have the jobs read again where they are on show."""
        if isinstance(self._app.screen, HomeScreen):
            self._app.screen.load()

    def hide_jobs(self) -> None:
        """Leave nothing of any job on show, nor behind what is on show."""
        self.home()
        if isinstance(self._app.screen, HomeScreen):
            self._app.screen.forget()

    def start_over(self) -> None:
        """Show the jobs of another mode."""
        self.home()
        if isinstance(self._app.screen, HomeScreen):
            self._app.screen.start_over()

    def in_the_job(self, screen: Screen[Any]) -> None:
        """Show a screen of the job in place of the one before it."""
        self._behind_lock(lambda: self._in_place(screen))

    def _in_place(self, screen: Screen[Any]) -> None:
        self.home()
        self._app.push_screen(screen)

    def glance(self) -> None:
        """Show the state of things large, over the screen on show."""
        if isinstance(screen := self._app.screen, HhtScreen):
            from screens.glance.screen import GlanceScreen

            self._app.push_screen(GlanceScreen(screen))

    def show_palette(self) -> None:
        """Offer what can be done here; nothing where that is on show already."""
        from screens.help.palette import Palette

        if not any(isinstance(each, Palette) for each in self._app.screen_stack):
            self._app.push_screen(Palette())

    def show_help(self) -> None:
        """Say what the screen on show is for and what its keys do."""
        from screens.help.screen import HelpScreen

        if not any(isinstance(each, HelpScreen) for each in self._app.screen_stack):
            self._app.push_screen(HelpScreen(self._app.screen))
