"""`hht jobs pairing` and `hht jobs settings`: what a job's captures show of Devices and hub."""

import typer

from hht.cli.context import Context, JobArgument, JsonOption, print_json, print_rows
from hht.cli.mode_option import ModeOption
from hht.cli.pin_prompt import open_to_look
from hht.errors import InputError


def pairing(
    context: typer.Context,
    number: JobArgument,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show how displays and switches are joined. PPMID, IHD, HCALCS, CAD with each partner."""
    from hht.journeys.pairing.records import lines_of_job

    settings: Context = context.obj
    with open_to_look(settings.data_dir, mode) as store:
        job = store.jobs.get(number)
        lines = lines_of_job(store, job)
    rows = [
        {
            "device": str(line.device),
            "label": job.labels.get(line.device),
            "partner": str(line.partner) if line.partner else None,
            "state": line.state.value,
            "said": line.said,
        }
        for line in lines
    ]
    print_rows(
        rows, lambda row: (row["label"] or row["device"], row["state"], row["said"]), as_json
    )


def settings(
    context: typer.Context,
    number: JobArgument,
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show the sub-GHz settings of a job. As the hub has them, as the job wants them, ranges."""
    from hht.journeys.move.settings import settings_of

    data: Context = context.obj
    with open_to_look(data.data_dir, mode) as store:
        job = store.jobs.get(number)
        found = settings_of(store.commands.of_job(job.id), store.captures.of_job(job.id))
    if not found:
        remedy = "Read them first (SR 6.30)."
        raise InputError("Nothing is known of this hub's sub-GHz settings", remedy=remedy)
    if as_json:
        for each in found:
            row = {"setting": each.name, "now": each.now, "wanted": each.wanted}
            print_json(row | {"changes": each.changes, "duis_range": each.allowed or None})
    else:
        from hht.cli.tables import print_table

        print_table(
            (
                each.name,
                each.now or "not read",
                "→" if each.changes else "",
                each.wanted or "",
                f"DUIS: {each.allowed}" if each.allowed else "",
            )
            for each in found
        )
