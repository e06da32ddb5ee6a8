"""The anchor: where the audit trail stands, in a file of the user's that is not in the data folder.

Whoever puts an older copy of a database in its place, or cuts its end off, does not have the trail
end where the anchor says. The file has two places that are written in turn: losing power while one
is written leaves the other.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hht.errors import HhtError
from hht.files import private_folder
from hht.store.sqlite.pending import sync_folder

# A sector of a disk: it is written whole or not at all, or the other one is used.
PLACE_BYTES = 512
_SUM_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Anchored:
    """How many entries the trail had and its head (hex); what was counted against the PIN.

    `failures` wrong PINs and `interrupted` tries; `number` counts the writings of the file.
    """

    entries: int = 0
    head: str = ""
    failures: int = 0
    interrupted: int = 0
    number: int = 0


class Anchor:
    """The anchor of one database."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last: Anchored | None = None

    def read(self) -> Anchored | None:
        """What was written last; None where there is no anchor, or none that is whole."""
        with contextlib.suppress(OSError):
            self._last = max(_places(self.path.read_bytes()), key=_number, default=None)
            return self._last
        self._last = None
        return None

    def write_head(self, entries: int, head: str) -> bool:
        """Keep where the trail stands; whether it is on the disk."""
        return self._write(replace(self._last or Anchored(), entries=entries, head=head))

    def write_tries(self, failures: int, interrupted: int) -> bool:
        """Keep what was counted against the PIN; whether it is on the disk."""
        before = self.read() or Anchored()
        return self._write(replace(before, failures=failures, interrupted=interrupted))

    @property
    def can_be_kept(self) -> bool:
        """Whether the file can be made where it belongs."""
        folder = self.path.parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)

    def _write(self, state: Anchored) -> bool:
        state = replace(state, number=state.number + 1)
        try:
            is_new = not self.path.exists()
            private_folder(self.path.parent)
            _write_place(self.path, state)
            if is_new:  # else losing power could take its name away
                sync_folder(self.path.parent)
        except (OSError, HhtError):  # what is captured is kept, anchored or not; the doctor says so
            return False
        self._last = state
        return True


def anchor_path(mode: str, database_id: bytes) -> Path:
    """Where a database's anchor is: in the user's state folder, named by the database itself."""
    from platformdirs import user_state_path

    # 64 bits of its 128: enough to tell one user's databases apart.
    return user_state_path("hht", appauthor=False) / f"{mode}-{database_id[:8].hex()}.anchor"


def _number(state: Anchored) -> int:
    return state.number


def _write_place(path: Path, state: Anchored) -> None:
    flags = os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        os.lseek(descriptor, state.number % 2 * PLACE_BYTES, os.SEEK_SET)
        os.write(descriptor, _as_place(state))
        _sync(descriptor)
    finally:
        os.close(descriptor)


# Only what is in the file counts, not when it was changed: that alone costs a file system's
# journal as much again as the capture itself.
_sync = getattr(os, "fdatasync", os.fsync)


def _as_place(state: Anchored) -> bytes:
    text = json.dumps(asdict(state), separators=(",", ":"))
    return f"{_sum_of(text)} {text}".encode().ljust(PLACE_BYTES - 1) + b"\n"


def _places(content: bytes) -> Iterator[Anchored]:
    """Those of the two places that are whole."""
    for start in (0, PLACE_BYTES):
        place = content[start : start + PLACE_BYTES].decode("ascii", "replace")
        written, _, text = place.strip().partition(" ")
        if written == _sum_of(text):
            with contextlib.suppress(TypeError, ValueError):
                yield Anchored(**json.loads(text))


def _sum_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SUM_DIGITS]
