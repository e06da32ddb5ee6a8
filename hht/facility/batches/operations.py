"""What a bench does with a unit that it has claimed, and what a supervisor does with any."""

from typing import Any, ClassVar

from hht.facility.batches.engine import Engine
from hht.facility.batches.operation import LEASE_SECONDS, Operation, insert_event, log_event
from hht.facility.batches.records import UnitState


class _Move(Operation[bool], frozen=True):
    """A move of one unit by the bench that holds its fence; False where it does not any more."""

    answer: ClassVar[Any] = bool
    before: ClassVar[tuple[UnitState, ...]] = ()
    batch: str
    eui: str
    fence: int
    bench: str
    slot: str
    operator: str = ""

    def _move(
        self,
        engine: Engine,
        after: UnitState,
        what: str,
        detail: str = "",
        *,
        reason: str = "",
        receipt: str = "",
        lease: float = 0.0,
    ) -> bool:
        state = self._state(engine)
        if state == after and after not in self.before:
            return True
        if state not in self.before:
            return False
        engine.run(
            f"UPDATE unit SET state = ?, reason = ?, receipt = ?, since = {engine.now},"
            f" lease_until = {engine.now} + ? WHERE batch = ? AND eui = ?",
            after.value,
            reason,
            receipt,
            lease,
            self.batch,
            self.eui,
        )
        log_event(engine, self, self.fence, what, detail)
        return True

    def _state(self, engine: Engine) -> UnitState | None:
        """Return the unit's state; None where the fence is another bench's by now."""
        rows = engine.rows(
            f"SELECT state, fence FROM unit WHERE batch = ? AND eui = ?{engine.lock}",
            self.batch,
            self.eui,
        )
        return UnitState(rows[0][0]) if rows and rows[0][1] == self.fence else None


class Begin(_Move, frozen=True, tag="begin"):
    """Say that writing begins: from now on only the unit itself knows what it holds."""

    before = (UnitState.CLAIMED, UnitState.UNKNOWN)
    lease: float = LEASE_SECONDS

    def apply(self, engine: Engine) -> bool:
        return self._move(engine, UnitState.WRITING, "begun", lease=self.lease)


class Complete(_Move, frozen=True, tag="complete"):
    """Keep the unit's signed receipt: it is loaded."""

    before = (UnitState.WRITING,)
    receipt: str = ""

    def apply(self, engine: Engine) -> bool:
        return self._move(engine, UnitState.LOADED, "loaded", self.receipt, receipt=self.receipt)


class Settle(_Move, frozen=True, tag="settle"):
    """Settle an unknown unit from its own receipt: it was loaded, and the answer was lost."""

    before = (UnitState.UNKNOWN,)
    receipt: str = ""

    def apply(self, engine: Engine) -> bool:
        return self._move(engine, UnitState.LOADED, "settled", self.receipt, receipt=self.receipt)


class Reject(_Move, frozen=True, tag="reject"):
    """Reject the unit for good, with its reason's code."""

    before = (UnitState.CLAIMED, UnitState.WRITING, UnitState.UNKNOWN)
    reason: str = ""
    detail: str = ""

    def apply(self, engine: Engine) -> bool:
        detail = f"{self.reason}: {self.detail}" if self.detail else self.reason
        return self._move(engine, UnitState.REJECTED, "rejected", detail, reason=self.reason)


class Release(_Move, frozen=True, tag="release"):
    """Give the unit back: waiting where nothing was written, else unknown until it is asked."""

    before = (UnitState.CLAIMED, UnitState.WRITING, UnitState.UNKNOWN)
    reason: str = ""

    def apply(self, engine: Engine) -> bool:
        state = self._state(engine)
        if state is None or state not in self.before or not self._is_leased(engine):
            return state in (UnitState.WAITING, UnitState.UNKNOWN)
        after = UnitState.WAITING if state is UnitState.CLAIMED else UnitState.UNKNOWN
        return self._move(engine, after, "released", self.reason, reason=self.reason)

    def _is_leased(self, engine: Engine) -> bool:
        """Return whether the bench still has it; a unit that was given back has no lease."""
        sql = "SELECT 1 FROM unit WHERE batch = ? AND eui = ? AND lease_until > since"
        return bool(engine.rows(sql, self.batch, self.eui))


class Renew(_Move, frozen=True, tag="renew"):
    """Ask for more time."""

    before = (UnitState.CLAIMED, UnitState.WRITING, UnitState.UNKNOWN)
    lease: float = LEASE_SECONDS

    def apply(self, engine: Engine) -> bool:
        if self._state(engine) not in self.before:
            return False
        engine.run(
            f"UPDATE unit SET lease_until = {engine.now} + ? WHERE batch = ? AND eui = ?",
            self.lease,
            self.batch,
            self.eui,
        )
        return True


class Note(Operation[None], frozen=True, tag="note"):
    """Keep in the books what happened in a slot and moved no unit."""

    answer: ClassVar[Any] = None
    batch: str
    eui: str
    bench: str
    slot: str
    what: str
    operator: str = ""
    detail: str = ""

    def apply(self, engine: Engine) -> None:
        log_event(engine, self, 0, self.what, self.detail)


class Retry(Operation[bool], frozen=True, tag="retry"):
    """Let a rejected unit be tried again, on a supervisor's word; False in a closed batch."""

    answer: ClassVar[Any] = bool
    batch: str
    eui: str
    operator: str
    bench: str = ""
    slot: str = ""

    def apply(self, engine: Engine) -> bool:
        changed = engine.run(
            f"UPDATE unit SET state = 'unknown', reason = '', since = {engine.now},"
            " lease_until = 0 WHERE batch = ? AND eui = ? AND state = 'rejected'"
            " AND batch IN (SELECT id FROM batch WHERE state <> 'closed')",
            self.batch,
            self.eui,
        )
        if changed:
            log_event(engine, self, 0, "retry", "")
        return bool(changed)


class Expire(Operation[int], frozen=True, tag="expire"):
    """Take back units whose bench was not heard of; returns how many.

    What was only claimed waits again; what was being written is unknown until the unit is asked.
    """

    answer: ClassVar[Any] = int
    batch: str

    def apply(self, engine: Engine) -> int:
        rows = engine.rows(
            "SELECT eui, state, fence, bench, slot, operator FROM unit WHERE batch = ?"
            f" AND state IN ('claimed', 'writing') AND lease_until <= {engine.now}{engine.lock}",
            self.batch,
        )
        for eui, state, *row in rows:
            after = UnitState.WAITING if state == UnitState.CLAIMED else UnitState.UNKNOWN
            engine.run(
                f"UPDATE unit SET state = ?, reason = 'bench-lost', since = {engine.now}"
                " WHERE batch = ? AND eui = ?",
                after.value,
                self.batch,
                eui,
            )
            insert_event(engine, (self.batch, eui, *row, "expired", after.value))
        return len(rows)
