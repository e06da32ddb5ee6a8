"""`hht facility label`: a label for each box of a batch, as SVG or PNG files."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.completing import one_of
from hht.cli.context import JsonOption, print_row
from hht.cli.facility.options import BatchArgument, StoreOption, find_batch, open_books
from hht.cli.named_path import named_path
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.facility.batches.records import UnitRow
    from hht.facility.closing.labels import BoxLabel


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("label")(label)


def label(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option(parser=named_path, metavar="FOLDER", help="The folder of the files.")
    ],
    batch: BatchArgument = "",
    unit: Annotated[
        list[str] | None, typer.Option(metavar="EUI", help="This unit alone; repeated.")
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            autocompletion=one_of(lambda: ("png", "svg")),
            help="svg, or png: the code alone.",
        ),
    ] = "svg",
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a label for each loaded or rejected unit. QR code, and what came of it."""
    from hht.facility.batches.records import UnitState
    from hht.facility.batches.store import units_of
    from hht.facility.closing.labels import FORMATS, write_label

    if kind not in FORMATS:
        raise InputError("A label is svg or png", where=kind, remedy="Give --format svg.")
    wanted = {_eui(each) for each in unit or []}
    written = set()
    with open_books(context, batch_store) as books:
        found = find_batch(books, batch)
        for row in units_of(books, found.id):
            is_final = row.state in (UnitState.LOADED, UnitState.REJECTED)
            if is_final and (not wanted or row.eui in wanted):
                write_label(out, _label_of(row, found.id), kind)
                written.add(row.eui)
    if missing := wanted - written:
        raise InputError(
            "This unit is neither loaded nor rejected in the batch",
            where=f"{found.id}: {min(missing)}",
            remedy="See 'hht facility status'.",
        )
    row_out = {"labels": len(written), "folder": str(out)}
    print_row(row_out, "{labels} labels in {folder}", as_json)


def _label_of(row: "UnitRow", batch: str) -> "BoxLabel":
    from hht.facility.batches.records import UnitState
    from hht.facility.bench.outcomes import Outcome
    from hht.facility.closing.labels import BoxLabel

    rejected = row.state is UnitState.REJECTED
    words = f"REJECTED: {Outcome(row.reason).words.what}" if rejected else "LOADED"
    at = datetime.fromtimestamp(row.since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return BoxLabel(row.eui, batch, words, row.bench, at)


def _eui(text: str) -> str:
    from hht.entity_id import EntityId

    try:
        return str(EntityId.parse(text))
    except ValueError as error:
        raise InputError(str(error), remedy="Write it as on the label.") from None
