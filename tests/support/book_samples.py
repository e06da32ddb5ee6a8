"""Books of a batch with some units in it, on either engine."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from hht.facility.batches.book_keeping import AddUnits, OpenBatch, SetBatchState
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.records import BatchState, Claim, NewUnit
from hht.facility.batches.store import BatchStore

Opener = Callable[[], BatchStore]


def eui(number: int) -> str:
    return f"00-DB-00-00-00-00-{number >> 8:02X}-{number & 255:02X}"


def fill(
    books: BatchStore, batch: str = "b1", units: int = 3, held: int = 0, first: int = 1
) -> str:
    books.do(OpenBatch(batch, f"sha-{batch}", "m.csv", "00" * 8, "training"))
    for start in range(first, first + units, 100):
        books.do(AddUnits(batch, [new(n) for n in range(start, min(start + 100, first + units))]))
    last = first + units
    books.do(AddUnits(batch, [NewUnit(eui(n), reason="x") for n in range(last, last + held)]))
    books.do(SetBatchState(batch, BatchState.OPEN))
    return batch


def new(number: int) -> NewUnit:
    content = f"package {number}".encode()
    return NewUnit(eui(number), hashlib.sha256(content).hexdigest(), b"certificate", content)


def claim(
    books: BatchStore, number: int = 1, *, bench: str = "A", session: str = "", lease: float = 30.0
) -> Claim:
    return books.do(
        ClaimUnit("b1", eui(number), session or f"{bench}-s", bench, "slot-1", lease=lease)
    )


def books_path(folder: Path) -> Path:
    return folder / "batches.db"
