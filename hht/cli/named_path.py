"""A path that may be a folder: an empty one, of a shell's unset variable, is no current folder."""

from pathlib import Path

import typer


def named_path(text: str) -> Path:
    """Return the path that is named; an empty text names none and is wrong usage."""
    if not text:
        raise typer.BadParameter("the path is empty")
    return Path(text)
