"""`hht facility check`: every fault of a manifest before a batch is begun with it."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.context import JsonOption, print_json


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("check")(check)


def check(
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="CSV or JSON, a row each.")],
    columns: Annotated[
        Path | None,
        typer.Option(help="A TOML file with a maker's own column names."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check a manifest as a whole; exit 1 where a row has an error, nothing is kept."""
    from hht.facility.manifest import Manifest, read_columns
    from hht.facility.manifest_check import check_manifest

    names = read_columns(columns) if columns else None
    errors = 0
    for found in check_manifest(Manifest(manifest, names)):
        errors += found.severity == "error"
        row = {
            "row": found.row,
            "eui": found.eui,
            "severity": found.severity,
            "code": found.code,
            "what": found.what,
            "remedy": found.remedy,
        }
        line = "row {row}: {severity}: {code}: {what}. {remedy}"
        print_json(row) if as_json else print(line.format(**row))
    if errors:
        raise typer.Exit(1)
