"""A question for a path; Enter takes what stands there, typing replaces it."""

from __future__ import annotations

from pathlib import Path

from screens.catalogue import text
from screens.forms.typed import TypedScreen


class PathScreen(TypedScreen):
    """Gives back the path, once; None when the engineer went away with Esc."""

    HELP = "path"

    def __init__(self, question: str, proposed: Path | None = None) -> None:
        super().__init__(question, str(proposed or ""), text("form.path_placeholder"))

    def value_of(self, typed: str) -> Path | None:
        """The path, with ~ for the home folder."""
        return Path(typed).expanduser() if typed else None
