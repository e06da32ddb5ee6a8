"""The results of a class: points and marks of each exercise, its pages, its certificates."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import DataTable, Static

from hht.errors import HhtError
from hht.files import write_whole
from hht.store.databases import open_store
from hht.texts import text
from hht.training.classroom.certificate import make_certificate
from hht.training.classroom.folder import open_class
from hht.training.classroom.results import Result, results, to_csv, to_html
from hht.training.classroom.rubric import COMPETENCIES
from screens.forms.typed import TypedScreen
from screens.once import DismissedOnce, SizedAsTerminal
from screens.widgets.action_bar import ActionBar, Offer
from screens.widgets.key_line import KeyLine

NAME_CELLS = 12  # as on the board, so that names are where they were
EXERCISE_CELLS = 18  # most scenarios' names; with the other two columns it fits 53
MARK_CELLS = 4  # three digits, or the first letters of what is marked
WIDE = 80  # columns; what a narrower terminal has no room for is in the page that W writes


class ResultsScreen(DismissedOnce, SizedAsTerminal, Screen[None]):
    """A row for each exercise of each seat, of the round that goes on."""

    HELP = "results"
    BINDINGS = [
        Binding("w", "write", "write_results", show=False),
        Binding("c", "certify", "certify"),
        Binding("escape", "back", "back"),
    ]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.found: tuple[Result, ...] = ()
        self.by = ""

    def compose(self) -> ComposeResult:
        """Yield the course, the rows, what is behind the row under the cursor, and keys."""
        yield Static(text("results.reading"), id="class")
        yield DataTable[Any](id="results", cursor_type="row")
        yield Static(id="about")
        yield ActionBar()
        yield KeyLine()

    def on_mount(self) -> None:
        """Judge every seat's runs."""
        self._offer(Offer(text("list.reading")))
        self.run_worker(self._load(), group="results")

    async def _load(self) -> None:
        try:
            title, self.found = await asyncio.to_thread(_read, self.folder)
        except HhtError as error:
            self.query_one("#class", Static).update("")
            self._say(str(error))
            self._offer(Offer(text("list.not_read")))
            return
        passed = sum(each.is_passed for each in self.found)
        words = text("results.passed", passed=passed, all=len(self.found))
        self.query_one("#class", Static).update(Content(f"{title} · {words}"))
        self._offer(Offer(text("results.write"), "write"))
        self._fill()

    def on_resize(self) -> None:
        """Have the columns that the terminal has room for now."""
        if self.found:
            self._fill()

    @property
    def _marks(self) -> tuple[str, ...]:
        """The competencies that there is room for."""
        return tuple(COMPETENCIES) if self.app.size.width >= WIDE else ()

    def _fill(self) -> None:
        table = self.query_one(DataTable)
        chosen = table.cursor_row
        table.clear(columns=True)
        table.add_column(text("board.trainee_column"), width=NAME_CELLS)
        table.add_column(text("board.exercise_column"), width=EXERCISE_CELLS)
        table.add_column(text("board.points_column"), width=MARK_CELLS + 3)
        for name in self._marks:
            table.add_column(text(f"results.{name}"), width=MARK_CELLS)
        for number, each in enumerate(self.found):
            table.add_row(*self._cells(each), key=str(number))
        table.move_cursor(row=chosen)

    def _cells(self, result: Result) -> list[Content]:
        points = "-" if result.points is None else str(result.points)
        trainee = result.seat.trainee or text("board.seat", number=result.seat.number)
        exercise = f"{result.lesson.number} {result.lesson.scenario.name}"
        return [
            Content(trainee).truncate(NAME_CELLS, ellipsis=True),
            Content(exercise).truncate(EXERCISE_CELLS, ellipsis=True),
            Content(f"{'✓' if result.is_passed else '○'} {points}"),
            *(Content(_mark(result, name)) for name in self._marks),
        ]

    @property
    def chosen(self) -> Result | None:
        """The row under the cursor."""
        row = self.query_one(DataTable).cursor_row
        return self.found[row] if 0 <= row < len(self.found) else None

    def on_data_table_row_highlighted(self) -> None:
        """Say what the marks of the row come from."""
        if result := self.chosen:
            wanted = text("results.wanted", mark=result.lesson.pass_mark)
            self._say(f"{wanted} {text('results.tries', count=result.tries)}")

    def on_data_table_row_selected(self) -> None:
        """Do what the action bar offers."""
        self.action_write()

    def action_back(self) -> None:
        """Go back to the board."""
        self.dismiss()

    def action_write(self) -> None:
        """Write a table and a page beside the class."""
        self.run_worker(self._do(_write, self.folder), group="results")

    def action_certify(self) -> None:
        """Certify the trainee of the row, who has passed everything, by the trainer's name."""
        result = self.chosen
        if result is None:
            return
        certify = partial(self._certify, result.seat.number)
        if all(each.is_passed for each in self.found if each.seat == result.seat):
            self.app.push_screen(TypedScreen(text("results.who_certifies"), self.by), certify)
        else:
            certify("")  # which says what is not passed

    def _certify(self, number: int, by: str | None) -> None:
        if by is not None:
            self.by = by
            self.run_worker(self._do(_certify, self.folder, number, by), group="results")

    async def _do(self, work: Any, *given: Any) -> None:
        try:
            written = await asyncio.to_thread(work, *given)
        except (HhtError, OSError) as error:
            self._say(str(error))
        else:
            self._say(text("results.written", path=str(written)))

    def _offer(self, offer: Offer) -> None:
        self.query_one(ActionBar).offer(offer)

    def _say(self, words: str) -> None:
        self.query_one("#about", Static).update(Content(words))


def _mark(result: Result, name: str) -> str:
    marks = result.score.marks(name) if result.score else None
    return "-" if marks is None else str(marks)


def _read(folder: Path) -> tuple[str, tuple[Result, ...]]:
    room = open_class(folder)
    return room.curriculum.title, results(room)


def _write(folder: Path) -> Path:
    """Return the page; the table is beside it, under the same name."""
    room = open_class(folder)
    found, page = results(room), folder / "results.html"
    write_whole(page.with_suffix(".csv"), to_csv(found))
    write_whole(page, to_html(room, found))
    return page


def _certify(folder: Path, number: int, by: str) -> Path:
    """Sign with the key of the data folder that the class is in; HhtError where one is open."""
    room, path = open_class(folder), folder / f"certificate-{number:02}.html"
    with open_store(folder.parent, "training") as store:
        write_whole(path, make_certificate(store, room, room.seat(number), by))
    return path
