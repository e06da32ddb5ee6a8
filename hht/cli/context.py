"""What every command is given: the global options, and how results are printed."""

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Annotated, TypeVar

import typer

from hht.cli.settings import Context as Context

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
RowT = TypeVar("RowT", bound=Mapping[str, object])
JobArgument = Annotated[int, typer.Argument(metavar="JOB", help="The job's number in the list.")]


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON object on a line of its own, at once."""
    print(json.dumps(row, ensure_ascii=False, separators=(",", ":")), flush=True)


def print_result(row: Mapping[str, object], words: object, as_json: bool) -> None:
    """Print a row as JSON, or `words`, which say the same for people."""
    if as_json:
        print_json(row)
    else:
        print(words, flush=True)


def print_row(row: Mapping[str, object], line: str, as_json: bool) -> None:
    """Print a row as JSON, or in words: `line` with its fields filled in."""
    if as_json:
        print_json(row)
    else:
        print(line.format(**row), flush=True)


def print_rows(
    rows: Iterable[RowT],
    cells: Callable[[RowT], Sequence[object]],
    as_json: bool,
    right: Collection[int] = (),
) -> None:
    """Print rows as JSON, a line each, or the `cells` of each in a table."""
    if as_json:
        for row in rows:
            print_json(row)
    else:
        from hht.cli.tables import print_table

        print_table(map(cells, rows), right=right)
