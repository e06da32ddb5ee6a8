"""`hht status-update`: an SR 8.14 from one JSON object, or every fault in it."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context
from hht.cli.visit.jobs_at_hand import jobs_at_hand
from hht.files import read_input, write_own

if TYPE_CHECKING:
    from hht.entity_id import EntityId

WRONG_INPUT = 2  # exit code for unreadable input
_HUB = "CHF"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("status-update")(status_update)


def status_update(
    context: typer.Context,
    fields: Annotated[Path, typer.Argument(metavar="FIELDS.json", help="One JSON object.")],
    out: Annotated[
        Path | None,
        typer.Option(help="Write the XML here, not to stdout; replaces nothing but its own."),
    ] = None,
    counter: Annotated[
        int | None, typer.Option(help="The RequestID's counter; else the time in milliseconds.")
    ] = None,
    draft_channels: Annotated[
        str | None,
        typer.Option(
            metavar="15,20,25",
            help="For training alone: SECMP0012's DRAFT item, which DUIS 5.4 refuses.",
        ),
    ] = None,
) -> None:
    """Make SR 8.14.1 to 8.14.4 as DUIS XML. Faults are refused, one line each."""
    from hht.clock import SystemClock
    from hht.duis.json_fields import read_json_fields
    from hht.duis.status_update import Faults, check_counter, check_status_update, with_draft

    settings: Context = context.obj
    clock = SystemClock()
    given = read_json_fields(read_input(fields), str(fields))
    try:
        number = check_counter(int(clock.time() * 1000) if counter is None else counter)
        update = check_status_update(given, clock.now(), devices_that_are_no_hub(settings))
        if draft_channels is not None:
            update = with_draft(update, channels_of(draft_channels))
    except Faults as faults:
        for line in faults.lines:
            print(f"hht: {fields}: {line}", file=sys.stderr)
        raise typer.Exit(WRONG_INPUT) from None
    for warning in update.warnings:
        print(f"hht: {fields}: {warning}", file=sys.stderr)
    if update.draft_channels:
        print("hht: this is a DRAFT of SECMP0012: DUIS 5.4 refuses it.", file=sys.stderr)
    _write(update.to_xml(number), out)


def channels_of(text: str) -> tuple[int, ...]:
    """Read `15,20,25`; what is no number counts as a channel that there is none of."""
    words = [word.strip() for word in text.split(",")]
    return tuple(int(word) if re.fullmatch("[0-9]{2}", word) else 0 for word in words)


def devices_that_are_no_hub(settings: Context) -> "frozenset[EntityId]":
    """Look up the GPFs and Devices of imported jobs; none, with a note, if that can't be read."""
    jobs, why = jobs_at_hand(settings.data_dir)
    if why:
        print(f"hht: {why}: a DeviceID was not compared with imported jobs.", file=sys.stderr)
    found = set()
    for job in jobs:
        found |= {device.entity_id for device in job.devices if device.type != _HUB}
        found |= {job.hub_gpf} if job.hub_gpf else set()
    return frozenset(found)


def _write(xml: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(xml + b"\n")
        return
    write_own(out, xml, b"<sr:Request")
