"""The names of benches and slots: two of one name would take each other's units over."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from hht.clock import SYSTEM_CLOCK, Clock
from hht.errors import InputError
from hht.facility.batches.operation import LEASE_SECONDS
from hht.facility.batches.store import BatchStore, units_of
from hht.files import private_folder
from hht.store import StoreBusy
from hht.store.sqlite.file_lock import FileLock

FOLDER = "benches"


def slots_at(ports: Sequence[str]) -> list[tuple[str, str]]:
    """Name each port's slot by its file, by its whole path where two files are called alike.

    InputError where one port has two of the paths.
    """
    if len({os.path.realpath(port) for port in ports}) != len(ports):
        raise InputError("A port is named twice", remedy="A port is one slot.")
    names = [Path(port).name for port in ports]
    return [
        (port if names.count(name) > 1 else name, port)
        for name, port in zip(names, ports, strict=True)
    ]


async def hold_name(
    books: BatchStore,
    batch: str,
    bench: str,
    data_dir: Path,
    say: Callable[[float], None],
    clock: Clock = SYSTEM_CLOCK,
) -> FileLock:
    """Take the name until the lock is released; InputError where another bench works under it.

    On one machine a lock says so at once. One elsewhere is known by its units: where a bench of
    this name has had some, and it was never this machine's, they are looked at again after a
    lease; `say` is called before. A bench that was killed here goes on at once.
    """
    lock = FileLock(private_folder(data_dir / FOLDER) / _file_name(bench))
    was_here = lock.path.exists()
    try:
        lock.acquire()
    except StoreBusy:
        raise _taken(bench) from None
    before = set() if was_here else _units_had(books, batch, bench)
    if not before:
        return lock
    say(LEASE_SECONDS)
    await clock.sleep(LEASE_SECONDS)
    if _units_had(books, batch, bench) - before:
        lock.release()
        lock.path.unlink(missing_ok=True)  # the name is not this machine's
        raise _taken(bench)
    return lock


def _units_had(books: BatchStore, batch: str, bench: str) -> set[tuple[str, str, float]]:
    """Return the units that a bench of this name had last, each with its state since when."""
    rows = units_of(books, batch)
    return {(row.eui, row.state.value, row.since) for row in rows if row.bench == bench}


def _taken(bench: str) -> InputError:
    return InputError(
        "A bench of this name is at work already",
        where=bench,
        remedy="Give each bench a name of its own: --name.",
    )


def _file_name(bench: str) -> str:
    """Return a file's name for any bench's name, and for no other's."""
    return bench.encode().hex()[:200]
