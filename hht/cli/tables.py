"""Tables for people: columns as wide as what is in them, lines broken on a terminal only."""

import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from rich.cells import set_cell_size
from rich.console import Console
from rich.table import Table

_WIDE = 2000
"""Columns of what is no terminal: there, a line is never broken."""


@cache
def console() -> Console:
    """Return the console of stdout, which reads no markup in what it prints."""
    width = None if sys.stdout.isatty() else _WIDE
    return Console(highlight=False, markup=False, emoji=False, width=width)


def print_table(
    rows: Iterable[Sequence[object]], heading: Sequence[str] = (), right: Collection[int] = ()
) -> None:
    """Print rows of cells; those of the columns `right` end at the same place.

    Where making a row raises, the rows before it are printed all the same.
    """
    made: list[Sequence[object]] = []
    try:
        made.extend(rows)
    finally:
        if made:
            print("\n".join(table_lines(made, heading, right)), flush=True)


def table_lines(
    rows: Iterable[Sequence[object]],
    heading: Sequence[str] = (),
    right: Collection[int] = (),
    *,
    to: Console | None = None,
) -> list[str]:
    """Lay out rows of cells, as wide as the console `to` or stdout allows."""
    table = Table(*heading, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.show_header = bool(heading)
    for row in rows:
        while len(table.columns) < len(row):
            table.add_column()
        table.add_row(*map(str, row))
    for at, column in enumerate(table.columns):
        column.overflow = "fold"  # where there is no room for a word, it goes on below
        column.justify = "right" if at in right else "left"
    used = to or console()
    with used.capture() as printed:
        used.print(table)
    return [line.rstrip() for line in printed.get().splitlines()]


def wide_console() -> Console:
    """Return a console for a file, in which no line is broken."""
    return Console(highlight=False, markup=False, emoji=False, width=_WIDE, color_system=None)


def fitted(rows: Sequence[str], columns: int, lines: int) -> list[str]:
    """Return the rows that a terminal has room for, each on one line; the last one says how many
    are left out."""
    room = lines - 1  # the cursor is on the line below
    shown = list(rows)
    if len(shown) > room:
        shown[room - 1 :] = [f"… {len(rows) - room + 1} more"]
    return [set_cell_size(row, columns).rstrip() for row in shown]
