"""`hht audit`: the trail of every change, and whether everything fits it."""

from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json, print_row
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.nothing_yet import need_data
from hht.cli.pin_prompt import open_to_list, open_unlocked_store
from hht.spans import counted

if TYPE_CHECKING:
    from hht.store.audit.replay import AuditVerdict
    from hht.store.store import Store

MOST_LINES = 20  # as many as one screen shows

app = typer.Typer(no_args_is_help=True, help="The audit trail: list, verify and accept.")


@app.command()
def verify(
    context: typer.Context,
    head: Annotated[
        str, typer.Option(help="A head from an export or an upload; it must be in it.")
    ] = "",
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Check the chain, every row against it, and its anchor. Exit 1 when something does not fit."""
    settings: Context = context.obj
    with open_to_list(settings.data_dir, mode) as store:
        verdict = store.verify_trail(head)
        unchecked = _why_unchecked(store, verdict)
    if as_json:
        print_json(_row(verdict))
    else:
        print(*_lines(verdict), sep="\n")
        if unchecked:
            print(f"Whether it is the latest copy was not checked: {unchecked}")
    if not verdict.holds:
        raise typer.Exit(1)


def _why_unchecked(store: "Store", verdict: "AuditVerdict") -> str:
    """Return why there is no anchor to hold the trail to; empty where there is one."""
    if verdict.fit.value != "not checked":
        return ""
    if store.audit.anchor is None:
        return "training data has no anchor."
    return f"no anchor can be kept. Make {store.audit.anchor.path.parent} writable."


def _row(verdict: "AuditVerdict") -> dict[str, object]:
    return {
        "holds": verdict.holds,
        "entries": verdict.head.entries,
        "head": verdict.head.mac,
        "broken_at": verdict.broken_at,
        "head_found": verdict.head_found,
        "faults": list(verdict.faults),
        "anchor": verdict.fit.value,
    }


def _lines(verdict: "AuditVerdict") -> list[str]:
    """Return what was found, for a person; the first line is the most important."""
    head = verdict.head
    if verdict.holds:
        return [f"Unbroken: {counted(head.entries, 'entry', 'entries')}, head {head.mac}"]
    lines = [f"The trail does not hold: {verdict.said}"]
    more = [fault for fault in verdict.faults if fault != verdict.said]
    lines += more[:MOST_LINES]
    if len(more) > MOST_LINES:
        lines.append(f"... and {len(more) - MOST_LINES} more; --json has all of them")
    return [*lines, "Keep the file for whoever looks into it."]


@app.command()
def accept(context: typer.Context, mode: ModeOption = "") -> None:
    """Say that what is there is meant to be so. A backup was put back, or the data moved here."""
    settings: Context = context.obj
    mode = settle_mode(settings.data_dir, mode)
    need_data(settings.data_dir, mode)
    with open_unlocked_store(settings.data_dir, mode) as store:
        verdict = store.verify_trail()
        print(*_lines(verdict), sep="\n")
        if verdict.broken_at is not None:
            raise typer.Exit(1)
        store.accept_as_it_is()
    print("Accepted as it is; the trail says so, and goes on from here.")


@app.command("list")
def list_entries(
    context: typer.Context, as_json: JsonOption = False, mode: ModeOption = ""
) -> None:
    """List every change, oldest first."""
    settings: Context = context.obj
    with open_to_list(settings.data_dir, mode) as store:
        for entry in store.audit.entries():
            print_row(entry, "{entry:>6}  {at}  {action:<26} {subject}", as_json)
