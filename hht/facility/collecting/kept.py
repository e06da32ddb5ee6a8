"""Captures that a bench has collected: files in the data folder until they are in the queue."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from hht.facility.collecting.taking_in import take_in
from hht.facility.wire.capture import UnitCapture
from hht.files import private_folder, read_plain, write_whole

if TYPE_CHECKING:
    from hht.store import Store

FOLDER = "collected"
_SUFFIX = ".capture"


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

    def take_all(self, open_store: Callable[[str], "AbstractContextManager[Store]"]) -> int:
        """Take everything in, each mode's into its own database; returns how many items that made.

        A file goes when its capture is in the database. InputError for one that is no capture.
        """
        by_mode: defaultdict[str, list[tuple[Path, UnitCapture]]] = defaultdict(list)
        for path in self.waiting():
            capture = UnitCapture.decode(read_plain(path), str(path))
            by_mode[capture.mode].append((path, capture))
        items = set()
        for mode, captures in by_mode.items():
            with open_store(mode) as store:
                for path, capture in captures:
                    items.add((mode, take_in(store, capture).return_id))
                    path.unlink()
        return len([item for _, item in items if item is not None])
