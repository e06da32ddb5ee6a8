"""`hht facility status`: where every unit of a batch is, slot by slot, and how long it takes."""

from typing import TYPE_CHECKING

import typer

from hht.cli.context import JsonOption, print_result, print_row
from hht.cli.facility.options import BatchArgument, StoreOption, find_batch, open_books
from hht.spans import counted

if TYPE_CHECKING:
    from hht.facility.batches.records import BatchRow, Counts
    from hht.facility.batches.store import BatchStore

_STATES = ("waiting", "claimed", "writing", "unknown", "loaded", "rejected", "held")


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("status")(status)


def status(
    context: typer.Context,
    batch: BatchArgument = "",
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say where the units of a batch are. What each slot has done, and which were rejected."""
    from hht.facility.batches.book_keeping import CountSlots

    with open_books(context, batch_store) as books:
        found = find_batch(books, batch)
        for slot in books.do(CountSlots(found.id)):
            row = {
                "event": "slot",
                "bench": slot.bench,
                "slot": slot.slot,
                "loaded": slot.loaded,
                "rejected": slot.rejected,
                "first_pass": _share(slot.first_try, slot.loaded + slot.rejected),
            }
            line = "{bench} {slot}: {loaded} loaded, {rejected} rejected, first pass {first_pass}"
            print_row(row, line, as_json)
        _print_refused(books, found, as_json)
        print_summary(books, found, as_json)


def print_summary(books: "BatchStore", batch: "BatchRow", as_json: bool) -> None:
    """Print where the units are, after taking back those of benches that are gone."""
    from hht.facility.batches.book_keeping import CountUnits
    from hht.facility.batches.operations import Expire

    books.do(Expire(batch.id))
    counts = books.do(CountUnits(batch.id))
    if counts is None:
        return
    row: dict[str, object] = {"event": "summary", "batch": batch.id, "state": counts.state.value}
    row |= {state: getattr(counts, state) for state in _STATES}
    row |= {
        "units_an_hour": counts.units_an_hour,
        "first_pass": _share(counts.first_try, counts.presented),
        "seconds_left": counts.seconds_left,
    }
    print_result(row, _text(batch, counts), as_json)


def _text(batch: "BatchRow", counts: "Counts") -> str:
    states = ", ".join(f"{getattr(counts, state):,} {state}" for state in _STATES)
    an_hour = counts.units_an_hour
    pace = f"{counted(an_hour, 'unit')} an hour" if an_hour else "no pace yet"
    end = "" if counts.left or counts.state.is_closed else "; none is left: 'hht facility close'"
    return f"batch {batch.id} ({counts.state.value}): {states}; {pace}{end}"


def _print_refused(books: "BatchStore", batch: "BatchRow", as_json: bool) -> None:
    """Name the units that need somebody: rejected, held and unknown ones."""
    from hht.facility.batches.store import units_of
    from hht.facility.bench.outcomes import Outcome

    for unit in units_of(books, batch.id):
        if unit.state not in ("rejected", "held", "unknown"):
            continue
        words = Outcome(unit.reason, unit.eui).words if unit.reason in _outcomes() else None
        row = {
            "event": "unit",
            "eui": unit.eui,
            "state": unit.state.value,
            "code": unit.reason,
            "what": words.what if words else "",
            "remedy": words.remedy if words else "",
        }
        said = f": {words.what}. {words.remedy}" if words else ""
        print_result(row, "{eui} {state} {code}".format(**row) + said, as_json)


def _outcomes() -> frozenset[str]:
    from hht.facility.bench.outcomes import OUTCOMES

    return frozenset(OUTCOMES)


def _share(part: int, whole: int) -> float | None:
    """Return a share of 1 with three decimals; null where there is nothing to share."""
    return round(part / whole, 3) if whole else None
