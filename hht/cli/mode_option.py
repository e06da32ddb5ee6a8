"""The --mode option: live, training or facility data, each in a database of its own."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.completing import one_of

_ANY_WORK = "SELECT EXISTS (SELECT 1 FROM jobs) OR EXISTS (SELECT 1 FROM returns)"
MODES = ("live", "training", "facility")
ModeOption = Annotated[
    str,
    typer.Option(
        autocompletion=one_of(lambda: MODES),
        help="live, training or facility; else live, or the first that has a job or an item to"
        " return.",
    ),
]
ModeToKeepOption = Annotated[
    str,
    typer.Option(
        autocompletion=one_of(lambda: MODES), help="live, training or facility; else live."
    ),
]
"""For what begins there: a first job, a PIN or a backup is for the live data where no other is
named, also while only training data is there."""


def settle_mode(data_dir: Path, mode: str) -> str:
    """Return the mode that was asked for; else the first with a job or an item, else the first.

    An empty live database, as the app makes at its start, does not hide what was practised.
    """
    if mode:
        return settle_mode_to_keep(mode)
    there = _there(data_dir)
    if len(there) > 1:
        there = [each for each in there if _has_work(data_dir, each)] or there
    return there[0] if there else "live"


def settle_mode_to_keep(mode: str) -> str:
    """Return the mode that was asked for, else live."""
    if mode and mode not in MODES:
        raise typer.BadParameter(f"{mode!r} is not one of {', '.join(MODES)}")
    return mode or "live"


def _there(data_dir: Path) -> list[str]:
    return [each for each in MODES if (data_dir / f"{each}.db").exists()]


def _has_work(data_dir: Path, mode: str) -> bool:
    """Return whether it has any job or queued item; one that cannot be looked into may have."""
    from hht.errors import HhtError
    from hht.store import Mode, Store

    try:
        with Store.open(data_dir / f"{mode}.db", Mode(mode), read_only=True) as store:
            return store.vault.is_locked or bool(store.database.value(_ANY_WORK))
    except HhtError:
        return True
