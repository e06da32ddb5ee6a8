"""A setting of this handheld, kept as one word in a file of the data folder where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hht.errors import HhtError
from hht.files import private_folder, read_plain, write_whole


class Remembered:
    """One of a few words; the first holds where nothing was kept, or nothing that can be read."""

    def __init__(self, data_dir: Path, name: str, choices: Sequence[str]) -> None:
        self._path = data_dir / name
        self._choices = choices
        self._unkept = ""

    @property
    def value(self) -> str:
        """What it was last set to."""
        if self._unkept:
            return self._unkept
        kept = read_text(self._path)
        return kept if kept in self._choices else self._choices[0]

    def keep(self, value: str) -> None:
        """Set it from now on; on a card that cannot be written, until the app ends."""
        self._unkept = "" if keep_text(self._path, value) else value

    def change(self) -> str:
        """Set the next one, round and round; the one it is now."""
        chosen = self._choices[(self._choices.index(self.value) + 1) % len(self._choices)]
        self.keep(chosen)
        return chosen


def read_text(path: Path) -> str:
    """Return a line that was kept; empty where none was, or it cannot be read as one."""
    try:
        kept = read_plain(path).decode().strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return kept if kept.isprintable() else ""


def keep_text(path: Path, text: str) -> bool:
    """Keep what the app can do without; whether the card could be written."""
    try:
        private_folder(path.parent)
        write_whole(path, f"{text}\n".encode("utf-8", "surrogateescape"))
    except (OSError, HhtError):
        return False
    return True
