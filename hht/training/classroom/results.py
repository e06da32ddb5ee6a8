"""The results of a class: for each seat and exercise its points, marks and whether it is passed."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from hht.duis.job_json import one_line
from hht.errors import HhtError
from hht.simulator.site.record import load_site
from hht.training.classroom.curriculum import Lesson
from hht.training.classroom.folder import ClassFolder, Seat
from hht.training.classroom.marks import POINTS, NotOpened, RunScore, score_so_far
from hht.training.classroom.rubric import COMPETENCIES
from hht.training.exercise.run_folders import DEBRIEF, FINISHED, runs_of
from hht.training.exercise.terms import CHECK, Terms, read_terms
from hht.training.exercise.trainer_marks import TrainerMark, marks_of


@dataclass(frozen=True, slots=True)
class Result:
    """One exercise of one seat; `score` is None before it was opened, `tries` its runs so far.

    `moments` are those that the trainer marked in the run that is judged.
    """

    seat: Seat
    lesson: Lesson
    score: RunScore | None
    tries: int
    is_finished: bool
    moments: tuple[TrainerMark, ...] = ()

    @property
    def points(self) -> int | None:
        return self.score.marks(POINTS) if self.score else None

    @property
    def is_passed(self) -> bool:
        """Whether it reached the pass mark and ended as it should; the trainer's points decide.

        A check that was played as practice, or on another hub profile than the curriculum's, is
        not passed by its computed points.
        """
        if self.score is None or self.points is None or self.points < self.lesson.pass_mark:
            return False
        overridden = any(each.what == POINTS for each in self.score.overrides)
        as_it_should = self.is_finished and self.score.debrief.as_expected
        return overridden or (as_it_should and self._is_on_its_terms(self.score.terms))

    def _is_on_its_terms(self, terms: Terms) -> bool:
        is_checked = self.lesson.mode != CHECK or terms.mode == CHECK
        return is_checked and self.lesson.profile in ("", terms.profile)


def results(room: ClassFolder, seats: Sequence[Seat] = ()) -> tuple[Result, ...]:
    """Judge the current round: every exercise of these seats, or of all."""
    lessons = room.curriculum.lessons
    return tuple(
        result_of(room, seat, lesson) for seat in seats or room.seats for lesson in lessons
    )


def result_of(room: ClassFolder, seat: Seat, lesson: Lesson) -> Result:
    """Judge a seat's newest run of an exercise in the current round.

    One that is still played counts where none has ended: to practise again takes back no pass.
    """
    runs = [run for run in runs_of(seat.data_dir, lesson.scenario.name) if _fits(room, lesson, run)]
    if not runs:
        return Result(seat, lesson, None, 0, is_finished=False)
    judged = next(filter(_has_ended, runs), runs[0])
    score = _score(seat, judged)
    return Result(seat, lesson, score, len(runs), _has_ended(judged), marks_of(judged))


def _has_ended(run: Path) -> bool:
    return any((run / name).exists() for name in (FINISHED, DEBRIEF))


def _score(seat: Seat, run: Path) -> RunScore | None:
    """Return the score; None for a run that was prepared and not opened."""
    if not (seat.data_dir / "training.db").exists():
        return None
    try:
        return score_so_far(seat.data_dir, run)
    except NotOpened:
        return None


def _fits(room: ClassFolder, lesson: Lesson, run: Path) -> bool:
    """Return whether a run is of this round and this place of the curriculum."""
    try:
        begun = load_site(run).started
    except HhtError:  # a folder that a kill left half made
        return False
    return begun >= room.rounds[-1] and read_terms(run).lesson in (0, lesson.number)


def to_row(result: Result) -> dict[str, Any]:
    """Return a result as one flat object; None where there is nothing to say yet."""
    score, lesson = result.score, result.lesson
    row: dict[str, Any] = {
        "seat": result.seat.number,
        "trainee": result.seat.trainee,
        "exercise": lesson.number,
        "scenario": lesson.scenario.name,
        "title": one_line(lesson.scenario.title),
        "mode": (score.terms.mode if score else "") or lesson.mode,
        "state": _state(result),
        "outcome": score.debrief.outcome if score else None,
        "points": result.points,
        "pass_mark": lesson.pass_mark,
        "passed": result.is_passed,
        "tries": result.tries,
        "minutes": round(score.minutes, 1) if score else None,
        "profile": score.profile if score else None,
        "seed": score.terms.seed if score else None,
    }
    row |= {name: score.marks(name) if score else None for name in COMPETENCIES}
    return row | {
        "overrides": "; ".join(_override_words(score)) if score else "",
        "moments": "; ".join(map(_moment_words, result.moments)),
        "run": score.sha256 if score else None,
    }


def _state(result: Result) -> str:
    if result.score is None:
        return "not begun"
    return "finished" if result.is_finished else "begun"


def _override_words(score: RunScore) -> Iterator[str]:
    for each in score.overrides:
        by = f" ({each.by})" if each.by else ""
        yield f"{each.what} {score.computed(each.what)} -> {each.marks}: {each.reason}{by}"


def _moment_words(mark: TrainerMark) -> str:
    failed = f", after: {one_line(mark.failure)}" if mark.failure else ""
    moment = datetime.fromisoformat(mark.at).astimezone()
    return f"{moment:%H:%M} {one_line(mark.step)}{failed}"


def to_csv(found: Sequence[Result]) -> bytes:
    """Return a table that a spreadsheet opens: UTF-8 with a mark, no cell that is a formula."""
    rows = [to_row(each) for each in found]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["seat"])
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """Put an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


