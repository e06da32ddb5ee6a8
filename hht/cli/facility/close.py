"""`hht facility close`, `report`, `verify` and `retry`: the end of a batch, and its evidence."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context, JsonOption, print_row
from hht.cli.facility.options import (
    BatchArgument,
    StoreOption,
    find_batch,
    open_books,
    refuse_closed,
)
from hht.errors import HhtError, InputError

if TYPE_CHECKING:
    from hht.facility.batches.records import BatchRow
    from hht.facility.batches.store import BatchStore

OperatorOption = Annotated[str, typer.Option(help="Who says so.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the group."""
    app.command("close")(close)
    app.command("report")(report)
    app.command("verify")(verify)
    app.command("retry")(retry)


def close(
    context: typer.Context,
    batch: BatchArgument = "",
    operator: OperatorOption = "",
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close a batch, and name what is missing. It is refused while a unit is being written."""
    from hht.cli.facility.collect import take_collected
    from hht.cli.facility.status import print_summary
    from hht.facility.batches.book_keeping import SetBatchState
    from hht.facility.batches.operations import Expire
    from hht.facility.batches.records import BatchState

    with open_books(context, batch_store) as books:
        found = find_batch(books, batch)
        books.do(Expire(found.id))
        closed = books.do(SetBatchState(found.id, BatchState.CLOSED, operator))
        _print_missing(books, found, as_json)
        take_collected(context.obj, as_json)
        print_summary(books, found, as_json)
    if not closed:
        raise HhtError(
            "A unit is claimed or being written",
            where=found.id,
            remedy="Let the benches finish, or wait half a minute for those that died.",
        )


def report(
    context: typer.Context,
    out: Annotated[
        Path, typer.Option(help="The file, one JSON object a line; replaces nothing but its own.")
    ],
    batch: BatchArgument = "",
    batch_store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the evidence of a batch. Every unit and event, chained, signed by the facility."""
    from hht.cli.nothing_yet import need_data
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.facility.closing.evidence import write_evidence
    from hht.facility.signing_key import load_signing_key

    settled: Context = context.obj
    need_data(settled.data_dir, "facility")
    with open_unlocked_store(settled.data_dir, "facility") as store:
        key = load_signing_key(store)
    with open_books(context, batch_store) as books:
        end = write_evidence(books, find_batch(books, batch), key, out)
    row = {"file": str(out)} | {name: end[name] for name in _FIGURES} | {"chain": end["chain"]}
    print_row(row, f"{{file}}: {_WORDS}", as_json)


_FIGURES = ("batch", "state", "mode", "units", "loaded", "rejected", "missing", "events")
_WORDS = (
    "batch {batch} ({state}, {mode}): {units} units: {loaded} loaded, {rejected} rejected,"
    " {missing} missing"
)


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What 'report' wrote.")],
    key: Annotated[
        Path | None, typer.Option(help="The facility's public key; this facility's if left out.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check evidence. Chain, signature and every unit's receipt; exit 1 where one does not hold."""
    from hht.facility.closing.evidence import check_evidence

    settled: Context = context.obj
    own = settled.data_dir / "facility-key.pem"
    if key is None and not own.exists():
        remedy = "Name the public key of who wrote the evidence: --key FILE."
        raise InputError("This facility has no signing key", where=str(own), remedy=remedy)
    end = check_evidence(file, _public_key(key or own))
    row = {name: end[name] for name in _FIGURES}
    print_row(row, f"it holds: {_WORDS}", as_json)


def retry(
    context: typer.Context,
    eui: Annotated[str, typer.Argument(metavar="EUI", help="A rejected unit.")],
    operator: Annotated[str, typer.Option(help="The supervisor who says so.")],
    batch: Annotated[str, typer.Option(help="May be left out while one is open.")] = "",
    batch_store: StoreOption = None,
) -> None:
    """Let a rejected unit be tried again. It is asked what it holds before anything is written."""
    from hht.entity_id import EntityId
    from hht.facility.batches.operations import Retry

    try:
        unit = str(EntityId.parse(eui))
    except ValueError as error:
        raise InputError(str(error), remedy="Write it as on the label.") from None
    with open_books(context, batch_store) as books:
        found = find_batch(books, batch)
        refuse_closed(found)
        if not books.do(Retry(found.id, unit, operator)):
            raise InputError("The unit is not rejected in this batch", where=f"{found.id}: {unit}")
    print(f"{unit} may be tried again")


def _print_missing(books: "BatchStore", batch: "BatchRow", as_json: bool) -> None:
    from hht.facility.closing.evidence import missing_units

    for unit in missing_units(books, batch.id):
        row = {"event": "missing", "eui": unit.eui, "state": unit.state.value, "code": unit.reason}
        print_row(row, "missing: {eui} {state}" + " {code}" * bool(unit.reason), as_json)


def _public_key(path: Path) -> object:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from hht.files import read_input

    try:
        return load_pem_public_key(read_input(path))
    except ValueError:
        raise InputError("This is no public key", where=str(path), remedy="Give a PEM.") from None
