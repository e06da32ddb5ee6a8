"""Where a mode has no database yet: looking makes none, and what needs one says what begins it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hht.cli.diagnostics import print_error
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.store import Store

_BEGUN_BY = {
    "live": "A job begins it: 'hht import'.",
    "training": "An exercise begins it: 'hht train'.",
    "facility": "Its signing key begins it: 'hht facility init'.",
}


def need_data(data_dir: Path, mode: str) -> None:
    """Raise HhtError where the mode has no database."""
    if not _is_there(data_dir, mode):
        raise _nothing_yet(data_dir, mode)


def open_nothing_yet(data_dir: Path, mode: str) -> "Store | None":
    """Return an empty store in memory where the mode has no database, and say so on stderr."""
    from hht.store import Mode, Store

    if _is_there(data_dir, mode):
        return None
    print_error(_nothing_yet(data_dir, mode))
    return Store.open_copy(data_dir / f"{mode}.db", Mode(mode))


def try_first(data_dir: Path, mode: str, work: "Callable[[Store], object]") -> None:
    """Do the work in memory where the mode has no database: what is refused begins none."""
    from hht.store import Mode, Store

    if not _is_there(data_dir, mode):
        with Store.open_copy(data_dir / f"{mode}.db", Mode(mode)) as store:
            work(store)


def _is_there(data_dir: Path, mode: str) -> bool:
    """Return whether there is a database; HhtError where the folder cannot be one."""
    from hht.store.databases import is_there

    folder = data_dir.absolute()
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not nearest.is_dir():
        remedy = "Choose another with --data-dir."
        raise HhtError("This is no folder", where=str(nearest), remedy=remedy)
    return is_there(data_dir, mode)


def _nothing_yet(data_dir: Path, mode: str) -> HhtError:
    what = f"Nothing yet: there is no {mode} data"
    return HhtError(what, where=str(data_dir), remedy=_BEGUN_BY[mode])
