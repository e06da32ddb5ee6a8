"""What a run is worth: its points, its marks per competency, and what the trainer put right."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

from hht.clock import SYSTEM_CLOCK, Clock
from hht.duis.job_json import one_line
from hht.errors import HhtError, InputError
from hht.events import Source
from hht.files import read_plain, write_whole
from hht.simulator.hub.hub_log import LOG_FILE
from hht.store import Mode, Store
from hht.training.classroom.rubric import COMPETENCIES, Competency, rubric
from hht.training.debrief import Debrief, debrief
from hht.training.exercise.event_log import played_of
from hht.training.exercise.run import TrainingRun
from hht.training.exercise.terms import Terms, read_terms
from hht.training.scoring import FULL_MARKS

OVERRIDES = "overrides.json"
POINTS = "points"
MARKED = (POINTS, *COMPETENCIES)
"""What a trainer may put another mark on: the debrief's points, or a competency."""
_LONGEST_REASON = 500  # signs: a paragraph on a sheet of results


class NotOpened(HhtError):
    """A run that was prepared, and whose job was not opened."""


@dataclass(frozen=True, slots=True)
class Override:
    """A mark that a trainer gave in place of the computed one, and why."""

    what: str
    marks: int
    reason: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class RunScore:
    """A run's worth so far; `sha256` is over what happened, on the visit and at the hub.

    `overrides` are the trainer's, of each thing the last one.
    """

    run_dir: Path
    terms: Terms
    profile: str
    debrief: Debrief
    competencies: tuple[Competency, ...]
    overrides: tuple[Override, ...]
    begun: datetime
    minutes: float
    sha256: str

    def marks(self, what: str) -> int | None:
        """Return points, or a competency's marks: the trainer's if there are any, else the
        computed."""
        given = next((each for each in self.overrides if each.what == what), None)
        return given.marks if given else self.computed(what)

    def computed(self, what: str) -> int | None:
        if what == POINTS:
            return self.debrief.points
        return next(each.marks for each in self.competencies if each.name == what)


def score_so_far(data_dir: Path, run_dir: Path) -> RunScore:
    """Judge a run as it is, also while another process plays it; writes nothing.

    NotOpened before its job is kept, StoreError where the database can't be read, HhtError where
    the folder holds no run.
    """
    run = TrainingRun.at(data_dir, run_dir)
    with Store.open(data_dir / "training.db", Mode.TRAINING, read_only=True) as store:
        job = store.jobs.find(run.pack)
        if job is None:
            raise NotOpened("This run has not been opened yet", where=str(run_dir))
        played = played_of(run, store, job.id)
        digest = _digest(store, job.id, run_dir)
    terms = read_terms(run_dir)
    return RunScore(
        run_dir=run_dir,
        terms=terms,
        profile=terms.profile or run.site.spec.profile,
        debrief=debrief(run.scenario, played),
        competencies=rubric(run.scenario, played),
        overrides=tuple(_last_of_each(read_overrides(run_dir))),
        begun=run.site.started,
        minutes=played.minutes,
        sha256=digest,
    )


def override(
    run_dir: Path, what: str, marks: int, reason: str, by: str = "", clock: Clock = SYSTEM_CLOCK
) -> Override:
    """Give another mark, with its reason; InputError without one. Earlier ones are kept."""
    reason = one_line(reason)
    if what not in MARKED:
        raise InputError(f"{what!r} has no marks", remedy=f"Choose one of {', '.join(MARKED)}.")
    if not 0 <= marks <= FULL_MARKS:
        raise InputError(f"{marks} is not from 0 to {FULL_MARKS}", remedy="Give another mark.")
    if not reason or len(reason) > _LONGEST_REASON:
        raise InputError("An override needs its reason", remedy="Say in a sentence why.")
    given = Override(what, marks, reason, one_line(by), clock.now().isoformat(timespec="seconds"))
    kept = [*read_overrides(run_dir), given]
    write_whole(run_dir / OVERRIDES, json.dumps([asdict(each) for each in kept]).encode())
    return given


def read_overrides(run_dir: Path) -> tuple[Override, ...]:
    """Return every override of a run, the first one first."""
    path = run_dir / OVERRIDES
    if not path.exists():
        return ()
    try:
        rows = json.loads(read_plain(path))
        return tuple(Override(**{f.name: row[f.name] for f in fields(Override)}) for row in rows)
    except (OSError, ValueError, TypeError, KeyError):
        raise InputError(
            "The trainer's marks can't be read", where=str(path), remedy="Move the file away."
        ) from None


def _last_of_each(overrides: Sequence[Override]) -> list[Override]:
    return list({each.what: each for each in overrides}.values())


def _digest(store: Store, job_id: int, run_dir: Path) -> str:
    """Compute SHA-256 over the visit's events and the hub's log, as they are kept."""
    found = hashlib.sha256()
    for record in store.events.of_job(job_id):
        if record.source is Source.VISIT:
            found.update(json.dumps(record.row, sort_keys=True).encode() + b"\n")
    log = run_dir / LOG_FILE
    found.update(read_plain(log) if log.exists() else b"")
    return found.hexdigest()
