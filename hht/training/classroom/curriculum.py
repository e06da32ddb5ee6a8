"""A curriculum: exercises in their order, what passes each, and the seed of every seat.

The file is TOML; a scenario of one's own is named by its path within the curriculum's folder.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from hht.duis.job_json import one_line
from hht.errors import InputError
from hht.hub_profile import profile_fault
from hht.training.exercise.terms import MODES, PRACTICE
from hht.training.scenario.load import load_scenario, parse_toml, scenario_names
from hht.training.scenario.reader import Table, read_table
from hht.training.scenario.spec import Scenario
from hht.training.scoring import FULL_MARKS

PASS_MARK = 70
"""Of a hundred, where neither the curriculum nor its exercise says otherwise."""
MOST_EXERCISES = 100
"""More is no course for anybody; each is read as a file of its own."""
_SEEDS = 2**31  # what a scenario's seed may be: 31 bits
_MOST_BYTES = 100_000  # no course comes near: a larger file is something else


@dataclass(frozen=True, slots=True)
class Lesson:
    """One exercise of a curriculum; `number` is its place, from 1.

    `source` is for `load_scenario`. `seeds` are the seats' own, used in turn; without any
    they are drawn from `draw`, so that no two seats have the same.
    """

    number: int
    scenario: Scenario
    source: str
    pass_mark: int
    mode: str
    profile: str
    seeds: tuple[int, ...]
    draw: int

    def seed_of(self, seat: int) -> int:
        """Return the seed of a seat, from 1; the same every time."""
        if self.seeds:
            return self.seeds[(seat - 1) % len(self.seeds)]
        begin = hashlib.sha256(f"{self.draw}/{self.number}".encode()).digest()
        return (int.from_bytes(begin[:4], "big") + seat) % _SEEDS


@dataclass(frozen=True, slots=True)
class Curriculum:
    """A course: its exercises in the order in which they are played."""

    title: str
    lessons: tuple[Lesson, ...]


def load_curriculum(path: Path) -> Curriculum:
    """Read a curriculum; InputError names the file, the line and what is wrong."""
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name is none"
        raise InputError(
            f"The curriculum can't be read ({why})", where=str(path), remedy="Check its name."
        ) from None
    if size > _MOST_BYTES or not path.is_file():
        raise InputError("This is no curriculum", where=str(path), remedy="Check its name.")
    document, text = parse_toml(path)
    return _curriculum(path, read_table(document, text, path.name))


def curriculum_of(name: str) -> Curriculum:
    """Return the curriculum of a file, or one of a single exercise by the scenario's name."""
    if is_curriculum(name):
        return load_curriculum(Path(name))
    scenario = load_scenario(name)
    return Curriculum(
        scenario.title, (Lesson(1, scenario, name, PASS_MARK, PRACTICE, "", (), draw=1),)
    )


def is_curriculum(name: str) -> bool:
    """Return whether this names a file with exercises, and not a scenario."""
    path = Path(name)
    if name in scenario_names() or path.suffix != ".toml" or not path.is_file():
        return False
    try:
        return "exercises" in parse_toml(path)[0]
    except InputError:
        return False


def _curriculum(path: Path, top: Table) -> Curriculum:
    title = one_line(top.text("title"))
    mark = top.integer("pass_mark", PASS_MARK, low=0, high=FULL_MARKS)
    draw = top.integer("seed", 1, low=0, high=_SEEDS - 1)
    mode = top.choice("mode", MODES, PRACTICE)
    tables = top.tables("exercises")
    if not tables:
        raise top.mistake((), "exercises is missing: a curriculum has at least one")
    if len(tables) > MOST_EXERCISES:
        raise top.mistake(("exercises",), f"there are more than {MOST_EXERCISES} exercises")
    lessons = tuple(
        _lesson(path, table, number, mark, mode, draw) for number, table in enumerate(tables, 1)
    )
    top.finish()
    return Curriculum(title, lessons)


def _lesson(path: Path, table: Table, number: int, mark: int, mode: str, draw: int) -> Lesson:
    source = _source(path, table)
    profile = table.text("profile") if "profile" in table else ""
    if profile and (fault := profile_fault(profile)):
        raise table.mistake(("profile",), fault)
    lesson = Lesson(
        number=number,
        scenario=_scenario(table, source),
        source=source,
        pass_mark=table.integer("pass_mark", mark, low=0, high=FULL_MARKS),
        mode=table.choice("mode", MODES, mode),
        profile=profile,
        seeds=_seeds(table),
        draw=draw,
    )
    table.finish()
    return lesson


def _seeds(table: Table) -> tuple[int, ...]:
    seeds = table.integers("seeds") if "seeds" in table else ()
    if any(not 0 <= each < _SEEDS for each in seeds):
        raise table.mistake(("seeds",), f"a seed is a whole number from 0 to {_SEEDS - 1}")
    return seeds


def _source(path: Path, table: Table) -> str:
    """Return the scenario's name, or the path of a file within the curriculum's folder."""
    name = table.text("scenario")
    if not name.endswith(".toml"):
        if name not in scenario_names():
            raise table.mistake(("scenario",), f"there is no scenario {name!r}")
        return name
    folder = path.resolve().parent
    try:
        file = (folder / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise table.mistake(("scenario",), f"{name!r} is no path") from None
    if not file.is_relative_to(folder):
        raise table.mistake(("scenario",), f"{name!r} is not within the curriculum's folder")
    if not file.is_file():
        raise table.mistake(("scenario",), f"there is no file {name!r} beside the curriculum")
    if is_curriculum(str(file)):
        raise table.mistake(("scenario",), f"{name!r} is a curriculum, not a scenario")
    return str(file)


def _scenario(table: Table, source: str) -> Scenario:
    try:
        return load_scenario(source)
    except InputError as error:
        place = f" ({error.where})" if error.where else ""
        raise table.mistake(("scenario",), f"{error.what}{place}") from None


def example() -> str:
    """Return a curriculum with comments, to begin one's own from."""
    return _EXAMPLE


_EXAMPLE = """# Check it with 'hht class check THIS-FILE'.

title = "First day on the HHT"
pass_mark = 70  # of a hundred points; an exercise may have its own
seed = 1  # each seat's chance is drawn from it: no two seats have the same
mode = "practice"  # or "check": no pause, no hints, no way back

[[exercises]]  # in the order in which they are played
scenario = "no-wan-install"  # a name of 'hht train --list', or a .toml file in this folder

[[exercises]]
scenario = "interpan-window-expired"
pass_mark = 60

[[exercises]]
scenario = "radio-noise"
mode = "check"
profile = "strict"  # the least helpful hub that the facts allow
seeds = [11, 12, 13]  # in place of drawn ones: seat 1 has 11, seat 4 has 11 again
"""
