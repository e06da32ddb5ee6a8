"""`hht facility init`, `example` and `build`: the key, a facility to practise with, a batch."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json, print_row
from hht.cli.facility.options import (
    StoreOption,
    WorkersOption,
    find_batch,
    open_books,
    progress_bar,
    refuse_closed,
)
from hht.cli.named_path import named_path
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.facility.findings import Finding

_MODE = "facility"
_CARRIED = (
    "one that still carries that package is rejected as 'carries-other'; leave their rows out"
)


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("init")(init)
    app.command("example")(example)
    app.command("build")(build)


def init(context: typer.Context, as_json: JsonOption = False) -> None:
    """Make the facility's signing key; one that is there stays."""
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.facility.signing_key import make_signing_key, write_public_key

    settled: Context = context.obj
    with open_unlocked_store(settled.data_dir, _MODE) as store:
        key, made = make_signing_key(store)
        protected = store.vault.is_protected
    path = write_public_key(key, settled.data_dir)
    row = {
        "key": key.key_id.hex(),
        "made": made,
        "public_key": str(path),
        "protected": protected,
    }
    if as_json:
        print_json(row)
        return
    print(f"Signing key {row['key']} {'was made' if made else 'is there'}; its public key: {path}")
    if not protected:
        print("No PIN protects it yet: set one with 'hht pin set --mode facility'.")


def example(
    context: typer.Context,
    out: Annotated[Path, typer.Option(parser=named_path, metavar="FOLDER", help="A new folder.")],
    units: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many.")] = 20,
    faults: Annotated[
        bool, typer.Option("--faults", help="Every second unit misbehaves, each in another way.")
    ] = False,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a facility to practise with. Manifest, certificates, Local Commands, simulated units."""
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.clock import SYSTEM_CLOCK
    from hht.facility.building.example import UNITS, Example
    from hht.facility.package.keys import point_of
    from hht.facility.signing_key import make_signing_key

    settled: Context = context.obj
    with open_unlocked_store(settled.data_dir, _MODE) as store:
        key, _ = make_signing_key(store)
    made = Example(out, [point_of(key.public)], SYSTEM_CLOCK.now(), faults)
    with progress_bar(units) as progress:
        manifest = made.write(units, workers, lambda done: progress("made", done))
    row = {"manifest": str(manifest), "units": str(out / UNITS)}
    print_row(row, "manifest: {manifest}\nunits: {units}", as_json)


def build(
    context: typer.Context,
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="CSV or JSON, a row each.")],
    columns: Annotated[
        str | None, typer.Option(help="A TOML file with a maker's column names, or its profile.")
    ] = None,
    not_after: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day (UTC) of the packages."),
    ] = None,
    into: Annotated[
        str, typer.Option(metavar="BATCH", help="A batch that gets what it lacks, held units too.")
    ] = "",
    workers: WorkersOption = None,
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a manifest and build its batch. A package a unit; exit 1 where a row is wrong."""
    from hht.cli.facility.columns import column_names
    from hht.cli.nothing_yet import need_data
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.clock import SYSTEM_CLOCK
    from hht.facility.building.build import Builder
    from hht.facility.manifest import Manifest
    from hht.facility.signing_key import load_signing_key

    settled: Context = context.obj
    read = Manifest(manifest, column_names(columns, settled.data_dir))
    need_data(settled.data_dir, _MODE)
    with open_unlocked_store(settled.data_dir, _MODE) as store:
        key = load_signing_key(store)
    with open_books(context, batch_store, begins=True) as books, progress_bar() as progress:
        builder = Builder(
            books, key, workers=workers, progress=progress, found=lambda each: _say(each, as_json)
        )
        batch = find_batch(books, into) if into else None
        if batch:
            refuse_closed(batch)
        built = builder.build(read, SYSTEM_CLOCK.now(), _end_of_day(not_after), batch)
    row = {
        "batch": built.batch.id,
        "mode": built.batch.mode,
        "units": built.units,
        "added": built.added,
        "held": built.held,
        "loaded_before": dict(built.loaded_before),
    }
    line = "batch {batch} ({mode}): {units} units, {added} of them new, {held} held"
    for before, units in built.loaded_before.items():
        line += f"\nwarning: {units} of them were loaded in batch {before}: {_CARRIED}"
    print_row(row, line, as_json)


def _end_of_day(day: datetime | None) -> datetime | None:
    from datetime import UTC

    if day is None:
        return None
    last = day.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    from hht.clock import SYSTEM_CLOCK

    if last < SYSTEM_CLOCK.now():
        raise InputError("The last day has passed", where=f"{day:%Y-%m-%d}", remedy="Name another.")
    return last


def _say(finding: "Finding", as_json: bool) -> None:
    from hht.cli.facility.check import print_finding

    print_finding(finding, as_json)
