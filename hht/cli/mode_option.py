"""The --mode option: live, training or facility data, each in a database of its own."""

from pathlib import Path
from typing import Annotated

import typer

MODES = ("live", "training", "facility")
ModeOption = Annotated[
    str, typer.Option(help="live, training or facility; else live, or the only one there is.")
]


def settle_mode(data_dir: Path, mode: str) -> str:
    """Return the mode that was asked for; else the only one with a database, else live."""
    if mode and mode not in MODES:
        raise typer.BadParameter(f"{mode!r} is not one of {', '.join(MODES)}")
    there = [each for each in MODES if (data_dir / f"{each}.db").exists()]
    return mode or (there[0] if there else "live")
