"""Which database file belongs to which mode: training, live and facility data never share one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import private_folder

if TYPE_CHECKING:
    from hht.store import Store

MODES = ("live", "training", "facility")
ModeOption = Annotated[
    str, typer.Option(help="live, training or facility; else live, or the only one there is.")
]


def open_store(data_dir: Path, mode: str) -> "Store":
    """Open the mode's database in the data folder, making it on first use."""
    from hht.store import Mode, Store

    private_folder(data_dir)
    return Store.open(data_dir / f"{mode}.db", Mode(mode))


def settle_mode(data_dir: Path, mode: str) -> str:
    """The mode that was asked for; else the only one with a database, else live."""
    if mode and mode not in MODES:
        raise typer.BadParameter(f"{mode!r} is not one of {', '.join(MODES)}")
    there = [each for each in MODES if (data_dir / f"{each}.db").exists()]
    return mode or (there[0] if there else "live")
