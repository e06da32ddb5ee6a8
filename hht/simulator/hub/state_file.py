"""What a hub remembers over a restart, in one JSON file that is never half written."""

import contextlib
import json
import os
from pathlib import Path
from typing import Any


class StateFile:
    """A JSON file for its owner only; it holds keys."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Any] | None:
        """Return what was saved last, or None."""
        if not self._path.exists():
            return None
        state: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
        return state

    def save(self, state: dict[str, Any]) -> None:
        """Replace the file at one stroke: killed at any moment, a process leaves old or new.

        On a full disk the old one stays until the next change, as a real hub's memory is its own.
        """
        with contextlib.suppress(OSError):
            self._replace(state)

    def _replace(self, state: dict[str, Any]) -> None:
        draft = self._path.with_suffix(".new")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(state, file)
        draft.replace(self._path)
