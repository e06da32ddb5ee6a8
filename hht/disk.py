"""Has what was written to a disk outlive the loss of power, or says that it does not."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def disk_of(folder: Path) -> Iterator[Callable[[], None]]:
    """Give what has all that was written to a folder's disk meanwhile outlive the loss of power.

    OSError where a part of it could not be written, as on a stick with bad blocks or one that was
    pulled out: neither writing nor `os.sync` says so.
    """
    if (syncfs := syncfs_of_system()) is None:
        yield getattr(os, "sync", lambda: None)  # Windows has none, and writes back by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield lambda: syncfs(descriptor)
    finally:
        os.close(descriptor)


def syncfs_of_system() -> Callable[[int], None] | None:
    """Return syncfs of the C library, which Python lacks; None where the system has none."""
    if sys.platform != "linux":
        return None
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)

    def syncfs(descriptor: int) -> None:
        if library.syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return syncfs
