"""A question for a path; Enter accepts what is there, typing replaces it."""

from __future__ import annotations

import os
from pathlib import Path

from hht.texts import text
from screens.forms.typed import TypedScreen


class PathScreen(TypedScreen):
    """A form that gives back the path, once; None when the engineer left with Esc."""

    HELP = "path"

    def __init__(self, question: str, proposed: Path | None = None) -> None:
        super().__init__(
            question, str(proposed or ""), text("form.path_placeholder"), self._outside
        )

    def value_of(self, typed: str) -> Path | None:
        """Return the whole path, with ~ for the home folder, and ~name for a user's there is.

        Where it is said what came of it, the place can then be found.
        """
        return Path(os.path.expanduser(typed)).absolute() if typed else None

    def _outside(self, typed: str) -> str:
        """Return what is wrong with a path outside the folder that the app is confined to."""
        fence: Path | None = getattr(getattr(self.app, "context", None), "fence", None)
        path = self.value_of(typed)
        if fence is None or path is None or path.resolve().is_relative_to(fence.resolve()):
            return ""
        return text("form.outside", folder=fence)
