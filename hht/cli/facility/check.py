"""`hht facility check`: every fault of a manifest before a batch is begun with it."""

from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_row
from hht.cli.facility.columns import column_names
from hht.cli.facility.options import StoreOption, has_books, open_books
from hht.spans import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hht.facility.findings import Finding
    from hht.facility.manifest_check import InOpenBatch


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
    """Check a manifest as a whole. Exit 1 where a row has an error; nothing is kept."""
    from hht.facility.manifest import Manifest
    from hht.facility.manifest_check import check_manifest

    settled: Context = context.obj
    read = Manifest(manifest, column_names(columns, settled.data_dir))
    with _open_batches(context, batch_store) as in_open_batch:
        found = Counter(
            _printed(each, as_json).severity for each in check_manifest(read, in_open_batch)
        )
    if not as_json:
        faults = [counted(found[each], each) for each in ("error", "warning") if found[each]]
        print(", ".join(faults) or "no fault found")
    if found["error"]:
        raise typer.Exit(1)


@contextmanager
def _open_batches(context: typer.Context, url: str | None) -> "Iterator[InOpenBatch]":
    """Provide what knows the open batch of a unit; without books there is none."""
    from hht.facility.batches import book_keeping

    settled: Context = context.obj
    if not (url or has_books(settled.data_dir)):
        yield lambda eui: None
        return
    with open_books(context, url) as books:
        yield lambda eui: books.do(book_keeping.InOpenBatch([str(eui)])).get(str(eui))


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


def _printed(finding: "Finding", as_json: bool) -> "Finding":
    print_finding(finding, as_json)
    return finding
