"""Run inside a small file system: the right PIN where only so many KiB of room are left."""

import os
import shutil
import sys
from pathlib import Path

from full_disk import fill_up
from store_samples import open_store

from hht.store import Mode
from hht.store.errors import StoreError

PIN = "271828"
ROOMS_KIB = range(28, 53, 4)
"""From where nothing can be opened to where everything can: a page (4 KiB) a step."""


def try_with(card: Path, room_kib: int) -> str:
    """Return what the right PIN came to, and what is counted against it."""
    filler = card / "photographs"
    fill_up(filler)
    os.truncate(filler, max(0, filler.stat().st_size - room_kib * 1024))
    try:
        with open_store(card / "data", Mode.LIVE) as store:
            try:
                store.vault.unlock(PIN)
                said = "opened"
            except StoreError as error:
                said = type(error).__name__
            counted = store.database.value("SELECT failures + interrupted + begun FROM vault")
            return f"{said}, counted {counted}"
    except StoreError as error:
        return f"{type(error).__name__}, counted 0"
    finally:
        filler.unlink()


def main(card: Path, elsewhere: Path) -> None:
    with open_store(elsewhere, Mode.LIVE) as store:
        store.vault.protect(PIN, wipe_after=3)
    for room in ROOMS_KIB:
        shutil.rmtree(card / "data", ignore_errors=True)
        (card / "data").mkdir(mode=0o700)
        shutil.copy(elsewhere / "live.db", card / "data")
        print(room, try_with(card, room))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
