"""A setting of this handheld, kept as one word in a file of the data folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Remembered:
    """One of a few words; the first holds where nothing was kept, or nothing that can be read."""

    def __init__(self, data_dir: Path, name: str, choices: Sequence[str]) -> None:
        self._path = data_dir / name
        self._choices = choices

    @property
    def value(self) -> str:
        """What it was last set to."""
        try:
            kept = self._path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return self._choices[0]
        return kept if kept in self._choices else self._choices[0]

    def keep(self, value: str) -> None:
        """Set it from now on."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(f"{value}\n", encoding="utf-8")

    def change(self) -> str:
        """Set the next one, round and round; the one it is now."""
        chosen = self._choices[(self._choices.index(self.value) + 1) % len(self._choices)]
        self.keep(chosen)
        return chosen
