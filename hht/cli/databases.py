"""Which database file belongs to which mode: training, live and facility data never share one."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hht.store import Store


def open_store(data_dir: Path, mode: str) -> "Store":
    """Open the mode's database in the data folder, making it on first use."""
    from hht.store import Mode, Store

    data_dir.mkdir(parents=True, exist_ok=True)
    return Store.open(data_dir / f"{mode}.db", Mode(mode))
