"""What runs in a browser: the app on an exercise, confined to its seat, and the trainer's board."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hht.cli.app import Beginnings, training_context
from hht.cli.diagnostics import print_error
from hht.cli.settings import Context
from hht.cli.start import run_app, start_run
from hht.errors import HhtError
from hht.logs import start_log
from hht.serve.nursery import Order

if TYPE_CHECKING:
    from screens.context import ExerciseLine, HhtContext
    from screens.ending.orderly import OrderlyApp


class SeatBeginnings(Beginnings):
    """The lesson's exercises alone, and never the live jobs."""

    def __init__(self, settings: Context, lesson: tuple[str, ...], fence: Path) -> None:
        super().__init__(settings)
        self._lesson = lesson
        self._fence = fence

    def exercises(self) -> "list[ExerciseLine]":
        return [each for each in super().exercises() if each.name in self._lesson]

    def exercise(self, name: str, *, anew: bool = False) -> "HhtContext":
        return confined(super().exercise(name, anew=anew), self, self._fence)

    def live(self) -> "HhtContext":
        raise HhtError("A seat in a class has no live jobs", remedy="Go on with the exercise.")


def confined(context: "HhtContext", beginnings: SeatBeginnings, fence: Path) -> "HhtContext":
    """A context whose files are those of the seat; nothing is uploaded from it."""
    return replace(context, beginnings=beginnings, fence=fence, upload=None, fetch=None)


def open_seat(order: Order) -> None:
    """Open the app on the exercise of the order, in its folder."""
    from hht.serve.hub_keeper import HubKeeper
    from hht.simulator import launcher
    from screens.seat.app import SeatApp

    launcher.spawn = HubKeeper.fork().spawn

    def app() -> SeatApp:
        folder, exercise = Path(order["folder"]), str(order["exercise"])
        settings = Context.make(folder, None)
        start_log(folder)
        begin = partial(
            start_run, settings, exercise, order["seed"], None, order["speed"], order["profile"]
        )
        beginnings = SeatBeginnings(settings, (exercise,), folder)
        return SeatApp(confined(training_context(settings, exercise, begin), beginnings, folder))

    _run(app)


def open_board(order: Order) -> None:
    """Open the class's board."""
    from screens.class_board.screen import BoardApp

    folder = Path(order["folder"])
    start_log(folder)
    _run(lambda: BoardApp(folder))


def _run(make: "Callable[[], OrderlyApp]") -> None:
    try:
        run_app(make())
    except HhtError as error:
        print_error(error)
        sys.exit(error.exit_code)
