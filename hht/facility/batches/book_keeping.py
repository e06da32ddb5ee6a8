"""Operations on a batch as a whole: it is opened, filled, counted, listed and closed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec.structs import replace

from hht.errors import HhtError
from hht.facility.batches.claiming import PACKAGE_OF
from hht.facility.batches.engine import Engine
from hht.facility.batches.operation import Operation
from hht.facility.batches.records import (
    BatchRow,
    BatchState,
    Counts,
    EventRow,
    NewUnit,
    SlotCount,
    UnitRow,
    UnitState,
)

RECENT_SECONDS = 15 * 60.0
"""Units an hour are reckoned over this time: long enough for a steady figure, short enough to see
a slot go bad."""
PAGE = 500
"""Rows of one answer; a longer list is asked for page by page, so memory does not grow with it."""

_BATCH = "SELECT id, manifest_sha256, state, opened, facility, mode, manifest FROM batch"


class FindBatches(Operation[list[BatchRow]], frozen=True, tag="batches"):
    """List the batches, the newest first; `only_open` leaves out those that are closed."""

    answer: ClassVar[Any] = list[BatchRow]
    only_open: bool = False

    def apply(self, engine: Engine) -> list[BatchRow]:
        which = " WHERE state <> 'closed'" if self.only_open else ""
        rows = engine.rows(f"{_BATCH}{which} ORDER BY opened DESC, id")
        return [_batch_row(row) for row in rows]


class OpenBatch(Operation[BatchRow], frozen=True, tag="open-batch"):
    """Open a batch for a manifest, or find the one that is open for it already."""

    answer: ClassVar[Any] = BatchRow
    id: str
    manifest_sha256: str
    manifest: str
    facility: str
    mode: str

    def apply(self, engine: Engine) -> BatchRow:
        found = engine.rows(
            f"{_BATCH} WHERE manifest_sha256 = ? AND state <> 'closed'{engine.lock}",
            self.manifest_sha256,
        )
        if found:
            return _batch_row(found[0])
        name = self._free_name(engine)
        engine.run(
            "INSERT INTO batch (id, manifest_sha256, manifest, state, opened, facility, mode)"
            f" VALUES (?, ?, ?, 'building', CAST({engine.now} * 1000 AS BIGINT), ?, ?)",
            name,
            self.manifest_sha256,
            self.manifest,
            self.facility,
            self.mode,
        )
        return _batch_row(engine.rows(f"{_BATCH} WHERE id = ?", name)[0])

    def _free_name(self, engine: Engine) -> str:
        """Return the id, with a number where one of this manifest was closed in the same minute."""
        alike = engine.rows(
            "SELECT id FROM batch WHERE manifest_sha256 = ? AND (id = ? OR id LIKE ?)",
            *(self.manifest_sha256, self.id, f"{self.id}-%"),
        )
        return f"{self.id}-{len(alike) + 1}" if alike else self.id


class DiscardBatch(Operation[bool], frozen=True, tag="discard"):
    """Forget a batch that was never ready, so that its units are free; False for any other."""

    answer: ClassVar[Any] = bool
    batch: str
    reason: str = ""

    def apply(self, engine: Engine) -> bool:
        rows = engine.rows(f"SELECT state FROM batch WHERE id = ?{engine.lock}", self.batch)
        if not rows or rows[0][0] != BatchState.BUILDING:
            return False
        for table, column in (("package", "batch"), ("unit", "batch"), ("batch", "id")):
            engine.run(f"DELETE FROM {table} WHERE {column} = ?", self.batch)
        engine.run(
            "INSERT INTO event (batch, eui, fence, bench, slot, operator, what, detail, at)"
            f" VALUES (?, '', 0, '', '', '', 'batch-discarded', ?, {engine.now})",
            *(self.batch, self.reason),
        )
        return True


class AddUnits(Operation[int], frozen=True, tag="add-units"):
    """Add units with their packages; those that are there with one stay as they are.

    A unit that was held gets its package and waits. Returns how many were added or completed;
    HhtError where the batch is closed.
    """

    answer: ClassVar[Any] = int
    batch: str
    units: list[NewUnit]

    def apply(self, engine: Engine) -> int:
        rows = engine.rows(f"SELECT state FROM batch WHERE id = ?{engine.lock}", self.batch)
        if rows and rows[0][0] == BatchState.CLOSED:
            raise HhtError("The batch is closed", where=self.batch)
        return sum(self._add(engine, unit) for unit in self.units)

    def _add(self, engine: Engine, unit: NewUnit) -> bool:
        known = engine.rows(
            "SELECT state FROM unit WHERE batch = ? AND eui = ?", self.batch, unit.eui
        )
        if known and (known[0][0] != UnitState.HELD or not unit.package):
            return False
        state = UnitState.WAITING if unit.package else UnitState.HELD
        if known:
            engine.run(
                f"UPDATE unit SET state = ?, digest = ?, reason = '', since = {engine.now}"
                " WHERE batch = ? AND eui = ?",
                *(state.value, unit.digest, self.batch, unit.eui),
            )
        else:
            engine.run(
                "INSERT INTO unit (batch, eui, digest, state, reason, since)"
                f" VALUES (?, ?, ?, ?, ?, {engine.now})",
                *(self.batch, unit.eui, unit.digest, state.value, unit.reason),
            )
        if unit.package:
            engine.run(
                "INSERT INTO package (batch, eui, certificate, content) VALUES (?, ?, ?, ?)",
                *(self.batch, unit.eui, unit.certificate, unit.package),
            )
        return True


class Package(Operation[tuple[bytes, bytes] | None], frozen=True, tag="package"):
    """Fetch a unit's certificate (DER) and package; None for a unit that has none here."""

    answer: ClassVar[Any] = tuple[bytes, bytes] | None
    batch: str
    eui: str

    def apply(self, engine: Engine) -> tuple[bytes, bytes] | None:
        rows = engine.rows(PACKAGE_OF, self.batch, self.eui)
        return (bytes(rows[0][0]), bytes(rows[0][1])) if rows else None


