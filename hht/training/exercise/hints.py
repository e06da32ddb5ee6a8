"""Hints of an exercise: each costs the points that the scenario says, and a check has none."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hht.errors import HhtError
from hht.files import read_plain, write_whole
from hht.training.exercise.terms import need_practice

if TYPE_CHECKING:
    from hht.training.scenario.spec import Scenario

HINTS_FILE = "hints"
"""Holds how many hints of a run were given; each is counted before it is shown."""


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints that were given, how many there are still, and what the next one costs."""

    given: tuple[str, ...]
    left: int
    price: int


def hints_taken(run_dir: Path) -> int:
    """Return how many hints a run has had; HhtError where its count cannot be read."""
    path = run_dir / HINTS_FILE
    try:
        kept = read_plain(path).decode("ascii")
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        kept = ""
    if not kept.strip().isdigit():
        raise HhtError(
            "The count of this exercise's hints cannot be read",
            where=str(path),
            remedy="Begin the exercise again, or write into the file how many were given.",
        )
    return int(kept)


def hints_of(run_dir: Path, scenario: "Scenario") -> Hints:
    """Return the state of the hints of a run; InCheck in one that counts."""
    need_practice(run_dir, "there are no hints in it")
    taken, every = hints_taken(run_dir), scenario.hints
    return Hints(every[:taken], max(0, len(every) - taken), scenario.score.hint)


def carry_hints(before: Path, run_dir: Path) -> None:
    """Count the hints of the run before in this one too, which goes on from a step of it."""
    if taken := hints_taken(before):
        write_whole(run_dir / HINTS_FILE, str(taken).encode())


def take_hint(run_dir: Path, scenario: "Scenario") -> str:
    """Count the next hint and return it; InCheck in a run that counts, HhtError after the last."""
    hints = hints_of(run_dir, scenario)
    if not hints.left:
        raise HhtError("This exercise has no more hints", remedy="Ask the trainer.")
    taken = len(hints.given) + 1
    write_whole(run_dir / HINTS_FILE, str(taken).encode())
    return scenario.hints[taken - 1]
