"""`hht jobs report`: the summary of a visit as a page to print, and as text."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_to_look
from hht.errors import InputError


def report(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="JOB", help="The job's number in the list.")],
    out: Annotated[Path, typer.Option("--out", help="The HTML file; the text goes beside it.")],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Write what a visit came to: one HTML file, and the same as text in FILE.txt."""
    from hht.clock import SystemClock
    from hht.files import write_whole
    from hht.journeys.summary.content import summarise_visit
    from hht.journeys.summary.render import page_and_text

    if out.suffix.lower() not in (".html", ".htm"):
        raise InputError("The file's name does not end in .html", where=str(out), remedy="Name it.")
    settings: Context = context.obj
    now = SystemClock().now()
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        job = store.jobs.get(number)
        page, text, summary = page_and_text(lambda most: summarise_visit(store, job, now, most))
    twin = out.with_suffix(".txt")
    for path, content in ((out, page), (twin, text)):
        try:
            write_whole(path, content)
        except OSError as error:
            what = f"The file cannot be written ({error.strerror})"
            raise InputError(what, where=str(path), remedy="Name another.") from None
    row = {"html": str(out), "text": str(twin), "bytes": len(page), "open": summary.open}
    print_json(row) if as_json else print("{html} ({bytes} bytes) and {text}".format(**row))
