"""`hht replay`: a visit's events again, at once, at a speed of one's own, or one by one."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_result
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.nothing_yet import need_data
from hht.errors import HhtError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hht.events import Record
    from hht.journeys.playback import Moment
    from hht.store import Store

FASTEST = 60
"""Times as fast as it was; a visit of an hour is a minute then, and can still be followed."""


def register(program: typer.Typer) -> None:
    """Add the command to the program."""
    program.command()(replay)


def replay(
    context: typer.Context,
    job: Annotated[int, typer.Argument(help="A number of 'hht jobs list'; 0 is the newest.")] = 0,
    speed: Annotated[
        float, typer.Option(min=0, max=FASTEST, help="Times as fast as it was; 0 all at once.")
    ] = 0,
    step: Annotated[bool, typer.Option("--step", help="Wait for Enter before each event.")] = False,
    search: Annotated[str, typer.Option(help="Only events with all these words.")] = "",
    as_json: JsonOption = False,
    mode: ModeOption = "",
    in_full: Annotated[
        bool, typer.Option("--full", help="A live visit's Devices, addresses and readings too.")
    ] = False,
) -> None:
    """Replay what happened on a visit, from its journal.

    With --json each line is as the visit's own was: an event and its fields. A live visit is
    replayed without what names a Device, an address or a customer's readings, unless --full is
    said.
    """
    from hht.cli.pin_prompt import open_to_look
    from hht.journeys.playback import Redaction, play_back

    settings: Context = context.obj
    mode = settle_mode(settings.data_dir, mode)
    need_data(settings.data_dir, mode)
    redaction = None if in_full or mode == "training" else Redaction()
    with open_to_look(settings.data_dir, mode) as store:
        records = records_of(store, job)
    if step:
        print("Enter shows the next event, Ctrl+C ends.", file=sys.stderr)
    for moment in play_back(records, search):
        wait_for(moment, speed, step)
        row = redaction.row(moment.record.row) if redaction else moment.record.row
        print_result(row, line_of(moment.record, row), as_json)


def records_of(store: "Store", job: int) -> "tuple[Record, ...]":
    """Return the journal of a job; HhtError where there is no such job or nothing happened."""
    numbers = store.jobs.numbers()
    number = store.jobs.get(job or (numbers[0] if numbers else 0)).id
    records = store.events.of_job(number)
    if not records:
        raise HhtError(f"Nothing has happened yet on job {number}", remedy="Open it in the app.")
    return records


def wait_for(moment: "Moment", speed: float, step: bool) -> None:
    """Wait as long as it took, or for Enter."""
    from hht.clock import SYSTEM_CLOCK

    if step:
        input()
    elif speed:
        import asyncio

        asyncio.run(SYSTEM_CLOCK.sleep(moment.after / speed))


def line_of(record: "Record", row: "Mapping[str, object]") -> str:
    """Put an event's row into one line for people: its time of day, its word, its fields."""
    fields = " ".join(f"{name}={value}" for name, value in row.items() if name != "event")
    return f"{record.at:%H:%M:%S}  {record.name:<20} {fields}".rstrip()
