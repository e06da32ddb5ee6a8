"""What the commands of `hht facility` share: the books, the batch, and progress on stderr."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import Context
from hht.errors import InputError

if TYPE_CHECKING:
    from hht.facility.batches.records import BatchRow
    from hht.facility.batches.store import BatchStore

BatchArgument = Annotated[
    str, typer.Argument(metavar="[BATCH]", help="May be left out while one is open.")
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
def open_books(context: typer.Context, url: str | None) -> Iterator["BatchStore"]:
    """Open the books that the options name."""
    from hht.facility.batches import opening

    settled: Context = context.obj
    books = opening.open_books(settled.data_dir, url)
    try:
        yield books
    finally:
        books.close()


def find_batch(books: "BatchStore", name: str) -> "BatchRow":
    """Find the batch of that name, or the only one that is not closed; InputError without it."""
    from hht.facility.batches.book_keeping import FindBatches

    rows = books.do(FindBatches(only_open=not name))
    found = [row for row in rows if not name or row.id == name]
    if len(found) == 1:
        return found[0]
    if name:
        raise InputError("There is no such batch", where=name, remedy="See 'hht facility status'.")
    if found:
        names = ", ".join(row.id for row in found[:5])
        raise InputError("More than one batch is open", where=names, remedy="Name one of them.")
    raise InputError("No batch is open", remedy="Build one with 'hht facility build MANIFEST'.")


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
