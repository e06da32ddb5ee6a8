"""USB sticks that are mounted: where desktop systems put what was plugged in."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screens.context import HhtContext

PLACES = ("/media", "/run/media")


def sticks_for(context: HhtContext) -> list[Path]:
    """Return the sticks that this app may use: none of the trainer's for a trainee."""
    return [] if context.fence else mounted_sticks()


def mounted_sticks(places: tuple[str, ...] = PLACES) -> list[Path]:
    """Return the folders that removable disks are mounted on, for the user who runs this."""
    found = [stick for place in places for stick in folders_in(Path(place) / _user())]
    return sorted(stick for stick in found if os.path.ismount(stick))


def is_pulled_out(path: Path, places: tuple[str, ...] = PLACES) -> bool:
    """Return whether a path is on a stick that is not there; a folder would be made there."""
    for folder in (Path(place) / _user() for place in places):
        if folder in path.parents:
            return not os.path.ismount(folder / path.relative_to(folder).parts[0])
    return False


def folders_in(place: Path) -> list[Path]:
    """Return the folders in a place that can be read; none of a stick that was pulled out."""
    return [entry for entry in matching(place, "*") if os.path.isdir(entry)]


def files_named(sticks: list[Path], name: str) -> list[Path]:
    """Return the files of that name in the top folders of the sticks."""
    return [stick / name for stick in sticks if os.path.isfile(stick / name)]


def matching(folder: Path, pattern: str) -> list[Path]:
    """Return what is in a folder under such names, none where it cannot be read."""
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def _user() -> str:
    """Return the user's name; none where the system has no name for this user."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
