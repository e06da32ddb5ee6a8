"""`hht jobs settings`: a hub's sub-GHz settings, and what a job's DBCH04 makes of them."""

from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_to_look
from hht.errors import InputError


def settings(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="JOB", help="The job's number in the list.")],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show each sub-GHz setting as the hub has it, and as the job wants it, with unit and range."""
    from hht.journeys.move.settings import settings_of

    data: Context = context.obj
    with open_to_look(data.data_dir, settle_mode(data.data_dir, mode)) as store:
        job = store.jobs.get(number)
        found = settings_of(store.commands.of_job(job.id), store.captures.of_job(job.id))
    if not found:
        remedy = "Read them first (SR 6.30)."
        raise InputError("Nothing is known of this hub's sub-GHz settings", remedy=remedy)
    if as_json:
        for each in found:
            row = {"setting": each.name, "now": each.now, "wanted": each.wanted}
            print_json(row | {"changes": each.changes})
    else:
        from hht.cli.tables import print_table

        print_table(
            (each.name, each.now or "not read", "→" if each.changes else "", each.wanted or "")
            for each in found
        )
