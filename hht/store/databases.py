"""Which database file belongs to which mode: training, live and facility data never share one."""

from pathlib import Path

from hht.files import private_folder
from hht.store.modes import Mode
from hht.store.sqlite.pending import mark_of
from hht.store.store import Store


def open_store(data_dir: Path, mode: str) -> Store:
    """Open the mode's database in the data folder, making it on first use."""
    private_folder(data_dir)
    return Store.open(data_dir / f"{mode}.db", Mode(mode))


def is_there(data_dir: Path, mode: str) -> bool:
    """Return whether the mode has a database, or is to have one by a restore that was begun."""
    path = data_dir / f"{mode}.db"
    return path.exists() or mark_of(path).exists()
