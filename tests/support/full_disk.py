"""Run inside a small file system: fill it, and see that deliveries stop before captures do."""

import sys
from pathlib import Path

from store_samples import CCS01_COMMAND, CS14_ALERT, hear, open_store, pack

from hht.gbcs.message import Message
from hht.store import CommandEvent, StoreFull
from hht.store.doctor import check_store

BLOCK = bytes(4096)


def fill_up(path: Path) -> None:
    """Take every byte that is left."""
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(BLOCK) == len(BLOCK):
                pass
        except OSError:
            return


def numbered(number: int) -> bytes:
    old = Message.parse(CS14_ALERT).counter.to_bytes(8, "big")
    return CS14_ALERT.replace(old, number.to_bytes(8, "big"), 1)


def main(folder: Path) -> None:
    filler = folder / "photographs"
    with open_store(folder / "data") as store:
        job = store.jobs.add(pack(CCS01_COMMAND))
        hear(store, numbered(0), job.id)
        fill_up(filler)
        try:
            store.commands.move(1, CommandEvent.SEND)
            print("delivery went on")
        except StoreFull as error:
            print("delivery stopped:", error)
        kept = 1
        try:
            while kept < 100_000:
                hear(store, numbered(kept), job.id)
                kept += 1
            print("the disk never got full")
        except StoreFull as error:
            print("captures stopped:", error)
        filler.unlink()
        hear(store, numbered(kept), job.id)
        print("kept", kept + 1, "of", len(store.captures.all()))
        print("wrong", [item.check for item in check_store(store) if not item.holds])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
