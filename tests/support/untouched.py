"""Whether a folder that several tests share is as it was: none of them may write into it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Path -> size and time of the last change, of every file in the folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        facts = path.stat()
        found[str(path.relative_to(folder))] = (facts.st_size, facts.st_mtime_ns)
    return found


@contextlib.contextmanager
def untouched(folder: Path) -> Iterator[None]:
    """Fail where what runs meanwhile adds, changes or deletes a file in the folder."""
    before = state_of(folder)
    yield
    after = state_of(folder)
    changed = {path for path, _ in before.items() ^ after.items()}
    assert not changed, f"written into a folder that other tests share: {sorted(changed)}"
