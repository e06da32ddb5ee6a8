"""Where this handheld has written its exports, the newest folder first."""

from __future__ import annotations

import os
from pathlib import Path

from hht.files import read_plain
from screens.remembered import keep_text
from screens.set_up.sticks import is_pulled_out

REMEMBERED = "export-folders"
MOST = 3  # beside the usual folder and the sticks: as many as a form shows at 53 by 20


def recent_folders(data_dir: Path) -> list[Path]:
    """Return those that are still there, or could be made there."""
    try:
        lines = read_plain(data_dir / REMEMBERED).decode().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    found = [Path(line) for line in lines if line and os.path.isdir(Path(line).parent)]
    return [each for each in found if not is_pulled_out(each)]


def remember_folder(data_dir: Path, folder: Path) -> None:
    """Offer this one first from now on, where the card can be written."""
    others = [each for each in recent_folders(data_dir) if each != folder]
    lines = [str(each) for each in (folder, *others)[:MOST]]
    keep_text(data_dir / REMEMBERED, "\n".join(lines))
