"""What the books of a batch say: states, answers to a claim, and rows."""

from enum import StrEnum

import msgspec


class UnitState(StrEnum):
    """Where a unit is; `unknown` means that something was written and the end was not seen."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    WRITING = "writing"
    UNKNOWN = "unknown"
    LOADED = "loaded"
    REJECTED = "rejected"
    HELD = "held"


class BatchState(StrEnum):
    """`building` until every package is made; no unit is claimed but in an open batch."""

    BUILDING = "building"
    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"

    @property
    def is_closed(self) -> bool:
        return self is BatchState.CLOSED


class ClaimResult(StrEnum):
    """The answers to a bench that asks for a unit. The first two give it the unit."""

    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    LOADED = "loaded"
    REJECTED = "rejected"
    HELD = "held"
    BUSY = "busy"
    NOT_IN_BATCH = "not-in-batch"
    NOT_OPEN = "not-open"


IDENTITY_UNPROVEN = "identity-unproven"
"""The one reason that a unit lifts by itself: it proves its identity after all."""


class Claim(msgspec.Struct, frozen=True):
    """The answer to a claim; `fence` must be given with every move that follows.

    `digest` is the SHA-256 of the package, hexadecimal. `since`, `bench`, `slot` and `reason` say
    what became of a unit that is not given. `certificate` (DER) and `package` are there where the
    books hold some, whatever the result: the certificate proves who asks.
    """

    result: ClaimResult
    fence: int = 0
    digest: str = ""
    tries: int = 0
    since: float = 0.0
    bench: str = ""
    slot: str = ""
    reason: str = ""
    certificate: bytes = b""
    package: bytes = b""

    def __repr__(self) -> str:
        """Leave the package out."""
        return f"Claim({self.result}, fence={self.fence}, tries={self.tries})"

    @property
    def is_given(self) -> bool:
        """Whether the bench has the unit now."""
        return self.result in (ClaimResult.CLAIMED, ClaimResult.UNKNOWN)


class BatchRow(msgspec.Struct, frozen=True):
    """One batch; `opened` in milliseconds since 1970, `facility` the signing key's name in hex."""

    id: str
    manifest_sha256: str
    state: BatchState
    opened: int
    facility: str
    mode: str
    manifest: str = ""


class UnitRow(msgspec.Struct, frozen=True):
    """One unit of a batch."""

    eui: str
    state: UnitState
    digest: str
    tries: int
    bench: str
    slot: str
    operator: str
    reason: str
    receipt: str
    since: float


class NewUnit(msgspec.Struct, frozen=True):
    """A unit with its package; without one it is held, and `reason` says why."""

    eui: str
    digest: str = ""
    certificate: bytes = b""
    package: bytes = b""
    reason: str = ""


class EventRow(msgspec.Struct, frozen=True):
    """One thing that happened, at the server's time (seconds since 1970)."""

    id: int
    eui: str
    fence: int
    bench: str
    slot: str
    operator: str
    at: float
    what: str
    detail: str


class SlotCount(msgspec.Struct, frozen=True):
    """What one slot has done: units it finished, and of the loaded those at the first try."""

    bench: str
    slot: str
    loaded: int
    rejected: int
    first_try: int


class Counts(msgspec.Struct, frozen=True):
    """Where the units of a batch are; `recent` were loaded in the last 15 minutes."""

    state: BatchState
    waiting: int = 0
    claimed: int = 0
    writing: int = 0
    unknown: int = 0
    loaded: int = 0
    rejected: int = 0
    held: int = 0
    presented: int = 0
    first_try: int = 0
    recent: int = 0
    recent_since: float = 0.0
    now: float = 0.0

    @property
    def total(self) -> int:
        """How many units the manifest has."""
        return sum(getattr(self, state.value) for state in UnitState)

    @property
    def left(self) -> int:
        """How many are still to be loaded."""
        return self.waiting + self.claimed + self.writing + self.unknown

    @property
    def is_over(self) -> bool:
        """Whether the batch is closed, or none is left to be loaded."""
        return self.state.is_closed or not self.left

    @property
    def units_an_hour(self) -> int:
        """The pace of the last quarter of an hour, or of what there was of it; 0 without any.

        Once all is over it is that of the work's end, and stays.
        """
        seconds = self.now - self.recent_since
        # Two units a moment apart are no pace.
        return round((self.recent - 1) / seconds * 3600) if self.recent > 1 and seconds > 0 else 0

    @property
    def seconds_left(self) -> int | None:
        """How long the rest will last at that pace; None without one."""
        return round(self.left / self.units_an_hour * 3600) if self.units_an_hour else None
