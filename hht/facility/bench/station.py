"""What the sessions of a bench share, and what one of them knows of its unit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hht.clock import Clock
from hht.entity_id import EntityId
from hht.facility.batches.operation import Operation
from hht.facility.batches.queue import BooksQueue
from hht.facility.batches.records import Claim, ClaimResult

Answer = TypeVar("Answer")


@dataclass
class Station:
    """What all sessions of a bench share; `operator` may change with the shift."""

    books: BooksQueue
    batch: str
    bench: str
    clock: Clock
    operator: str = ""
    expected: EntityId | None = None
    """The unit whose label was scanned; the next that is plugged in must be it."""
    keep: Callable[[bytes], None] = lambda capture: None
    """Keeps a capture of a unit, durably on return."""

    async def do(self, operation: Operation[Answer]) -> Answer:
        """Do an operation on the books without holding up the other slots."""
        return await self.books.do(operation)


@dataclass
class Unit:
    """The unit in the slot, as it has proven itself."""

    eui: EntityId
    certificate: bytes
    """Its Digital Signing certificate."""
    package: bytes = field(default=b"", repr=False)
    claim: Claim = field(default_factory=lambda: Claim(ClaimResult.BUSY))

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its package."""
        return bytes.fromhex(self.claim.digest)


class Stop(Exception):
    """The session ends here, with this outcome."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
