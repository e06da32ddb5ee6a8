"""Whose the data folder is: only its owner may write to it, and nothing in it leads elsewhere."""

import os
import stat
import sys
from pathlib import Path

from hht.store.errors import StoreForeign, StoreReadOnly

_OURS_ALONE = ("-shm", "-journal", ".lock", ".reserve", ".restored", ".restoring")
SUFFIXES = ("", "-wal", *_OURS_ALONE)  # the first two have two names during a restore


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
        _check_file(path.with_name(path.name + suffix), may_have_names=suffix not in _OURS_ALONE)


def make_private(path: Path) -> None:
    """Make the folder and the file so that only their owner can read them."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        check_owner(path)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreReadOnly(
            f"The database cannot be written ({error.strerror})",
            where=str(path),
            remedy="Check who owns the file and its folder, or choose another with --data-dir.",
        ) from None


def check_names(path: Path) -> None:
    """Raise StoreReadOnly where the database or its WAL has a second name, a hard link.

    By that another program would write to the one without knowing of the other, or of our lock.
    """
    for suffix in () if sys.platform == "win32" else ("", "-wal"):
        file = path.with_name(path.name + suffix)
        if file.exists() and file.stat().st_nlink > 1:
            raise StoreReadOnly(
                "The file has a second name elsewhere, by which it could be written to",
                where=str(file),
                remedy="Remove that name, or put a copy of the file in its place here.",
            )


def _check_file(file: Path, *, may_have_names: bool) -> None:
    try:
        status = file.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode) and (may_have_names or status.st_nlink == 1):
        return
    is_link = stat.S_ISLNK(status.st_mode) or stat.S_ISREG(status.st_mode)
    raise StoreForeign(
        "The file is a link to somewhere else" if is_link else "It is no plain file",
        where=str(file),
        remedy="Look who put it there, and take it away.",
    )