STYLE = """body{font:11pt sans-serif;margin:2em;color:#000;background:#fff}
h1{font-size:15pt}h2{font-size:12pt;margin:1em 0 .3em}
table{border-collapse:collapse;width:100%}
td,th{border-bottom:1px solid #999;padding:.2em .5em .2em 0;vertical-align:top;text-align:left}
tr{page-break-inside:avoid}@page{size:A4}
@media print{body{margin:0}}"""


def to_html(room: ClassFolder, found: Sequence[Result]) -> bytes:
    """Return one page to print, without script or link: a table a seat, and every mark's lines."""
    title = f"{room.curriculum.title}: results, round {len(room.rounds)}"
    parts = [_seat_part(seat, [r for r in found if r.seat == seat]) for seat in room.seats]
    return page(title, "".join(parts))


def page(title: str, body: str, head: str = "") -> bytes:
    """Return a whole page around a body that is HTML already."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">{head}'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}</body></html>\n"
    ).encode()


def _seat_part(seat: Seat, found: Sequence[Result]) -> str:
    if not found:
        return ""
    heading = f"<h2>{seat.number}. {escape(seat.trainee)}</h2>\n"
    return heading + result_table(found) + "".join(map(_reasons, found))


def result_table(found: Sequence[Result]) -> str:
    """Return a table with a row an exercise."""
    titles = (
        "Exercise",
        "Mode",
        "Points",
        "Pass mark",
        "Passed",
        "Outcome",
        "Minutes",
        *COMPETENCIES,
    )
    rows = [_table_row(to_row(each)) for each in found]
    return f"<table>{table_row(titles, 'th')}{''.join(rows)}</table>\n"


def _table_row(row: dict[str, Any]) -> str:
    names = ("title", "mode", "points", "pass_mark", "passed", "outcome", "minutes", *COMPETENCIES)
    return table_row([_word(row[name]) for name in names])


def _word(value: Any) -> str:
    words = {None: "-", True: "yes", False: "no"}
    return words[value] if value is None or isinstance(value, bool) else str(value)


def table_row(cells: Sequence[str], kind: str = "td") -> str:
    return "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>\n"


def _reasons(result: Result) -> str:
    """Return what the marks of an exercise come from, and what the trainer put right."""
    if result.score is None:
        return ""
    lines = [
        f"{'✓' if line.share == 1 else '✗'} {line.text}"
        for competency in result.score.competencies
        for line in competency.lines
    ]
    lines += [f"Put right by the trainer: {words}" for words in _override_words(result.score)]
    lines += [f"Marked by the trainer: {_moment_words(each)}" for each in result.moments]
    items = "".join(f"<li>{escape(line)}</li>\n" for line in lines)
    return f"<p>{escape(result.lesson.scenario.title)}</p><ul>{items}</ul>\n"
