"""`hht audit`: the trail of every change, and whether it is unbroken."""

from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_to_look

app = typer.Typer(no_args_is_help=True, help="The audit trail: list and verify.")


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option(help="A head from an export's manifest; it must be in it.")
    ] = "",
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Compute the chain again; exit 1 when an entry was changed, removed or put in."""
    settings: Context = context.obj
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        verdict = store.audit.verify(head)
    if as_json:
        print_json(
            {
                "holds": verdict.holds,
                "entries": verdict.head.entries,
                "head": verdict.head.mac,
                "broken_at": verdict.broken_at,
                "head_found": verdict.head_found,
            }
        )
    elif verdict.broken_at is not None:
        print(f"Broken at entry {verdict.broken_at}. Keep the file for whoever looks into it.")
    elif not verdict.head_found:
        print("Unbroken, but the head you gave is not in it: the end was cut off.")
    else:
        print(f"Unbroken: {verdict.head.entries} entries, head {verdict.head.mac}")
    if not verdict.holds:
        raise typer.Exit(1)


@app.command("list")
def list_entries(
    context: typer.Context, as_json: JsonOption = False, mode: ModeOption = ""
) -> None:
    """List every change, oldest first."""
    settings: Context = context.obj
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        for entry in store.audit.entries():
            if as_json:
                print_json(entry)
            else:
                print("{entry:>6}  {at}  {action:<26} {subject}".format(**entry))
