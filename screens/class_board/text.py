"""What the class's board says of a seat, in columns and in a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textual.content import Content

from hht.serve.board import BoardRow
from hht.texts import text
from screens.class_board.levers import LEVERS, is_pulled, lever_words
from screens.widgets.stepper import Stage

WIDTHS = {"trainee": 12, "exercise": 18, "step": 13, "minutes": 3, "here": 4, "points": 3}
FAILURE = "failure"
NARROW = ("trainee", "step", "minutes", "here", "points")
"""What has room in 53 cells; the last failure then is below the table alone."""
WIDE = (*NARROW[:1], "exercise", *NARROW[1:], FAILURE)
SIGN_WIDTH = 4  # a sign, and a number of two digits
GAP = 2
"""Cells that a table puts around each column's own."""


def columns_for(width: int) -> dict[str, int]:
    """Return the columns that a table of this width has, each with its own width."""
    if width < 80:
        return {name: WIDTHS[name] for name in NARROW}
    used = SIGN_WIDTH + GAP + sum(each + GAP for each in WIDTHS.values()) + GAP
    return {name: WIDTHS.get(name, width - used) for name in WIDE}


def cells(row: BoardRow, columns: Mapping[str, int]) -> list[Content]:
    """Return a seat's cells: sign and number first, then these columns, each within its width."""
    return [
        _sign(row),
        *(_CELLS[name](row).truncate(width, ellipsis=True) for name, width in columns.items()),
    ]


def trainee(row: BoardRow) -> str:
    """Return the trainee's name, or the seat's."""
    return row.place.trainee or text("board.seat", number=row.place.number)


def step(row: BoardRow) -> str:
    """Return the step, and how many of the Local Commands are delivered."""
    report = row.report
    if report is None:
        return text("board.not_begun")
    words = text(f"stepper.{report.stage}") if report.stage in set(Stage) else text("board.over")
    counted = report.stage == Stage.DELIVER and report.commands
    return f"{words} {report.delivered}/{report.commands}" if counted else words


def _sign(row: BoardRow) -> Content:
    number = f"{row.place.number:>2}"
    if row.is_paused:
        return Content.styled(f"‖ {number}", "bold $accent")
    if row.is_stuck:
        return Content.styled(f"! {number}", "bold $warning")
    if row.report and row.report.is_over:
        return Content.styled(f"✓ {number}", "$success")
    return Content(f"{'●' if row.place.is_present else '○'} {number}")


def _minutes(row: BoardRow) -> Content:
    return Content(str(round(row.minutes)) if row.report else "")


def _here(row: BoardRow) -> Content:
    """Return the minutes on the step that the trainee is at."""
    if row.report is None or row.report.is_over:
        return Content("")
    return Content.styled(str(round(row.on_step)), "bold $warning" if row.is_stuck else "")


def _exercise(row: BoardRow) -> str:
    """Return the exercise's name; that of a file of the trainer's own has a folder before it."""
    return Path(row.report.exercise).name.removesuffix(".toml") if row.report else ""


def _points(row: BoardRow) -> str:
    known = row.report is not None and row.report.points is not None
    return str(row.report.points) if row.report and known else ""


_CELLS: Mapping[str, Callable[[BoardRow], Content]] = {
    "trainee": lambda row: Content(trainee(row)),
    "exercise": lambda row: Content(_exercise(row)),
    "step": lambda row: Content(step(row)),
    "minutes": _minutes,
    "here": _here,
    "points": lambda row: Content(_points(row)),
    "failure": lambda row: Content(row.report.failure if row.report else ""),
}


def heading(rows: list[BoardRow], about: Mapping[str, Any]) -> Content:
    """Return the class in a line: how many are there, stuck, and done."""
    begun = [row for row in rows if row.report]
    paused = sum(row.is_paused for row in rows)
    return Content.assemble(
        (text("board.title"), "bold $primary"),
        "  ",
        text("board.present", count=sum(row.place.is_present for row in rows), all=len(rows)),
        "  ",
        (text("board.stuck", count=sum(row.is_stuck for row in rows)), "bold $warning"),
        "  ",
        text("board.done", count=sum(bool(row.report and row.report.is_over) for row in begun)),
        *(("  ", (text("board.paused_seats", count=paused), "bold $accent")) if paused else ()),
        f"  {about.get('mode') or ''}",
    )


def lever_lines(status: Mapping[str, Any]) -> Content:
    """Return the levers with their keys; what is in force is marked."""
    lines = [
        Content.assemble(
            (f" {number} ", "bold $accent"),
            lever_words(lever, status),
            (text("lever.in_force") if is_pulled(lever, status) else "", "bold $warning"),
        )
        for number, lever in enumerate(LEVERS, 1)
    ]
    return Content("\n").join(lines)
