"""`hht queue`: the way round a network that is not there, and what is held or refused."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_result, print_row
from hht.cli.diagnostics import print_error
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.named_path import named_path
from hht.cli.nothing_yet import need_data, try_first
from hht.cli.pin_prompt import (
    open_to_list,
    open_to_look,
    open_unlocked_store,
    open_what_is_there,
)
from hht.errors import HhtError
from hht.spans import counted

if TYPE_CHECKING:
    from hht.store import Store

_HIGHEST = 2**63 - 1  # what a database can number


def register(queue: typer.Typer) -> None:
    """Add the commands to the queue's."""
    queue.command("take-in")(take_in)
    for command in (key, trust, receipts, receive, held, retry, forget):
        queue.command()(command)
    queue.command("return")(return_held)


def take_in(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(parser=named_path, metavar="PATH", help="An export: its folder or its ZIP."),
    ],
    mode: ModeOption = "",
) -> None:
    """Take another hht's export into this queue, each item once."""
    from hht.outbox.import_export import take_in_export

    data_dir = context.obj.data_dir
    mode = settle_mode(data_dir, mode)
    try_first(data_dir, mode, lambda store: take_in_export(store, path))
    with _store(context, mode) as store:
        taken = take_in_export(store, path)
    print(f"{counted(taken.new, 'new item')}, {taken.known} here already")
    for folder in taken.others:
        print_error(HhtError("Not taken in, an export of its own", where=str(path / folder)))


def key(context: typer.Context, as_json: JsonOption = False, mode: ModeOption = "") -> None:
    """Print the name of the exports' key. It answers for this handheld's exports."""
    from hht.outbox.manifest import name_to_give

    settings: Context = context.obj
    with open_to_look(settings.data_dir, mode) as store:
        name = name_to_give(store)
    print_result({"key": name}, name, as_json)


def trust(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What 'hht queue key' prints on the other handheld.")],
    mode: ModeOption = "",
) -> None:
    """Take in another handheld's exports from now on."""
    from hht.outbox.manifest import read_name
    from hht.outbox.manifest import trust as trust_key

    read_name(name)  # refused before anything is begun
    with _store(context, mode) as store:
        print(f"Exports of the handheld {trust_key(store, name)} are taken in here")


def receipts(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option("--out", help="The file to write; replaces nothing but its own.")
    ],
    mode: ModeOption = "",
) -> None:
    """Write what was received to a file, for the handhelds."""
    from hht.outbox.receipts import write_receipts

    settings: Context = context.obj
    with open_to_look(settings.data_dir, mode) as store:
        print(f"{counted(write_receipts(store, out), 'receipt')} in {out}")


def receive(
    context: typer.Context,
    path: Annotated[
        Path,
        typer.Argument(help="What 'hht queue receipts' wrote, a DUIS answer, or a folder of them."),
    ],
    renumbers: Annotated[
        bool, typer.Option(help="The gateway gave each request a RequestID of its own.")
    ] = False,
    mode: ModeOption = "",
) -> None:
    """Record receipts. What a DUIS answer to it says is received may be deleted."""
    from hht.outbox.errors import OutboxError
    from hht.outbox.receipts import read_receipts

    with _store(context, mode, begins=False) as store:
        read = read_receipts(store, path, renumbers=renumbers)
    line = f"{read.received} received, {read.refused} refused, {read.held} held,"
    known = f", {read.known} received before and left so" if read.known else ""
    print(f"{line} {read.unknown} not of this queue{known}")
    if read.unproven:
        raise OutboxError(
            f"{read.unproven} of them hold no DUIS answer to their item's request",
            where=str(path),
            remedy="Those items are as they were; have this version of hht write the receipts.",
        )


def held(context: typer.Context, as_json: JsonOption = False, mode: ModeOption = "") -> None:
    """List what was captured and is held. The DCC does not ask for it."""
    settings: Context = context.obj
    with open_to_list(settings.data_dir, mode) as store:
        for capture in store.captures.held():
            row: dict[str, object] = {
                "capture": capture.id,
                "received_at": capture.received_at.isoformat(),
                "originator": str(capture.originator or ""),
                "message_code": capture.message_code,
                "alert_code": capture.alert_code,
            }
            line = "{capture:>6}  {received_at}  {originator}  held, not required"
            print_row(row, line, as_json)


def return_held(
    context: typer.Context,
    capture: Annotated[int, typer.Argument(help="The capture's number in 'hht queue held'.")],
    mode: ModeOption = "",
) -> None:
    """Queue a capture that is held all the same. Somebody at the DCC asks for it."""
    from hht.outbox.capture import return_anyway

    with _store(context, mode, begins=False) as store:
        print(f"Queued as item {return_anyway(store, capture)}")


def retry(
    context: typer.Context,
    items: Annotated[
        list[int] | None, typer.Argument(max=_HIGHEST, help="Numbers of refused or held items.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="All that are refused or held.")
    ] = False,
    mode: ModeOption = "",
) -> None:
    """Make refused and held items ready again. Remove their cause first."""
    from hht.store.rows import SET_ASIDE

    if bool(items) == everything:
        raise typer.BadParameter("Give the numbers of items, or --all.")
    with _what_is_there(context, mode) as store:
        numbers = items or store.returns.ids(*SET_ASIDE)
        failed = [error for number in numbers if (error := _try_again(store, number))]
    if everything and not numbers:
        print("Nothing is refused or held")
    for error in failed:
        print_error(error)
    if failed:
        raise typer.Exit(1)


def _try_again(store: "Store", number: int) -> HhtError | None:
    try:
        store.outbox.try_again(number)
    except HhtError as error:
        return error
    print(f"Item {number} is ready again")
    return None


def forget(
    context: typer.Context,
    days: Annotated[
        int, typer.Option(min=0, max=36500, help="Keep what was received since then.")
    ] = 30,
    mode: ModeOption = "",
) -> None:
    """Delete what was received so many days ago. Its captures go too, and never anything else."""
    from datetime import timedelta

    with _what_is_there(context, mode) as store:
        before = store.clock.now() - timedelta(days=days)
        print(f"{counted(store.outbox.forget_received(before), 'item')} deleted")


def _store(context: typer.Context, mode: str, *, begins: bool = True) -> "Store":
    settings: Context = context.obj
    mode = settle_mode(settings.data_dir, mode)
    if not begins:
        need_data(settings.data_dir, mode)
    return open_unlocked_store(settings.data_dir, mode)


def _what_is_there(context: typer.Context, mode: str) -> "Store":
    settings: Context = context.obj
    return open_what_is_there(settings.data_dir, settle_mode(settings.data_dir, mode))
