"""`hht queue`: what is to be returned to the DCC as Service Request 8.13."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.commands import queue_receipts, queue_upload
from hht.cli.context import Context, JsonOption, print_json, print_result
from hht.cli.diagnostics import print_error
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.named_path import named_path
from hht.cli.nothing_yet import need_data
from hht.cli.pin_prompt import open_or_copy, open_to_list, open_to_look
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.store import ReturnRow, Store

app = typer.Typer(
    no_args_is_help=True, help="What goes back to the DCC: list, show, export, upload."
)
queue_upload.register(app)
queue_receipts.register(app)


@app.command("list")
def list_items(context: typer.Context, as_json: JsonOption = False, mode: ModeOption = "") -> None:
    """List the queue, oldest first. A damaged item is named on stderr and hides no other."""
    damaged: list[HhtError] = []
    settings: Context = context.obj
    with open_to_list(settings.data_dir, mode) as store:
        items = store.returns.all(on_damaged=lambda number, error: damaged.append(error))
        for item in items:
            show_row(item_row(item), as_json)
    for each in damaged:
        print_error(each)
    if damaged:
        raise typer.Exit(1)


@app.command()
def show(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The item's number in the list.")],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show one item. The message it returns, if it returns one, and its DUIS XML."""
    from hht.outbox.compose813 import return_item

    with _look(context, mode) as store:
        item = return_item(store, number)
    row = item_row(item.row) | {"message": item.message.hex().upper(), "xml": item.xml.decode()}
    show_row(row, as_json)


@app.command()
def export(
    context: typer.Context,
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            parser=named_path,
            metavar="PATH",
            help="A folder, or a file ending in .zip; replaces nothing but its own.",
        ),
    ],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Write each item as SR 8.13 XML. With a manifest; nothing leaves the queue by this.

    Where nothing waits, the manifest names no item. Exit 1 when an item was held instead.
    """
    from hht.outbox.export import export_outbox
    from hht.store.rows import TO_SEND

    held: list[int] = []

    def print_held(return_id: int, why: str) -> None:
        held.append(return_id)
        print(f"hht: item {return_id} is held and not written: {why}", file=sys.stderr)

    settings: Context = context.obj
    mode = settle_mode(settings.data_dir, mode)
    need_data(settings.data_dir, mode)
    with open_or_copy(settings.data_dir, mode) as store:
        if not any(store.returns.ids(*TO_SEND)):
            print("hht: Nothing waits to be returned: the manifest names no item.", file=sys.stderr)
        for path in export_outbox(store, out, on_held=print_held):
            print_result({"file": str(path)}, path, as_json)
    if held:
        raise typer.Exit(1)


def _look(context: typer.Context, mode: str) -> "Store":
    settings: Context = context.obj
    return open_to_look(settings.data_dir, mode)


def item_row(item: "ReturnRow") -> dict[str, object]:
    """Return what the list says of an item."""
    return {
        "item": item.id,
        "state": item.state.value,
        "service": item.service,
        "original_request_id": item.original_request_id,
        "request_id": item.request_id,
        "created_at": item.created_at.isoformat(),
        "note": item.note,
    }


def show_row(row: dict[str, object], as_json: bool) -> None:
    """Print one JSON object, or one line for people."""
    if as_json:
        print_json(row)
    else:
        asked = row["original_request_id"] or "-"
        line = "{item:>5}  {state:<9} {service:<7} {asked}  {note}".format(**row, asked=asked)
        print(line.rstrip())
        for name in ("message", "xml"):
            if row.get(name):
                print(row[name])