class InOpenBatch(Operation[dict[str, str]], frozen=True, tag="in-open-batch"):
    """Find the open batch of each of these units that is in one, but for this manifest's own."""

    answer: ClassVar[Any] = dict[str, str]
    euis: list[str]
    manifest_sha256: str = ""

    def apply(self, engine: Engine) -> dict[str, str]:
        if not self.euis:
            return {}
        rows = engine.rows(
            "SELECT unit.eui, unit.batch FROM unit JOIN batch ON batch.id = unit.batch"
            f" WHERE unit.eui IN ({', '.join('?' * len(self.euis))})"
            " AND unit.in_open_batch = 1 AND batch.manifest_sha256 <> ?",
            *self.euis,
            self.manifest_sha256,
        )
        return {str(eui): str(batch) for eui, batch in rows}


class SetBatchState(Operation[bool], frozen=True, tag="batch-state"):
    """Open, pause or close a batch; False where it is not in a state for that.

    Closing is refused while a unit is claimed or being written.
    """

    answer: ClassVar[Any] = bool
    batch: str
    state: BatchState
    operator: str = ""

    def apply(self, engine: Engine) -> bool:
        rows = engine.rows(f"SELECT state FROM batch WHERE id = ?{engine.lock}", self.batch)
        if not rows or rows[0][0] == BatchState.CLOSED:
            return bool(rows) and self.state is BatchState.CLOSED
        if self.state is BatchState.CLOSED and not self._close_units(engine):
            return False
        engine.run("UPDATE batch SET state = ? WHERE id = ?", self.state.value, self.batch)
        if rows[0][0] != self.state:
            engine.run(
                "INSERT INTO event (batch, eui, fence, bench, slot, operator, what, detail, at)"
                f" VALUES (?, '', 0, '', '', ?, ?, '', {engine.now})",
                *(self.batch, self.operator, f"batch-{self.state.value}"),
            )
        return True

    def _close_units(self, engine: Engine) -> bool:
        # A claim that is under way holds its unit and has seen the batch open: it is waited for.
        if engine.lock:
            held = f"SELECT eui FROM unit WHERE batch = ? ORDER BY eui{engine.lock}"
            engine.rows(f"SELECT COUNT(*) FROM ({held}) AS held", self.batch)
        busy = "SELECT 1 FROM unit WHERE batch = ? AND state IN ('claimed', 'writing')"
        if engine.rows(busy, self.batch):
            return False
        engine.run("UPDATE unit SET in_open_batch = 0 WHERE batch = ?", self.batch)
        return True


