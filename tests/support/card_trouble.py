"""Run inside a small file system: what can still be done on a card that is full or read-only."""

import os
import subprocess
import sys
from pathlib import Path

import warm_start
from full_disk import fill_up, numbered
from store_samples import CCS01_COMMAND, CS14_ALERT, hear, open_store, pack

from hht.store import Mode
from hht.store.errors import StoreError

PIN = "271828"


def hht(card: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return warm_start.run("hht", "--data-dir", card / "data", *arguments)


def leave_unclean(card: Path, count: int) -> None:
    """Captures by a program that is killed: they are in the WAL alone."""
    if os.fork() == 0:
        store = open_store(card / "data", Mode.LIVE)
        if store.vault.is_locked:
            store.vault.unlock(PIN)
        for number in range(count):
            hear(store, CS14_ALERT + bytes([number]), 1)
        os._exit(0)
    os.wait()


def show(name: str, run: subprocess.CompletedProcess[str], *, wanted: str) -> None:
    """Print whether it went well, with the line of the error where it did not."""
    fine = run.returncode == 0 and wanted in run.stdout
    print(name, "fine" if fine else f"FAILS: {run.stdout[-300:]} {run.stderr[-300:]}")


def look(card: Path, out: Path, name: str) -> None:
    show(f"{name}: list", hht(card, "queue", "list", "--mode", "live"), wanted="8.13")
    show(f"{name}: show", hht(card, "jobs", "list", "--mode", "live"), wanted="JOB-0001")
    export = hht(card, "queue", "export", "--out", out / name, "--mode", "live")
    show(f"{name}: export", export, wanted="manifest.json")
    receipts = hht(card, "queue", "receipts", "--out", out / f"{name}.json", "--mode", "live")
    show(f"{name}: receipts", receipts, wanted="receipts in")
    backup = hht(card, "backup", out / f"{name}.db", "--mode", "live")
    show(f"{name}: back up", backup, wanted=".db")


def main(card: Path, out: Path, protected: bool) -> None:
    with open_store(card / "data", Mode.LIVE) as store:
        job = store.jobs.add(pack(CCS01_COMMAND, mode=None))
        hear(store, numbered(0), job.id)
        if protected:
            store.vault.protect(PIN, wipe_after=3)
    leave_unclean(card, 3)
    fill_up(card / "photographs")
    print("free", os.statvfs(card).f_bavail)
    look(card, out, "full")
    show("full: forget", hht(card, "queue", "forget", "--mode", "live"), wanted="")
    fill_up(card / "more photographs")
    for _ in range(2):  # the right PIN, again and again, where nothing at all can be written
        look(card, out / "again", "full")
        subprocess.run(["rm", "-rf", str(out / "again")], check=True)
    for name in ("photographs", "more photographs"):
        (card / name).unlink()
    leave_unclean(card, 5)
    subprocess.run(["mount", "-o", "remount,ro", str(card)], check=True)
    look(card, out, "read-only")
    subprocess.run(["mount", "-o", "remount,rw", str(card)], check=True)
    try:
        with open_store(card / "data", Mode.LIVE) as store:
            if protected:
                store.vault.unlock(PIN)
            print("kept", len(store.captures.all()), "of 6", store.verify_trail().said)
    except StoreError as error:
        print("kept nothing:", error)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "PIN")
