"""A survey and a delivery use the one dongle: while another hht is at work, there is none."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from hht.errors import HhtError


@contextlib.contextmanager
def undisturbed(data_dir: Path) -> Iterator[None]:
    """Hold the databases of a data folder, so that no other hht begins a delivery meanwhile."""
    from hht.store.errors import StoreBusy
    from hht.store.sqlite.file_lock import FileLock

    locks = [FileLock(path) for path in sorted(data_dir.glob("*.db"))]
    try:
        for lock in locks:
            lock.acquire()
        yield
    except StoreBusy as busy:
        raise HhtError(
            f"A survey would interrupt what is being delivered: {busy.what}",
            where=busy.where,
            remedy=busy.remedy,
        ) from None
    finally:
        for lock in locks:
            lock.release()