class CountUnits(Operation[Counts | None], frozen=True, tag="counts"):
    """Count the units by state, and what the last quarter of an hour of the work brought."""

    answer: ClassVar[Any] = Counts | None
    batch: str

    def apply(self, engine: Engine) -> Counts | None:
        states = engine.rows(f"SELECT state, {engine.now} FROM batch WHERE id = ?", self.batch)
        if not states:
            return None
        counted = engine.rows(
            "SELECT state, COUNT(*), SUM(CASE WHEN tries > 0 THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN tries = 1 THEN 1 ELSE 0 END) FROM unit WHERE batch = ? GROUP BY state",
            self.batch,
        )
        first = [int(row[3]) for row in counted if row[0] == UnitState.LOADED]
        counts = Counts(
            state=BatchState(states[0][0]),
            now=float(states[0][1]),
            presented=sum(int(row[2]) for row in counted),
            first_try=sum(first),
            **{str(row[0]): int(row[1]) for row in counted},
        )
        return self._with_pace(engine, counts)

    def _with_pace(self, engine: Engine, counts: Counts) -> Counts:
        """Add what the quarter of an hour before now brought; before the last unit at the end."""
        loaded = "FROM unit WHERE batch = ? AND state = 'loaded'"
        end = f"SELECT MAX(since) {loaded}"
        now = float((counts.is_over and engine.rows(end, self.batch)[0][0]) or counts.now)
        recent = f"SELECT COUNT(*), MIN(since) {loaded} AND since > ?"
        count, since = engine.rows(recent, self.batch, now - RECENT_SECONDS)[0]
        return replace(counts, now=now, recent=int(count), recent_since=float(since or 0.0))


class CountSlots(Operation[list[SlotCount]], frozen=True, tag="slots"):
    """Count what each slot of each bench has finished: a bad cable shows as one slot's yield."""

    answer: ClassVar[Any] = list[SlotCount]
    batch: str

    def apply(self, engine: Engine) -> list[SlotCount]:
        rows = engine.rows(
            "SELECT bench, slot, SUM(CASE WHEN state = 'loaded' THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN state = 'rejected' THEN 1 ELSE 0 END),"
            " SUM(CASE WHEN state = 'loaded' AND tries = 1 THEN 1 ELSE 0 END)"
            " FROM unit WHERE batch = ? AND state IN ('loaded', 'rejected')"
            " GROUP BY bench, slot ORDER BY bench, slot",
            self.batch,
        )
        return [SlotCount(row[0], row[1], *map(int, row[2:])) for row in rows]


class ListUnits(Operation[list[UnitRow]], frozen=True, tag="units"):
    """List one page of units by Entity Identifier, those behind `after`."""

    answer: ClassVar[Any] = list[UnitRow]
    batch: str
    after: str = ""

    def apply(self, engine: Engine) -> list[UnitRow]:
        rows = engine.rows(
            "SELECT eui, state, digest, tries, bench, slot, operator, reason, receipt, since"
            f" FROM unit WHERE batch = ? AND eui > ? ORDER BY eui LIMIT {PAGE}",
            self.batch,
            self.after,
        )
        return [UnitRow(row[0], UnitState(row[1]), *row[2:]) for row in rows]


class ListEvents(Operation[list[EventRow]], frozen=True, tag="events"):
    """List one page of events in their order, those behind the event `after`."""

    answer: ClassVar[Any] = list[EventRow]
    batch: str
    after: int = 0

    def apply(self, engine: Engine) -> list[EventRow]:
        rows = engine.rows(
            "SELECT id, eui, fence, bench, slot, operator, at, what, detail FROM event"
            f" WHERE batch = ? AND id > ? ORDER BY id LIMIT {PAGE}",
            self.batch,
            self.after,
        )
        return [EventRow(*row) for row in rows]


def _batch_row(row: Sequence[Any]) -> BatchRow:
    return BatchRow(row[0], row[1], BatchState(row[2]), *row[3:])
