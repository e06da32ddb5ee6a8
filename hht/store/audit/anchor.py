"""The anchor: length and head of the audit trail, in a file of the user's outside the data folder.

An older copy of a database put in its place, or one with its end cut off, has no trail that ends
where the anchor says. The file has two places that are written in turn: losing power while one
is written leaves the other.

A copy that the same user opens elsewhere is held to the anchor of what it was made from, and
then goes on with one of its own: it must not make the original look put back. Wrong PINs count for
both, for it is the same PIN.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path

from hht.errors import HhtError
from hht.files import private_folder, sync_folder
from hht.store.secrets.pin_tries import PinTries

# A sector of a disk: it is written whole or not at all, or the other one is used.
PLACE_BYTES = 512
_SUM_DIGITS = 16
# What is left of a sector beside the other fields; a longer path is not kept, and any may write.
_MOST_PATH = 256


@dataclass(frozen=True, slots=True)
class Anchored:
    """How many entries the trail had and its head (hex); what was counted against the PIN.

    `failures`, `interrupted` and the fields after them are those of PinTries. `row` is the digest
    of the tries that the database had when they were written, `told` that of how tries ended which
    the trail does not have yet; both are empty where that is not known.
    `number` counts the writings of the file. `place` is the path of the database whose trail it is,
    empty where an older hht has written it.
    """

    entries: int = 0
    head: str = ""
    failures: int = 0
    interrupted: int = 0
    number: int = 0
    place: str = ""
    begun: int = 0
    wait: float = 0.0
    wait_boot: str = ""
    wait_from: float = 0.0
    row: str = ""
    told: str = ""

    @property
    def tries(self) -> PinTries:
        """Return what was counted against the PIN."""
        return PinTries(**{name: getattr(self, name) for name in PinTries.__slots__})

    def with_tries_of(self, other: "Anchored") -> "Anchored":
        """Return this with what another has counted against the PIN."""
        names = (*PinTries.__slots__, "row", "told")
        return replace(self, **{name: getattr(other, name) for name in names})


class Anchor:
    """The anchor of the database at `place`; at `path`, or beside it for a copy's own."""

    def __init__(self, path: Path, place: Path) -> None:
        self.path = path
        self._place = str(place.resolve())
        marked = hashlib.sha256(self._place.encode("utf-8", "surrogatepass")).hexdigest()
        self._own = path.with_name(f"{path.stem}-{marked[:_SUM_DIGITS]}{path.suffix}")
        self._head_is_in = path
        self._last: Anchored | None = None
        self.is_of_copy = False
        """Whether the database is a copy of another one, as was last read."""

    def read(self) -> Anchored | None:
        """Return what was written last; None where there is no anchor, or none that is whole."""
        shared, own = _read(self.path), _read(self._own)
        is_copy = own is not None or (shared is not None and self._is_anothers(shared))
        self.is_of_copy = is_copy
        self._head_is_in = self._own if is_copy else self.path
        self._last = own if is_copy else shared
        if own is None or shared is None:
            return own or shared
        return own.with_tries_of(shared)

    def write_head(self, entries: int, head: str) -> bool:
        """Keep the trail's last entry; return whether it is on the disk."""
        place = self._place if len(json.dumps(self._place)) <= _MOST_PATH else ""
        state = replace(self._last or Anchored(), entries=entries, head=head, place=place)
        written = self._write(self._head_is_in, state)
        self._last = written or self._last
        return written is not None

    def write_tries(self, tries: PinTries, row: str = "", told: str = "") -> bool:
        """Keep what is counted against the PIN, of a copy too; whether it is on the disk.

        `row` is the digest of what the database has of it until then, `told` of how tries ended
        that it has from then on; both are empty for a copy's.
        """
        counted = {name: getattr(tries, name) for name in PinTries.__slots__}
        before = _read(self.path) or Anchored()
        written = self._write(self.path, replace(before, **counted, row=row, told=told))
        if written and self._head_is_in == self.path:
            self._last = written
        return written is not None

    @property
    def can_be_kept(self) -> bool:
        """Whether the file can be made where it belongs."""
        folder = self.path.parent
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)

    def _is_anothers(self, state: Anchored) -> bool:
        """Return whether it is about another database, which is still where it was."""
        if state.place in ("", self._place):
            return False
        with contextlib.suppress(OSError):
            return Path(state.place).exists()
        return False

    def _write(self, path: Path, state: Anchored) -> Anchored | None:
        """Return what is on the disk now; None where it cannot be written."""
        state = replace(state, number=state.number + 1)
        try:
            is_new = not path.exists()
            private_folder(path.parent)
            _write_place(path, state)
            if is_new:  # else losing power could take its name away
                sync_folder(path.parent)
        except (OSError, HhtError):  # what is captured is kept, anchored or not; the doctor says so
            return None
        return state


def anchor_path(mode: str, database_id: bytes) -> Path:
    """Return where a database's anchor is: in the user's state folder, named by the database
    itself."""
    from platformdirs import user_state_path

    # 64 bits of its 128: enough to tell one user's databases apart.
    return user_state_path("hht", appauthor=False) / f"{mode}-{database_id[:8].hex()}.anchor"


def _read(path: Path) -> Anchored | None:
    with contextlib.suppress(OSError):
        if path.is_file():  # a pipe would be waited for
            return max(_places(path.read_bytes()), key=_number, default=None)
    return None


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
    """Return a place's bytes; what has no other value than ever is left out, and at need the path.

    Only while one has to wait for the next try of the PIN is there no room for the longest path.
    """
    values = {field.name: getattr(state, field.name) for field in fields(state)}
    kept = {
        field.name: values[field.name]
        for field in fields(state)
        if values[field.name] != field.default
    }
    text = json.dumps(kept, separators=(",", ":"))
    content = f"{_sum_of(text)} {text}".encode()
    if len(content) >= PLACE_BYTES:
        return _as_place(replace(state, place=""))
    return content.ljust(PLACE_BYTES - 1) + b"\n"


def _places(content: bytes) -> Iterator[Anchored]:
    """Yield those of the two places that are whole."""
    for start in (0, PLACE_BYTES):
        place = content[start : start + PLACE_BYTES].decode("ascii", "replace")
        written, _, text = place.strip().partition(" ")
        if written == _sum_of(text):
            with contextlib.suppress(TypeError, ValueError, RecursionError):
                state = Anchored(**json.loads(text))
                if all(_fits(getattr(state, field.name), field.default) for field in fields(state)):
                    yield state


def _fits(value: object, default: object) -> bool:
    """Return whether a value is of its field's type; a whole number of seconds is one, too."""
    return type(value) is type(default) or (type(value) is int and isinstance(default, float))


def _sum_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_SUM_DIGITS]
