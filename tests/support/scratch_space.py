"""Where tests put their files: in memory where there is room, as a disk makes every commit wait."""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
NEEDED = 4 << 30  # bytes; a whole run leaves less than one, and the tests themselves need some, too
_PREFIX, _HELD, _KEPT = "hht-tests-", "held", "kept-after-a-failure"


def in_memory() -> Path | None:
    """Have this process and its children put temporary files into memory; return the folder.

    None where TMPDIR says another place, also in the children of a process that came here, or where
    memory is short. Others may look up names in the folder: PostgreSQL runs as another user.
    """
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or _free() < NEEDED:
        return None
    clear(MEMORY)
    folder = tempfile.mkdtemp(prefix=_PREFIX, dir=MEMORY)
    hold(Path(folder))
    os.chmod(folder, 0o711)
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    atexit.register(_remove, Path(folder))  # the first to be registered is the last to run
    return Path(folder)


def keep(folder: Path) -> None:
    """Leave the folder for a person to look at."""
    (folder / _KEPT).touch()


def clear(memory: Path) -> None:
    """Remove the folders of runs that were killed, or kept theirs; the one kept last stays."""
    left = [held.parent for held in memory.glob(f"{_PREFIX}*/{_HELD}") if not _is_held(held)]
    kept = sorted((each for each in left if (each / _KEPT).exists()), key=os.path.getmtime)
    for folder in set(left) - set(kept[-1:]):
        shutil.rmtree(folder, ignore_errors=True)


def hold(folder: Path) -> int:
    """Lock a file in the folder until the descriptor is closed or its process ends; return it."""
    import fcntl

    descriptor = os.open(folder / _HELD, os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _is_held(held: Path) -> bool:
    import fcntl

    with contextlib.suppress(FileNotFoundError), open(held) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _remove(folder: Path) -> None:
    if not (folder / _KEPT).exists():
        shutil.rmtree(folder, ignore_errors=True)


def _free() -> int:
    """Return the bytes that fit: /dev/shm may be larger than what is left of the memory."""
    with open("/proc/meminfo") as file:
        available = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))
    return min(shutil.disk_usage(MEMORY).free, available << 10)
