"""`hht class`: a curriculum for a class, its seats, results and rounds."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import one_of
from hht.cli.context import JsonOption, print_result, print_row, print_rows
from hht.cli.named_path import named_path
from hht.errors import HhtError
from hht.spans import counted

if TYPE_CHECKING:
    from hht.training.classroom.folder import ClassFolder, Seat

app = typer.Typer(no_args_is_help=True, help="A class: curriculum, seats, results, rounds.")
FolderArgument = Annotated[
    Path, typer.Argument(parser=named_path, metavar="FOLDER", help="The class's folder.")
]


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A curriculum's file.")] = None,
    example: Annotated[bool, typer.Option("--example", help="Print one to begin from.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check a curriculum, and list its exercises."""
    from hht.duis.job_json import one_line
    from hht.training.classroom.curriculum import example as example_text
    from hht.training.classroom.curriculum import load_curriculum

    if example:
        print(example_text(), end="")
        return
    if file is None:
        raise typer.BadParameter("a curriculum's file is missing; --example prints one")
    curriculum = load_curriculum(file)
    if not as_json:
        print(curriculum.title)
    for lesson in curriculum.lessons:
        row = {
            "exercise": lesson.number,
            "scenario": lesson.scenario.name,
            "title": one_line(lesson.scenario.title),
            "pass_mark": lesson.pass_mark,
            "mode": lesson.mode,
            "profile": lesson.profile or lesson.scenario.site.profile,
        }
        line = (
            "{exercise:>3}  {title}: {scenario}, {mode}, pass mark {pass_mark}, profile {profile}"
        )
        print_row(row, line, as_json)


@app.command()
def new(
    folder: FolderArgument,
    curriculum: Annotated[Path, typer.Option(help="Its curriculum's file.")],
    trainee: Annotated[list[str] | None, typer.Option(help="A name; once for each.")] = None,
) -> None:
    """Make a class. Or give the one that is there, as of 'hht serve', a curriculum."""
    from hht.training.classroom.folder import make_class

    room = make_class(folder, curriculum, trainee or [])
    print(f"{folder}: {counted(len(room.seats), 'seat')}, {room.curriculum.title}")


@app.command("list")
def list_seats(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """List each seat's data folder, and how its exercises are started."""
    from hht.training.classroom.folder import open_class

    room = open_class(folder)
    for seat in room.seats:
        for lesson in room.curriculum.lessons:
            row = {
                "seat": seat.number,
                "trainee": seat.trainee,
                "data_dir": str(seat.data_dir),
                "exercise": lesson.number,
                "scenario": lesson.source,
                "mode": lesson.mode,
                "seed": lesson.seed_of(seat.number),
                "profile": lesson.profile,
            }
            print_result(row, _start_line(row), as_json)


def _start_line(row: dict[str, object]) -> str:
    import shlex

    profile = f" --profile {row['profile']}" if row["profile"] else ""
    words = f"hht --data-dir {shlex.quote(str(row['data_dir']))} train"
    return (
        f"{row['seat']:>2} {row['trainee']}, exercise {row['exercise']}: {words} "
        f"{shlex.quote(str(row['scenario']))} --seed {row['seed']}{profile} "
        f"--lesson {row['exercise']} --mode {row['mode']}"
    )


@app.command()
def results(
    folder: FolderArgument,
    csv: Annotated[
        Path | None,
        typer.Option(help="Write a table for a spreadsheet; replaces nothing but its own."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page to print; replaces nothing but its own.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show points and marks of the current round. It may still be played."""
    from hht.files import write_own
    from hht.training.classroom.folder import open_class
    from hht.training.classroom.results import results, to_csv, to_html, to_row

    room = open_class(folder)
    found = results(room)
    if csv:
        write_own(csv, to_csv(found), b"seat")
    if html:
        write_own(html, to_html(room, found), b": results, round ")
    print_rows(map(to_row, found), _result_cells, as_json, right=(0, 4))


def _result_cells(row: Mapping[str, object]) -> tuple[object, ...]:
    points = "-" if row["points"] is None else row["points"]
    passed = "passed" if row["passed"] else "not passed"
    of = f"{points} of {row['pass_mark']}"
    return row["seat"], row["trainee"], row["scenario"], row["state"], of, passed


@app.command()
def override(
    folder: FolderArgument,
    seat: Annotated[int, typer.Argument(help="The seat's number.")],
    exercise: Annotated[int, typer.Argument(help="The exercise's number in the curriculum.")],
    what: Annotated[
        str,
        typer.Argument(
            autocompletion=one_of(lambda: _marked()), help="points, or a competency of the results."
        ),
    ],
    marks: Annotated[int, typer.Argument(help="0 to 100.")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence; it is on the certificate.")],
    by: Annotated[str, typer.Option(help="The trainer's name.")] = "",
) -> None:
    """Give another mark than the computed one. It needs a reason; both are kept."""
    from hht.training.classroom.folder import open_class
    from hht.training.classroom.marks import override
    from hht.training.classroom.results import result_of

    room = open_class(folder)
    lessons = room.curriculum.lessons
    if not 1 <= exercise <= len(lessons):
        raise HhtError(
            f"There is no exercise {exercise}", where=str(folder), remedy="See 'hht class list'."
        )
    result = result_of(room, room.seat(seat), lessons[exercise - 1])
    if result.score is None:
        raise HhtError(
            f"{result.seat.trainee} has not begun exercise {exercise}", where=str(folder)
        )
    computed = result.score.computed(what) if what in _marked() else None
    given = override(result.score.run_dir, what, marks, reason, by)
    print(f"{result.seat.trainee}, exercise {exercise}, {what}: {computed} -> {given.marks}")


def _marked() -> tuple[str, ...]:
    from hht.training.classroom.marks import MARKED

    return MARKED


@app.command("round")
def new_round(folder: FolderArgument) -> None:
    """Begin another round with the same seats; what was played stays."""
    from hht.training.classroom.folder import open_class

    room = open_class(folder).new_round()
    print(f"{folder}: round {len(room.rounds)}. Every exercise begins again at its next start.")


SeatOption = Annotated[int, typer.Option("--seat", min=0, help="Only this seat; else all.")]


@app.command()
def pause(folder: FolderArgument, seat: SeatOption = 0) -> None:
    """Pause the exercise of one seat or of all: no clock goes on. A check is never paused."""
    from hht.cli.diagnostics import print_error
    from hht.training.classroom.pausing import pause_seat

    refused = False
    for each in _seats(folder, seat):
        try:
            done = pause_seat(each)
        except HhtError as error:
            print_error(error)
            refused = True
        else:
            print(f"{each.number:>2} {each.trainee}: {'paused' if done else 'nothing to pause'}")
    if refused:
        raise typer.Exit(1)


@app.command()
def resume(folder: FolderArgument, seat: SeatOption = 0) -> None:
    """Let the exercise of one seat or of all go on where it was."""
    from hht.training.classroom.pausing import resume_seat

    for each in _seats(folder, seat):
        done = resume_seat(each)
        print(f"{each.number:>2} {each.trainee}: {'goes on' if done else 'was not paused'}")


def _seats(folder: Path, number: int) -> "tuple[Seat, ...]":
    from hht.training.classroom.folder import find_seat, open_seats

    seats = open_seats(folder)
    return seats if not number else (find_seat(folder, seats, number),)


def class_and_seat(folder: Path, number: int) -> "tuple[ClassFolder, Seat]":
    """Open a class and find one of its seats."""
    from hht.training.classroom.folder import open_class

    room = open_class(folder)
    return room, room.seat(number)
