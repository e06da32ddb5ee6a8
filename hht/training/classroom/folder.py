"""The folder of a class: its seats, its curriculum and its rounds.

`class.json` has the seats (`hht serve` writes it too), `course.json` where the curriculum is
and the rounds; a seat's data is in `seats/NN`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job_json import one_line
from hht.errors import HhtError, InputError
from hht.files import private_folder, read_plain, write_whole
from hht.training.classroom.curriculum import Curriculum, load_curriculum
from hht.training.exercise.run_folders import FINISHED

SEATS_FILE = "class.json"
COURSE_FILE = "course.json"
SEATS = "seats"
MOST_SEATS = 99
"""More than two digits' seats is no class of one trainer's."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the class, from 1; `data_dir` is the trainee's data folder."""

    number: int
    trainee: str
    data_dir: Path

    @property
    def runs_dir(self) -> Path:
        return self.data_dir / "training" / "runs"


@dataclass(frozen=True, slots=True)
class ClassFolder:
    """A class as its folder has it; `rounds` are the moments at which each round began."""

    folder: Path
    seats: tuple[Seat, ...]
    curriculum_path: Path
    rounds: tuple[datetime, ...]

    @property
    def curriculum(self) -> Curriculum:
        """Read the curriculum as its file is now; InputError names what is wrong with it."""
        return load_curriculum(self.curriculum_path)

    def seat(self, number: int) -> Seat:
        """Find a seat; InputError where the class has none of this number."""
        return find_seat(self.folder, self.seats, number)

    def new_round(self, clock: Clock = SYSTEM_CLOCK) -> "ClassFolder":
        """Begin another round with the same seats: every exercise begins again at its next start.

        What was played before is kept.
        """
        for seat in self.seats:
            for run in seat.runs_dir.glob("*"):
                (run / FINISHED).touch()
        rounds = (*self.rounds, clock.now())
        _write_course(self.folder, self.curriculum_path, rounds)
        return ClassFolder(self.folder, self.seats, self.curriculum_path, rounds)


_LIST = "'hht class list FOLDER' shows them."


def make_class(
    folder: Path, curriculum: Path, trainees: Sequence[str], clock: Clock = SYSTEM_CLOCK
) -> ClassFolder:
    """Make a class of these trainees, or give a class that is there a curriculum.

    InputError for a curriculum with a mistake, or where the folder has a class with other trainees.
    """
    load_curriculum(curriculum)
    names = [one_line(each) for each in trainees]
    if (folder / SEATS_FILE).exists():
        if names:
            raise InputError(
                "There is a class in this folder",
                where=str(folder),
                remedy="Leave the trainees out, or choose another folder.",
            )
    else:
        if not names or not all(names) or len(names) > MOST_SEATS:
            raise InputError(
                f"A class has from 1 to {MOST_SEATS} trainees, each with a name",
                where=str(folder),
                remedy="Name each with --trainee.",
            )
        rows = [{"number": number, "trainee": name} for number, name in enumerate(names, 1)]
        write_whole(private_folder(folder) / SEATS_FILE, json.dumps({"seats": rows}).encode())
    _write_course(folder, curriculum.resolve(), (clock.now(),))
    made = open_class(folder)
    for seat in made.seats:
        private_folder(seat.data_dir)
    return made


def open_class(folder: Path) -> ClassFolder:
    """Open a class; InputError where the folder holds none, or what it holds is odd."""
    seats, course = open_seats(folder), _read(folder, COURSE_FILE)
    try:
        return ClassFolder(
            folder,
            seats,
            Path(course["curriculum"]),
            tuple(map(datetime.fromisoformat, course["rounds"])),
        )
    except (KeyError, TypeError, ValueError):
        raise _odd(folder / COURSE_FILE) from None


def open_seats(folder: Path) -> tuple[Seat, ...]:
    """Read the seats of a class, also of one without a curriculum; InputError for none."""
    rows = _read(folder, SEATS_FILE)
    try:
        return tuple(_seat(folder, row) for row in rows["seats"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise _odd(folder / SEATS_FILE) from None


def find_seat(folder: Path, seats: Sequence[Seat], number: int) -> Seat:
    """Find a seat by its number; HhtError where there is none."""
    for each in seats:
        if each.number == number:
            return each
    raise HhtError(f"There is no seat {number}", where=str(folder), remedy=_LIST)


def seat_folder(folder: Path, number: int) -> Path:
    """Return where a seat's data is."""
    return folder / SEATS / f"{number:02}"


def _seat(folder: Path, row: dict[str, Any]) -> Seat:
    number = int(row["number"])
    name = one_line(str(row.get("trainee") or "")) or f"Seat {number}"
    return Seat(number, name, seat_folder(folder, number))


def _read(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    try:
        found = json.loads(read_plain(path))
    except FileNotFoundError:
        raise InputError(
            "There is no class with a curriculum in this folder",
            where=str(folder),
            remedy="Make it with 'hht class new FOLDER --curriculum FILE'.",
        ) from None
    except (OSError, ValueError):
        raise _odd(path) from None
    if not isinstance(found, dict):
        raise _odd(path)
    return found


def _odd(path: Path) -> InputError:
    return InputError(
        "The class can't be read from this file", where=str(path), remedy="Make the class again."
    )


def _write_course(folder: Path, curriculum: Path, rounds: Sequence[datetime]) -> None:
    course = {"curriculum": str(curriculum), "rounds": [each.isoformat() for each in rounds]}
    write_whole(folder / COURSE_FILE, json.dumps(course, indent=1).encode())
