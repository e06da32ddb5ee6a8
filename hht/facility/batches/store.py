"""The one interface to a batch's books, and the message form of its operations."""

from collections.abc import Iterable, Iterator
from functools import cache, reduce
from operator import or_
from queue import SimpleQueue
from typing import Any, Protocol, TypeVar

import msgspec

from hht.errors import HhtError
from hht.facility.batches.book_keeping import (
    AddUnits,
    CountSlots,
    CountUnits,
    FindBatches,
    InOpenBatch,
    ListEvents,
    ListUnits,
    OpenBatch,
    Package,
    SetBatchState,
)
from hht.facility.batches.engine import Engine
from hht.facility.batches.operations import (
    Begin,
    ClaimUnit,
    Complete,
    Expire,
    Note,
    Operation,
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
    *(FindBatches, OpenBatch, AddUnits, Package, InOpenBatch, SetBatchState),
    *(CountUnits, CountSlots, ListUnits, ListEvents),
)


class BooksAway(HhtError):
    """The books can't be reached: the database server or the keeper is away."""

    code = "FAC-03"


class BatchStore(Protocol):
    """A batch's books; what `do` answers is on the disk."""

    def do(self, operation: Operation[Answer]) -> Answer:
        """Do one operation; BooksAway where it was not done, or may not have been."""

    def close(self) -> None:
        """Let the books go."""


class SharedBooks:
    """Several connections to the same books, for threads: what they ask at once is one commit."""

    def __init__(self, connections: Iterable[BatchStore]) -> None:
        self._idle: SimpleQueue[BatchStore] = SimpleQueue()
        self._all = tuple(connections)
        for each in self._all:
            self._idle.put(each)

    def do(self, operation: Operation[Answer]) -> Answer:
        """Do it on the connection that is free, or wait for one."""
        connection = self._idle.get()
        try:
            return connection.do(operation)
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Let all of them go."""
        for each in self._all:
            each.close()


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
    """The decoder of an operation's message."""
    return msgspec.msgpack.Decoder(reduce(or_, OPERATIONS))
