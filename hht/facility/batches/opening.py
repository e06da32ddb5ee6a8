"""Which books a command works on: the host's own, or a server's by its address."""

from pathlib import Path

from hht.errors import InputError
from hht.facility.batches.store import BatchStore
from hht.files import private_folder

FILE = "batches.db"


def open_books(data_dir: Path, url: str | None = None) -> BatchStore:
    """Open the books at a `postgresql://` address, else those of the data folder."""
    if url is None:
        from hht.facility.batches.keeper_client import KeeperClient

        return KeeperClient(private_folder(data_dir) / FILE)
    if url.startswith(("postgresql://", "postgres://")):
        from hht.facility.batches.postgres import PostgresStore

        return PostgresStore(url)
    raise InputError(
        "This is no address of a batch store",
        where=url.rpartition("@")[2][:60],
        remedy="Write postgresql://USER@HOST/DATABASE, or leave it out.",
    )
