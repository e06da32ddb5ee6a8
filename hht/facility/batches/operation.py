"""An operation on a batch's books, as a message: the same over a pipe, on either engine.

A move is conditional on the unit and on the fence of the claim it belongs to, writes its event in
the same transaction, and may be repeated: a bench that lost the answer asks again.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import msgspec

from hht.facility.batches.engine import Engine

Answer = TypeVar("Answer")
LEASE_SECONDS = 30.0
"""A bench that has not been heard of for this long has lost its unit; a write lasts a second."""


class Operation(msgspec.Struct, Generic[Answer], frozen=True):
    """One request to the books; `answer` is the type of what comes back."""

    answer: ClassVar[Any]

    def apply(self, engine: Engine) -> Answer:
        """Do it, inside a transaction that the caller began."""
        raise NotImplementedError


class Presented(Protocol):
    """What names a unit, and where it was presented."""

    @property
    def batch(self) -> str: ...

    @property
    def eui(self) -> str: ...

    @property
    def bench(self) -> str: ...

    @property
    def slot(self) -> str: ...

    @property
    def operator(self) -> str: ...


def log_event(engine: Engine, said: Presented, fence: int, what: str, detail: str) -> None:
    """Keep in the books what was done with the unit that an operation names."""
    place = (said.batch, said.eui, fence, said.bench, said.slot, said.operator)
    insert_event(engine, (*place, what, str(detail)))


def insert_event(engine: Engine, row: Sequence[Any]) -> None:
    """Keep an event: batch, unit, fence, bench, slot, operator, what, and its detail."""
    engine.run(
        "INSERT INTO event (batch, eui, fence, bench, slot, operator, what, detail, at)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, {engine.now})",
        *row,
    )
