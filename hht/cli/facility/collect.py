"""`hht facility collect`: captures of units, from their ports or a bench, into the queue."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from hht.facility.collecting.kept import KeptCaptures
    from hht.store import Store


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("collect")(collect)


def collect(
    context: typer.Context,
    port: Annotated[
        list[Path] | None, typer.Argument(metavar="PORT", help="Where a unit is plugged in.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Collect what units have captured. Items for SR 8.13; without a PORT what benches have."""
    import asyncio

    from hht.cli.pin_prompt import open_unlocked_store
    from hht.facility.collecting.collect import collect_at
    from hht.facility.collecting.kept import KeptCaptures

    settled: Context = context.obj
    kept = KeptCaptures(settled.data_dir)
    for each in port or []:
        unit, count = asyncio.run(collect_at(each, lambda eui, raw: kept.keep(raw)))
        row = {"event": "unit_collected", "unit": str(unit), "captures": count}
        print_row(row, "{unit}: {captures} captures collected", as_json)
    _take(kept, lambda mode: open_unlocked_store(settled.data_dir, mode), as_json)


def take_collected(settled: Context, as_json: bool) -> None:
    """Take in what a bench has collected; where a PIN is set, say that it waits for it."""
    from hht.facility.collecting.kept import KeptCaptures
    from hht.store.databases import open_store

    kept = KeptCaptures(settled.data_dir)
    if not kept.waiting():
        return
    for mode in ("training", "live"):
        with open_store(settled.data_dir, mode) as store:
            if store.vault.is_locked:
                _say_waiting(len(kept.waiting()), as_json)
                return
    _take(kept, lambda mode: open_store(settled.data_dir, mode), as_json)


def _take(
    kept: "KeptCaptures",
    open_mode: "Callable[[str], AbstractContextManager[Store]]",
    as_json: bool,
) -> None:
    count = len(kept.waiting())
    taken = kept.take_all(open_mode)
    captures = count - taken.refused
    row = {"event": "collected", "captures": captures, "items": taken.items}
    line = "{captures} captures taken in, {items} items to return"
    if taken.refused:
        row["refused"] = taken.refused
        line += "; {refused} set aside as *.refused: no captures. Ask the units' maker."
    print_row(row, line, as_json)


def _say_waiting(count: int, as_json: bool) -> None:
    row = {"event": "collected-waiting", "captures": count}
    line = "{captures} captures wait for the PIN: take them in with 'hht facility collect'"
    print_row(row, line, as_json)
