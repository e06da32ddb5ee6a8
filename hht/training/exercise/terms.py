"""On which terms a run is played: its seed, its hub, its place in a curriculum."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import msgspec

from hht.errors import HhtError
from hht.files import read_plain, write_whole

PRACTICE = "practice"
CHECK = "check"
"""The mode of an exercise that counts: there is no help in it, and no pause."""
MODES = (PRACTICE, CHECK)
TERMS = "terms.json"
PREPARED = "prepared"
"""Holds how many sittings brought the exercise to the step at which the trainee began."""


class InCheck(HhtError):
    """Something that neither trainer nor trainee may do in an exercise that counts."""

    code = "HHT-12"


@dataclass(frozen=True, slots=True)
class Terms:
    """What was settled before a run began.

    `profile` is the one whose hub the simulated one behaves as, empty for the scenario's own.
    `lesson` is 0 outside a curriculum. `mode` is "practice", "check" or empty.
    """

    seed: int | None = None
    profile: str = ""
    lesson: int = 0
    mode: str = ""


def keep_terms(run_dir: Path, terms: Terms) -> None:
    """Write them down, unless the run has begun on others already."""
    path = run_dir / TERMS
    if not path.exists():
        write_whole(path, json.dumps(asdict(terms)).encode())


def prepared_sittings(run_dir: Path) -> int:
    """Return how many of a run's first sittings were not the trainee's."""
    try:
        return int(read_plain(run_dir / PREPARED))
    except (OSError, ValueError):
        return 0


def read_terms(run_dir: Path) -> Terms:
    """Read them; those of a run from before there were any are empty.

    HhtError where they can't be read: the exercise may be a check.
    """
    path = run_dir / TERMS
    try:
        kept = json.loads(read_plain(path))
        terms = msgspec.convert({each.name: kept[each.name] for each in fields(Terms)}, Terms)
    except FileNotFoundError:
        return Terms()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise _unreadable(path) from None
    if terms.mode not in ("", *MODES):
        raise _unreadable(path)
    return terms


def _unreadable(path: Path) -> HhtError:
    return HhtError(
        "The terms of this exercise can't be read",
        where=str(path),
        remedy="Move the exercise's folder away, then begin the exercise again.",
    )


def need_practice(run_dir: Path, what: str) -> None:
    """Refuse with InCheck what is done in no check; `what` says so."""
    if read_terms(run_dir).mode == CHECK:
        raise InCheck(
            f"This exercise is a check: {what}",
            where=str(run_dir),
            remedy="Let it end, or begin the exercise again as practice.",
        )
