"""What every command is given: the global options, and how results are printed."""

import json
from collections.abc import Mapping
from typing import Annotated

import typer

from hht.cli.settings import Context as Context

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
JobArgument = Annotated[int, typer.Argument(metavar="JOB", help="The job's number in the list.")]


def print_json(row: Mapping[str, object]) -> None:
    """Print one JSON object on a line of its own, at once."""
    print(json.dumps(row, ensure_ascii=False, separators=(",", ":")), flush=True)


def print_row(row: Mapping[str, object], line: str, as_json: bool) -> None:
    """Print a row as JSON, or in words: `line` with its fields filled in."""
    if as_json:
        print_json(row)
    else:
        print(line.format(**row))
