"""`hht facility check`: every fault of a manifest before a batch is begun with it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_row
from hht.cli.facility.columns import column_names
from hht.cli.facility.options import StoreOption, open_books

if TYPE_CHECKING:
    from hht.facility.findings import Finding


def register(app: typer.Typer) -> None:
    """Add the command to the group."""
    app.command("check")(check)


def check(
    context: typer.Context,
    manifest: Annotated[Path, typer.Argument(metavar="MANIFEST", help="CSV or JSON, a row each.")],
    columns: Annotated[
        str | None, typer.Option(help="A TOML file with a maker's column names, or its profile.")
    ] = None,
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a manifest as a whole; exit 1 where a row has an error, nothing is kept."""
    from hht.facility.manifest import Manifest
    from hht.facility.manifest_check import check_manifest

    settled: Context = context.obj
    read = Manifest(manifest, column_names(columns, settled.data_dir))
    errors = 0
    if batch_store or _has_books(settled.data_dir):
        with open_books(context, batch_store) as books:
            from hht.facility.batches.book_keeping import InOpenBatch

            found = check_manifest(
                read, lambda eui: books.do(InOpenBatch([str(eui)])).get(str(eui))
            )
            errors = sum(_print(each, as_json) for each in found)
    else:
        errors = sum(_print(each, as_json) for each in check_manifest(read))
    if errors:
        raise typer.Exit(1)


def finding_row(found: "Finding") -> dict[str, object]:
    """Make the JSON object of a finding."""
    return {
        "row": found.row,
        "eui": found.eui,
        "severity": found.severity,
        "code": found.code,
        "what": found.what,
        "remedy": found.remedy,
    }


def print_finding(found: "Finding", as_json: bool) -> None:
    """Print a finding."""
    print_row(finding_row(found), "row {row}: {severity}: {code}: {what}. {remedy}", as_json)


def _has_books(data_dir: Path) -> bool:
    from hht.facility.batches.opening import FILE

    return (data_dir / FILE).exists()


def _print(found: "Finding", as_json: bool) -> bool:
    """Print it, and say whether it is an error."""
    print_finding(found, as_json)
    return found.severity == "error"
