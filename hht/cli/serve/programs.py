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
from hht.training.exercise.run_folders import FINISHED, points_in, runs_of
from hht.training.exercise.starting import way_back
from hht.training.exercise.terms import read_terms

if TYPE_CHECKING:
    from hht.training.exercise.run import TrainingRun
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
                self._name(each),
                each.scenario.title,
                each.scenario.briefing,
                each.scenario.par_minutes,
                self._points(each),
            )
            for each in self.lessons
        ]

    def _points(self, lesson: Lesson) -> int | None:
        judged = (points_in(run) for run in self._runs(lesson))
        return next((each for each in judged if each is not None), None)

    def _runs(self, lesson: Lesson) -> list[Path]:
        """Return the lesson's own runs, the newest first: a course may repeat its scenario."""
        runs = runs_of(self._fence, lesson.scenario.name)
        return [run for run in runs if not self._is_course or _lesson_of(run) in (0, lesson.number)]

    def _name(self, lesson: Lesson) -> str:
        """Return the lesson's source; with its number where a lesson before it has the same."""
        first = next(each for each in self.lessons if each.source == lesson.source)
        return lesson.source if lesson is first else f"{lesson.source} ({lesson.number})"

    def exercise(self, name: str, *, again: bool = False) -> "HhtContext":
        """Begin a lesson by its source or its scenario's name; the first for any other name."""
        return self.lesson(self._named(name), again=again)

    def _named(self, name: str) -> Lesson:
        found = (each for each in self.lessons if name in (self._name(each), each.scenario.name))
        return next(found, self.lessons[0])

    def earlier(self, name: str, step: str) -> "HhtContext":
        """Begin a lesson again at an earlier step, on the terms of its newest run."""
        lesson = self._named(name)
        begin = way_back(self._fence, lesson.source, step)
        return self._on_lesson(lesson, begin)

    def next_lesson(self) -> Lesson:
        """Return the first that no run has finished; the first of all where every one is."""
        return next((each for each in self.lessons if not self._is_done(each)), self.lessons[0])

    def _is_done(self, lesson: Lesson) -> bool:
        return any((run / FINISHED).exists() for run in self._runs(lesson))

    def lesson(self, lesson: Lesson, *, again: bool = False) -> "HhtContext":
        """Return the context of a lesson: in a curriculum its own seed, profile and mode hold."""
        order, settings = self._order, self._settings
        seed, profile, number, mode = order["seed"], order["profile"], 0, order["mode"]
        if self._is_course:
            seed, number, mode = lesson.seed_of(order["seat"]), lesson.number, lesson.mode
            profile = lesson.profile or profile
        terms = (seed, None, order["speed"], profile, number, mode)
        begin = partial(start_run, settings, lesson.source, *terms, again=again)
        return self._on_lesson(lesson, begin)

    def _on_lesson(self, lesson: Lesson, begin: "Callable[[], TrainingRun]") -> "HhtContext":
        context = training_context(self._settings, self._name(lesson), begin)
        return confined(context, self, self._fence)

    def live(self) -> "HhtContext":
        raise HhtError("A seat in a class has no live jobs", remedy="Go on with the exercise.")


def _lesson_of(run: Path) -> int:
    return read_terms(run).lesson


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
