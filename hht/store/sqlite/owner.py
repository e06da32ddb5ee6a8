"""Whose the data folder is: only its owner may write to it, and nothing in it leads elsewhere."""

import os
import stat
import sys
from pathlib import Path

from hht.store.errors import StoreForeign

SUFFIXES = ("", "-wal", "-shm", ".lock", ".reserve", ".restored", ".restoring")


def check_owner(path: Path) -> None:
    """Raise StoreForeign where another user could put files, or links, in the folder."""
    if sys.platform == "win32":
        return  # the folder's access list decides there, and a profile's is private
    folder = path.parent
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise StoreForeign(
            "The data folder belongs to another user",
            where=str(folder),
            remedy="Choose a folder of your own with --data-dir.",
        )
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StoreForeign(
            "Others may write to the data folder",
            where=str(folder),
            remedy=f"Take that right away: chmod go-w {folder}",
        )
    for suffix in SUFFIXES:
        file = path.with_name(path.name + suffix)
        if file.is_symlink():
            raise StoreForeign(
                "The file is a link to somewhere else",
                where=str(file),
                remedy="Look who put it there, and take it away.",
            )
