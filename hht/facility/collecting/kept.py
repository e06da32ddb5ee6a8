"""Captures that a bench has collected: files in the data folder until they are in the queue."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hht.errors import InputError
from hht.facility.collecting.taking_in import take_in
from hht.facility.wire.capture import UnitCapture
from hht.files import private_folder, read_plain, write_whole
from hht.gbcs.errors import MalformedMessage

if TYPE_CHECKING:
    from hht.store import Store

FOLDER = "collected"
_SUFFIX, _REFUSED = ".capture", ".refused"


class TakenIn(NamedTuple):
    """How many items the captures made, and how many files were none and are set aside."""

    items: int
    refused: int


class KeptCaptures:
    """The folder of them. A bench has no PIN, so what needs the database waits here."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def keep(self, capture: bytes) -> None:
        """Keep a capture, durably on return; the same one again is the same file."""
        name = f"{sha256(capture).hexdigest()}{_SUFFIX}"
        write_whole(private_folder(self._folder) / name, capture)

    def waiting(self) -> list[Path]:
        """List the files that are not in the queue yet."""
        return sorted(self._folder.glob(f"*{_SUFFIX}"))

    def take_all(self, open_store: Callable[[str], "AbstractContextManager[Store]"]) -> TakenIn:
        """Take everything in, each mode's into its own database.

        A file goes when its capture is in the database. One that is no capture is set aside: what
        one unit hands over must not hold up the others'.
        """
        by_mode: defaultdict[str, list[tuple[Path, UnitCapture]]] = defaultdict(list)
        items, refused = set[tuple[str, int]](), 0
        for path in self.waiting():
            try:
                capture = UnitCapture.decode(read_plain(path), str(path))
                by_mode[capture.mode].append((path, capture))
            except InputError:
                refused += _set_aside(path)
        for mode, captures in by_mode.items():
            with open_store(mode) as store:
                for path, capture in captures:
                    try:
                        item = take_in(store, capture).return_id
                    except (InputError, MalformedMessage):
                        refused += _set_aside(path)
                        continue
                    items |= set() if item is None else {(mode, item)}
                    path.unlink()
        return TakenIn(len(items), refused)


def _set_aside(path: Path) -> int:
    """Keep the file under a name that is not read again; returns 1, to be counted."""
    path.replace(path.with_suffix(_REFUSED))
    return 1
