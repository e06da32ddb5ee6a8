"""The one interface to a batch's books, and the message form of its operations."""

from collections.abc import Iterator, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any, Protocol, TypeVar

import msgspec

from hht.errors import HhtError
from hht.facility.batches.book_keeping import (
    AddUnits,
    CountSlots,
    CountUnits,
    DiscardBatch,
    FindBatches,
    InOpenBatch,
    ListEvents,
    ListUnits,
    OpenBatch,
    Package,
    SetBatchState,
)
from hht.facility.batches.claiming import ClaimUnit
from hht.facility.batches.engine import Engine
from hht.facility.batches.loaded_before import LoadedBefore
from hht.facility.batches.operation import Operation
from hht.facility.batches.operations import (
    Begin,
    Complete,
    Expire,
    Note,
    Reject,
    Release,
    Renew,
    Retry,
    Settle,
)
from hht.facility.batches.records import EventRow, UnitRow

Answer = TypeVar("Answer")
OPERATIONS = (
    *(ClaimUnit, Begin, Complete, Settle, Reject, Release, Renew, Note, Retry, Expire),
    *(FindBatches, OpenBatch, DiscardBatch, AddUnits, Package, InOpenBatch, SetBatchState),
    *(CountUnits, CountSlots, ListUnits, ListEvents, LoadedBefore),
)


class BooksAway(HhtError):
    """The books can't be reached: the database server or the keeper is away."""

    code = "FAC-03"


class BatchStore(Protocol):
    """A batch's books; what `do` answers is on the disk."""

    def do(self, operation: Operation[Answer]) -> Answer:
        """Do one operation; BooksAway where it was not done, or may not have been."""

    def do_all(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Do several in one commit; in its place an HhtError for each that failed.

        BooksAway where none was done, or may not have been.
        """

    def close(self) -> None:
        """Let the books go."""


def apply(engine: Engine, operation: Operation[Answer]) -> Answer:
    """Do one operation in a transaction of its own."""
    with engine.transaction():
        return operation.apply(engine)


def units_of(store: BatchStore, batch: str) -> Iterator[UnitRow]:
    """List every unit of a batch by Entity Identifier, page by page."""
    page = store.do(ListUnits(batch))
    while page:
        yield from page
        page = store.do(ListUnits(batch, page[-1].eui))


def events_of(store: BatchStore, batch: str) -> Iterator[EventRow]:
    """List every event of a batch in its order, page by page."""
    page = store.do(ListEvents(batch))
    while page:
        yield from page
        page = store.do(ListEvents(batch, page[-1].id))


@cache
def decoder() -> msgspec.msgpack.Decoder[Any]:
    """Return the decoder of a message: an operation, or a list of them."""
    operation: Any = reduce(or_, OPERATIONS)
    return msgspec.msgpack.Decoder(operation | list[operation])
