"""Moments that a trainer marked while an exercise was played, to be talked about in the debrief."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hht.files import read_plain

MARKS_FILE = "marks.jsonl"


@dataclass(frozen=True, slots=True)
class TrainerMark:
    """One moment: when, at which step, and what had failed last."""

    at: str
    step: str
    failure: str


def add_mark(run_dir: Path, at: datetime, step: str, failure: str) -> None:
    """Add a mark to those of a run."""
    mark = TrainerMark(at.isoformat(timespec="seconds"), step, failure)
    line = json.dumps(asdict(mark), ensure_ascii=False) + "\n"
    file = os.open(run_dir / MARKS_FILE, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    try:
        os.write(file, line.encode())
    finally:
        os.close(file)


def marks_of(run_dir: Path) -> tuple[TrainerMark, ...]:
    """Return every mark of a run, in their order; a line that was cut short is left out."""
    try:
        lines = read_plain(run_dir / MARKS_FILE).decode("utf-8", "replace").splitlines()
    except OSError:
        return ()
    return tuple(mark for line in lines if (mark := _mark(line)))


def _mark(line: str) -> TrainerMark | None:
    try:
        return TrainerMark(**json.loads(line))
    except (ValueError, TypeError):
        return None
