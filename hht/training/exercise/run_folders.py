"""The folders of training runs: which there are, whether one still fits, what one was worth."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.training.scenario.spec import Scenario

FINISHED = "finished"
DEBRIEF = "debrief.json"


def is_other(run_dir: Path, scenario: "Scenario") -> bool:
    """Return whether the run was made of other premises or another job than the scenario's.

    Where its file was does not count: it may be named from another folder.
    """
    from hht.simulator.site.record import SITE_FILE, read_record
    from hht.simulator.site.spec import site_spec

    if not (run_dir / SITE_FILE).exists():
        return False
    record = read_record(run_dir)
    try:
        site = replace(scenario.site, source=record["spec"]["source"]) if "spec" in record else None
        return site is not None and site_spec(record["spec"]) != site
    except (KeyError, TypeError, ValueError):  # written by another version
        return True


def runs_of(data_dir: Path, name: str) -> list[Path]:
    """Return the folders of a scenario's runs, the newest first."""
    found = (data_dir / "training" / "runs").glob(f"{name}-*")
    runs = [run for run in found if run.name.rpartition("-")[2].isdigit()]
    return sorted((run for run in runs if _name(run) == name), key=number_of, reverse=True)


def _name(run: Path) -> str:
    return run.name.rpartition("-")[0]


def number_of(run: Path) -> int:
    return int(run.name.rpartition("-")[2])


def interrupted(data_dir: Path) -> str:
    """Return the exercise that was open last, where its play has not ended; else the empty string.

    One of a class, a check and one from a file of one's own are begun by their names alone.
    """
    from hht.training.exercise.terms import CHECK, TERMS, read_terms

    runs = [file.parent for file in (data_dir / "training" / "runs").glob(f"*-*/{TERMS}")]
    last = max(runs, key=lambda run: run.stat().st_mtime, default=None)
    if last is None or (last / FINISHED).exists() or (last / DEBRIEF).exists():
        return ""
    terms, is_ours = read_terms(last), files("assets") / "scenarios" / f"{_name(last)}.toml"
    return _name(last) if is_ours.is_file() and not terms.lesson and terms.mode != CHECK else ""


def points_in(run_dir: Path) -> int | None:
    """Return what the run in this folder was worth when it was judged last; None before that."""
    path = run_dir / DEBRIEF
    return int(json.loads(path.read_bytes())["points"]) if path.is_file() else None
