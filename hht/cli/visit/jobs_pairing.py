"""`hht jobs pairing`: how far a job's displays and switches have come with each partner."""

from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.pin_prompt import open_to_look


def pairing(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="JOB", help="The job's number in the list.")],
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show for each PPMID, IHD, HCALCS and CAD how it is on the HAN and with each partner."""
    from hht.journeys.pairing.records import lines_of_job

    settings: Context = context.obj
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        job = store.jobs.get(number)
        labels = {each.entity_id: each.label for each in job.devices}
        lines = lines_of_job(store, job)
    rows = [
        {
            "device": str(line.device),
            "label": labels.get(line.device),
            "partner": str(line.partner) if line.partner else None,
            "state": line.state.value,
            "said": line.said,
        }
        for line in lines
    ]
    if as_json:
        for row in rows:
            print_json(row)
    else:
        from hht.cli.tables import print_table

        print_table((row["label"] or row["device"], row["state"], row["said"]) for row in rows)
