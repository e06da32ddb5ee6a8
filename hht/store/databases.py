"""Which database file belongs to which mode: training, live and facility data never share one."""

from pathlib import Path

from hht.files import private_folder
from hht.store.modes import Mode
from hht.store.store import Store


def open_store(data_dir: Path, mode: str) -> Store:
    """Open the mode's database in the data folder, making it on first use."""
    private_folder(data_dir)
    return Store.open(data_dir / f"{mode}.db", Mode(mode))
