"""How long a delivery took, from the journal: for the plan, the debrief and a rehearsal alike."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from hht.events import Record


def timed(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Make each record's row with its "elapsed" seconds, the sittings one after the other."""
    sitting, before, last = None, 0.0, 0.0
    for record in records:
        if record.sitting != sitting:
            sitting, before = record.sitting, last
        last = before + record.seconds
        yield {**record.row, "elapsed": last}


def delivery_seconds(rows: Sequence[Mapping[str, Any]]) -> float:
    """Return the seconds from the first sending to the last answer; 0 before that.

    `rows` are of `timed`. What is settled afterwards adds nothing.
    """
    sent = [row["elapsed"] for row in rows if row["event"] == "command_sent"]
    answered = [row["elapsed"] for row in rows if is_answer(row)]
    return max(0.0, answered[-1] - sent[0]) if sent and answered else 0.0


def is_answer(row: Mapping[str, Any]) -> bool:
    """Return whether an event is the Response to a Local Command of the job."""
    return row["event"] == "response_captured" and row["command_id"] is not None
