"""A survey and a delivery use the one dongle: while another hht is at work, there is none."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from hht.errors import HhtError


@contextlib.contextmanager
def undisturbed(data_dir: Path) -> Iterator[None]:
    """Hold the databases of a data folder, so that no other hht begins a delivery meanwhile.

    Also those that are not there yet. Where none can be made there is no delivery either.
    """
    from hht.files import private_folder
    from hht.store.errors import StoreBusy, StoreReadOnly
    from hht.store.modes import Mode
    from hht.store.sqlite.file_lock import FileLock

    locks = [FileLock(data_dir / mode.file_name) for mode in Mode]
    try:
        with contextlib.suppress(HhtError):
            private_folder(data_dir)
        with contextlib.suppress(StoreReadOnly):
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
