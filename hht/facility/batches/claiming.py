"""The claim of a unit: who has it for how long, and why it is not given."""

from typing import Any, ClassVar

import msgspec

from hht.facility.batches.engine import Engine
from hht.facility.batches.operation import LEASE_SECONDS, Operation, log_event
from hht.facility.batches.records import (
    IDENTITY_UNPROVEN,
    BatchState,
    Claim,
    ClaimResult,
    UnitState,
)

PACKAGE_OF = "SELECT certificate, content FROM package WHERE batch = ? AND eui = ?"


class ClaimUnit(Operation[Claim], frozen=True, tag="claim"):
    """Ask for the unit that has proven this identity; `session` names this time in this slot."""

    answer: ClassVar[Any] = Claim
    batch: str
    eui: str
    session: str
    bench: str
    slot: str
    operator: str = ""
    lease: float = LEASE_SECONDS

    def apply(self, engine: Engine) -> Claim:
        claim = self._claim(engine)
        rows = engine.rows(PACKAGE_OF, self.batch, self.eui)
        if not rows:
            return claim
        certificate, package = map(bytes, rows[0])
        return msgspec.structs.replace(claim, certificate=certificate, package=package)

    def _claim(self, engine: Engine) -> Claim:
        rows = engine.rows(
            f"SELECT state, fence, session, lease_until > {engine.now}, digest, tries, since,"
            f" bench, slot, reason FROM unit WHERE batch = ? AND eui = ?{engine.lock}",
            self.batch,
            self.eui,
        )
        if not rows:
            return self._refused(engine, Claim(ClaimResult.NOT_IN_BATCH))
        state, fence, session, leased, digest, tries, since, bench, slot, reason = rows[0]
        known = Claim(ClaimResult.BUSY, fence, digest, tries, since, bench, slot, reason)
        if session == self.session and state in ("claimed", "unknown") and leased:
            return msgspec.structs.replace(known, result=ClaimResult(state))
        # A slot has one unit at a time: the one that was there before, with its lease, is gone.
        leased = leased and (bench, slot) != (self.bench, self.slot)
        result = self._result(state, bool(leased), reason)
        if result not in (ClaimResult.CLAIMED, ClaimResult.UNKNOWN):
            return self._refused(engine, msgspec.structs.replace(known, result=result))
        if _batch_state(engine, self.batch) is not BatchState.OPEN:
            return Claim(ClaimResult.NOT_OPEN)
        # What a bench had that has died was not given back, and its end is no fault of the unit.
        tries += state not in (UnitState.CLAIMED, UnitState.WRITING)
        self._take(engine, result, tries)
        log_event(engine, self, fence + 1, "claimed", result)
        return Claim(result, fence + 1, digest, tries)

    def _result(self, state: str, leased: bool, reason: str) -> ClaimResult:
        if state in (UnitState.CLAIMED, UnitState.WRITING, UnitState.UNKNOWN) and leased:
            return ClaimResult.BUSY
        if state in (UnitState.WRITING, UnitState.UNKNOWN):
            return ClaimResult.UNKNOWN
        if state in (UnitState.WAITING, UnitState.CLAIMED):
            return ClaimResult.CLAIMED
        if state == UnitState.REJECTED and reason == IDENTITY_UNPROVEN:
            return ClaimResult.CLAIMED
        return ClaimResult(state)

    def _take(self, engine: Engine, result: ClaimResult, tries: int) -> None:
        engine.run(
            "UPDATE unit SET state = ?, fence = fence + 1, session = ?, bench = ?, slot = ?,"
            f" operator = ?, lease_until = {engine.now} + ?, tries = ?, reason = '',"
            f" since = {engine.now} WHERE batch = ? AND eui = ?",
            result.value,
            self.session,
            self.bench,
            self.slot,
            self.operator,
            self.lease,
            tries,
            self.batch,
            self.eui,
        )

    def _refused(self, engine: Engine, claim: Claim) -> Claim:
        """Keep in the books that the unit was presented, and why it was not given."""
        log_event(engine, self, claim.fence, "presented", claim.result)
        return claim


def _batch_state(engine: Engine, batch: str) -> BatchState | None:
    rows = engine.rows("SELECT state FROM batch WHERE id = ?", batch)
    return BatchState(rows[0][0]) if rows else None
