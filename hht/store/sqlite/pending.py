"""A restore that was decided on: what is left of it is done before the database is opened.

The backup is whole beside the database, and a mark says that it is to take its place and what
the database before is to be called. Until the mark is there nothing has changed; from then on
every opening goes on where the one before was killed.
"""

import os
import re
import shutil
from pathlib import Path

from hht.files import read_plain, replacing, sync_file, sync_folder

_ASIDE = ".before-restore-"


def part_of(path: Path) -> Path:
    """Return where the copy of a backup is until it replaces the database."""
    return path.with_name(f"{path.name}.restored")


def mark_of(path: Path) -> Path:
    """Return the file that says that a restore is decided on."""
    return path.with_name(f"{path.name}.restoring")


def aside_of(path: Path) -> Path | None:
    """Return a free name for the database that is there; None where there is none."""
    if not path.exists() or not path.stat().st_size:
        return None
    number = 1
    while (aside := path.with_name(f"{path.name}{_ASIDE}{number}")).exists():
        number += 1
    return aside


def decide(path: Path, aside: Path | None) -> None:
    """Have the part take the database's place, whatever happens from here on."""
    sync_file(part_of(path))
    sync_folder(path.parent)
    with replacing(mark_of(path)) as mark, os.fdopen(mark, "wb") as file:
        file.write((aside.name if aside else "").encode())


def finish_restore(path: Path) -> None:
    """Do what is left of a restore that was decided on; the caller holds the database's lock."""
    mark, part = mark_of(path), part_of(path)
    for unfinished in (mark.name, f"{path.name}{_ASIDE}*"):
        for left in path.parent.glob(f".{unfinished}.*.part"):
            left.unlink()
    if not mark.exists():
        part.unlink(missing_ok=True)  # one that was not
        return
    if part.exists():
        if aside := _aside_in(mark, path):
            _keep(path, aside)
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        part.replace(path)
        sync_folder(path.parent)
    mark.unlink()


def _aside_in(mark: Path, path: Path) -> Path | None:
    """Return where what is there goes; a free name where the mark is damaged and has none."""
    name = read_plain(mark).decode("utf-8", "replace")
    is_one = re.fullmatch(re.escape(path.name + _ASIDE) + "[0-9]{1,9}", name)
    return path.with_name(name) if is_one else aside_of(path)


def _keep(path: Path, aside: Path) -> None:
    """Give the database and its WAL a second name: apart, each would be worth nothing."""
    for suffix in ("-wal", ""):
        source, target = (each.with_name(each.name + suffix) for each in (path, aside))
        if source.exists() and not target.exists():
            try:
                os.link(source, target)
            except OSError:  # a card's file system may know no second names
                _copy_whole(source, target)
    sync_folder(path.parent)


def _copy_whole(source: Path, target: Path) -> None:
    """Copy a file; its copy has its name only when all of it is on the disk."""
    with source.open("rb") as file, replacing(target) as part, os.fdopen(part, "wb") as copy:
        shutil.copyfileobj(file, copy)
