"""Which units of a batch an earlier batch has loaded: they still carry that batch's package."""

from typing import Any, ClassVar

from hht.facility.batches.engine import Engine
from hht.facility.batches.operation import Operation


class LoadedBefore(Operation[dict[str, int]], frozen=True, tag="loaded-before"):
    """Count the units of a batch that are not loaded yet and were in others, by those batches."""

    answer: ClassVar[Any] = dict[str, int]
    batch: str

    def apply(self, engine: Engine) -> dict[str, int]:
        rows = engine.rows(
            "SELECT earlier.batch, COUNT(*) FROM unit AS earlier"
            " WHERE earlier.state = 'loaded' AND earlier.batch <> ? AND EXISTS (SELECT 1 FROM unit"
            " WHERE batch = ? AND eui = earlier.eui AND state <> 'loaded')"
            " GROUP BY earlier.batch ORDER BY earlier.batch",
            *(self.batch, self.batch),
        )
        return {str(batch): int(units) for batch, units in rows}
