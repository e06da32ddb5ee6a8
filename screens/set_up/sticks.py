"""USB sticks that are mounted: where desktop systems put what was plugged in."""

from __future__ import annotations

import getpass
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
    user = getpass.getuser()
    found = [stick for place in places for stick in folders_in(Path(place) / user)]
    return sorted(stick for stick in found if stick.is_mount())


def folders_in(place: Path) -> list[Path]:
    """Return the folders in a place, none where it cannot be read."""
    try:
        return [entry for entry in place.iterdir() if entry.is_dir()]
    except OSError:
        return []
