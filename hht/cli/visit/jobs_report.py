"""`hht jobs report`: the summary of a visit as a page to print, and as text."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.context import Context, JobArgument, JsonOption, print_row
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_look


def report(
    context: typer.Context,
    number: JobArgument,
    out: Annotated[
        Path,
        typer.Option("--out", help="The HTML file, text beside it; replaces nothing but its own."),
    ],
    survey: Annotated[
        Path | None, typer.Option(help="A survey file, to be drawn on the page.")
    ] = None,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Write what a visit came to. One HTML file, and the same as text in FILE.txt."""
    from hht.clock import SystemClock
    from hht.journeys.summary.render import write_summary

    settings: Context = context.obj
    now = SystemClock().now()
    with open_to_look(settings.data_dir, mode) as store:
        done = write_summary(store, number, now, out, survey)
    row = {
        "html": str(done.page_path),
        "text": str(done.text_path),
        "bytes": done.page_bytes,
        "open": done.open,
    }
    print_row(row, "{html} ({bytes} bytes) and {text}", as_json)
