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
from hht.training.classroom.curriculum import Lesson, curriculum_of, is_curriculum
from hht.training.exercise.run import FINISHED, points_in, runs_of

if TYPE_CHECKING:
    from screens.context import ExerciseLine, HhtContext
    from screens.ending.orderly import OrderlyApp


class SeatBeginnings(Beginnings):
    """The lessons of the seat alone, each on its terms, and never the live jobs."""

    def __init__(self, settings: Context, order: Order) -> None:
        super().__init__(settings)
        self._order = order
        self._fence = Path(order["folder"])
        self._is_course = is_curriculum(order["exercise"])
        self.lessons = curriculum_of(order["exercise"]).lessons

    def exercises(self) -> "list[ExerciseLine]":
        from screens.context import ExerciseLine

        return [
            ExerciseLine(
                each.source,
                each.scenario.title,
                each.scenario.briefing,
                each.scenario.par_minutes,
                self._points(each),
            )
            for each in self.lessons
        ]

    def _points(self, lesson: Lesson) -> int | None:
        runs = runs_of(self._fence, lesson.scenario.name)
        return next((each for run in runs if (each := points_in(run)) is not None), None)

    def exercise(self, name: str, *, anew: bool = False) -> "HhtContext":
        """Begin a lesson by its source or its scenario's name; the first for any other name."""
        found = (each for each in self.lessons if name in (each.source, each.scenario.name))
        return self.lesson(next(found, self.lessons[0]), anew=anew)

    def earlier(self, name: str, step: str) -> "HhtContext":
        """Begin a lesson anew at an earlier step, on the terms of its newest run."""
        return confined(super().earlier(name, step), self, self._fence)

    def next_lesson(self) -> Lesson:
        """Return the first that no run has finished; the first of all where every one is."""
        return next((each for each in self.lessons if not self._is_done(each)), self.lessons[0])

    def _is_done(self, lesson: Lesson) -> bool:
        runs = runs_of(self._fence, lesson.scenario.name)
        return any((run / FINISHED).exists() for run in runs)

    def lesson(self, lesson: Lesson, *, anew: bool = False) -> "HhtContext":
        """Return the context of a lesson: in a curriculum its own seed, profile and mode hold."""
        order, settings = self._order, self._settings
        seed, profile, number, mode = order["seed"], order["profile"], 0, order["mode"]
        if self._is_course:
            seed, number, mode = lesson.seed_of(order["seat"]), lesson.number, lesson.mode
            profile = lesson.profile or profile
        terms = (seed, None, order["speed"], profile, number, mode)
        begin = partial(start_run, settings, lesson.source, *terms, anew=anew)
        return confined(training_context(settings, lesson.source, begin), self, self._fence)

    def live(self) -> "HhtContext":
        raise HhtError("A seat in a class has no live jobs", remedy="Go on with the exercise.")


def confined(context: "HhtContext", beginnings: SeatBeginnings, fence: Path) -> "HhtContext":
    """Return a context whose files are those of the seat; nothing is uploaded from it."""
    return replace(context, beginnings=beginnings, fence=fence, upload=None, fetch=None)


def open_seat(order: Order) -> None:
    """Open the app on the exercise of the order, in its folder."""
    from hht.serve.hub_keeper import HubKeeper
    from hht.simulator import launcher
    from screens.seat.app import SeatApp

    launcher.spawn = HubKeeper.fork().spawn

    def app() -> SeatApp:
        folder = Path(order["folder"])
        settings = Context.make(folder, None)
        start_log(folder)
        beginnings = SeatBeginnings(settings, order)
        return SeatApp(beginnings.lesson(beginnings.next_lesson()))

    _run(app)


def open_board(order: Order) -> None:
    """Open the class's board."""
    from screens.class_board.screen import BoardApp

    folder = Path(order["folder"])
    start_log(folder)
    _run(lambda: BoardApp(folder))


def _run(make: "Callable[[], OrderlyApp]") -> None:
    try:
        run_app(make)
    except HhtError as error:
        print_error(error)
        sys.exit(error.exit_code)
