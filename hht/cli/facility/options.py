"""What the commands of `hht facility` share: the books, the batch, and progress on stderr."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context
from hht.errors import HhtError, InputError

if TYPE_CHECKING:
    from hht.facility.batches.records import BatchRow
    from hht.facility.batches.store import BatchStore

_BUILD = "Build one with 'hht facility build MANIFEST'."
BatchArgument = Annotated[
    str, typer.Argument(metavar="BATCH", help="May be left out while one is open.")
]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--batch-store",
        envvar="HHT_BATCH_STORE",
        help="postgresql://USER@HOST/DATABASE, where several machines share a batch.",
    ),
]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, max=64, help="Processes; one for each core if left out.")
]


@contextmanager
def open_books(
    context: typer.Context, url: str | None, *, begins: bool = False
) -> Iterator["BatchStore"]:
    """Open the books that the options name; HhtError where none are and this does not begin them.

    Looking for a batch makes no books.
    """
    from hht.facility.batches import opening

    settled: Context = context.obj
    if not (url or begins or has_books(settled.data_dir)):
        raise HhtError("There is no batch yet", where=str(settled.data_dir), remedy=_BUILD)
    books = opening.open_books(settled.data_dir, url)
    try:
        yield books
    finally:
        books.close()


def has_books(data_dir: Path) -> bool:
    """Return whether the data folder has books."""
    from hht.facility.batches.opening import FILE

    return (data_dir / FILE).exists()


def find_batch(books: "BatchStore", name: str) -> "BatchRow":
    """Find the batch of that name, or the only one that is not closed; HhtError without it."""
    from hht.facility.batches.book_keeping import FindBatches

    rows = books.do(FindBatches())
    found = [row for row in rows if (row.id == name if name else not row.state.is_closed)]
    if len(found) == 1:
        return found[0]
    if found:
        remedy = f"Name one of them: {_newest(found)}."
        raise InputError("More than one batch is open", remedy=remedy)
    remedy = _BUILD
    if rows:
        remedy = f"Name one, the newest first: {_newest(rows)}."
    what = "There is no such batch" if name else "No batch is open"
    raise HhtError(what, where=name, remedy=remedy)


def refuse_closed(batch: "BatchRow") -> None:
    """Raise InputError for a closed batch: its evidence may have been written."""
    if batch.state.is_closed:
        raise InputError("The batch is closed", where=batch.id, remedy="Build a new one.")


def _newest(batches: Sequence["BatchRow"]) -> str:
    return ", ".join(f"{row.id} ({row.state.value})" for row in batches[:5])


@contextmanager
def progress_bar(total: int | None = None) -> Iterator[Callable[[str, int], None]]:
    """Provide what shows the units done in each phase, as bars on stderr, on a terminal only.

    Where `total` is not known, a phase has as many as the phase before it came to.
    """
    if not sys.stderr.isatty():
        yield lambda phase, units: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    # Refreshed by each call alone: a thread of its own would be there when workers are started.
    bars = Progress(*columns, console=Console(stderr=True), auto_refresh=False)

    def show(phase: str, units: int) -> None:
        task = next((each for each in bars.tasks if each.description == phase), None)
        if task is None:
            before = int(bars.tasks[-1].completed) if bars.tasks else total
            number = bars.add_task(phase, total=before)
        else:
            number = task.id
        bars.update(number, completed=units, refresh=True)

    with bars:
        yield show
