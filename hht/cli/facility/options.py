"""What the commands of `hht facility` share: the books, the batch, and progress on stderr."""

import sys
from collections.abc import Iterator
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


class Progress:
    """A line on stderr that is written over, and only on a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def __call__(self, done: str, rows: int) -> None:
        if self._shown:
            print(f"\r{done}: {rows:,} units ", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._shown:
            print(file=sys.stderr)
