"""What a hub remembers over a restart, in one JSON file that is never half written."""

import contextlib
import json
from pathlib import Path
from typing import Any

from hht.errors import HhtError
from hht.files import read_plain, write_whole


class StateFile:
    """A JSON file for its owner only; it holds keys."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> dict[str, Any] | None:
        """Return what was saved last, or None; HhtError where a hub has not saved that."""
        if not self._path.exists():
            return None
        try:
            state = json.loads(read_plain(self._path))
        except ValueError:
            state = None
        if not isinstance(state, dict):
            raise HhtError(
                "The simulated hub's memory is damaged",
                where=str(self._path),
                remedy="Remove the file: the hub then begins as before the visit.",
            )
        return state

    def save(self, state: dict[str, Any]) -> None:
        """Replace the file at one stroke: killed at any moment, a process leaves old or new.

        On a full disk the old one stays until the next change, as a real hub's memory is its own.
        """
        with contextlib.suppress(OSError):
            write_whole(self._path, json.dumps(state).encode(), synced=False)
