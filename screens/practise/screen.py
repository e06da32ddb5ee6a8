"""The exercises: what each teaches, how long it should take, and how it went last time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from hht.errors import HhtError
from hht.texts import text
from screens.base import HhtScreen
from screens.stylesheets import css_beside
from screens.widgets.action_bar import Offer
from screens.widgets.numbered_list import NumberedList
from screens.widgets.row import Row, numbered

if TYPE_CHECKING:
    from screens.context import ExerciseLine


class PractiseScreen(HhtScreen):
    """Enter begins the exercise under the cursor; training data stays apart from live data."""

    CSS_PATH = css_beside(__file__)
    HELP = "practise"
    BINDINGS = [Binding("a", "again", "again")]

    def __init__(self) -> None:
        super().__init__()
        self.exercises: list[ExerciseLine] = []

    def body(self) -> ComposeResult:
        """Yield the exercises, and the briefing of the one under the cursor."""
        with Horizontal(), Vertical():
            yield NumberedList(
                title=text("practise.title"), empty=text("practise.none"), id="exercises"
            )
            yield Static(classes="note", id="briefing")

    def opened(self) -> None:
        """Read the exercises."""
        self.await_rows()
        self.run_worker(self._load(), group="load")
        self.refresh_offer()

    async def _load(self) -> None:
        beginnings = self.shell.context.beginnings
        try:
            found = await asyncio.to_thread(beginnings.exercises) if beginnings else []
        except HhtError as error:
            self.say_not_read(error)
            return
        if not self.is_whole:
            return
        left = _left_in(found)
        self.exercises = found = sorted(found, key=lambda each: each.name != left)
        rows = self.query_one(NumberedList)
        rows.set_rows([exercise_row(n, each) for n, each in enumerate(found, 1)])
        rows.highlight(self._next_name())
        self.refresh_offer()

    def _next_name(self) -> str:
        """Return the one that goes on, else the one after that which is open.

        Where none is open, it is the first without a score.
        """
        if left := _left_in(self.exercises):
            return left
        names = [each.name for each in self.exercises]
        if self.shell.context.exercise and self.shell.context.title in names:
            return names[(names.index(self.shell.context.title) + 1) % len(names)]
        fresh = (each.name for each in self.exercises if each.last_points is None)
        return next(fresh, names[0] if names else "")

    def _current(self) -> ExerciseLine | None:
        row = self.query_one(NumberedList).current
        return next((each for each in self.exercises if row and each.name == row.key), None)

    def offer(self) -> Offer:
        """Begin the exercise under the cursor."""
        exercise = self._current()
        if exercise is None:
            return Offer(self.query_one(NumberedList).awaited or text("practise.none"))
        if self.shell.is_opening:
            return Offer(text("action.beginning", exercise=exercise.title))
        words = "action.go_on_with" if exercise.goes_on else "action.begin"
        return Offer(text(words, exercise=exercise.title), "begin")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to begin again where there is an exercise."""
        if action != "again":
            return super().check_action(action, parameters)
        exercise = self._current() if self.is_whole else None
        return exercise is not None

    def on_numbered_list_highlighted(self) -> None:
        """Show the briefing of the exercise under the cursor."""
        if exercise := self._current():
            self.query_one("#briefing", Static).update(Content(" ".join(exercise.briefing.split())))
        self.refresh_offer()

    def on_numbered_list_picked(self) -> None:
        """Put the cursor there; Enter begins, once the briefing was read."""

    def action_begin(self) -> None:
        """Begin the exercise, or go on with it: back to the one that is open."""
        context, exercise = self.shell.context, self._current()
        if exercise and exercise.goes_on and context.exercise and exercise.name == context.title:
            self.action_back()
        elif exercise:
            self.shell.mode_switch.begin_exercise(exercise.name)

    def action_again(self) -> None:
        """Begin the exercise again."""
        if exercise := self._current():
            self.shell.mode_switch.begin_exercise(exercise.name, again=True)


def _left_in(exercises: list[ExerciseLine]) -> str:
    """Return the exercise that was left in the middle; "" where there is none."""
    return next((each.name for each in exercises if each.goes_on), "")


def exercise_row(number: int, exercise: ExerciseLine) -> Row:
    """Describe an exercise in a line: title, minutes it should take, points last time."""
    points = text("practise.points", points=exercise.last_points)
    last = f" · {points}" if exercise.last_points is not None else ""
    if exercise.goes_on:
        last = f" · {text('practise.goes_on')}"
    right = Content.styled(text("practise.par", minutes=f"{exercise.par_minutes:g}") + last, "")
    return Row(
        exercise.name,
        Content(exercise.title),
        right=right,
        lead=numbered(number, 2),
        unseen=" ".join((exercise.name, *exercise.briefing.split())),
    )
