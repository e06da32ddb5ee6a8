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
    """Show for each PPMID, IHD, HCALCS and CAD how it stands on the HAN and with each partner."""
    from hht.journeys.pairing.records import lines_of_job

    settings: Context = context.obj
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        job = store.jobs.get(number)
        labels = {each.entity_id: each.label for each in job.devices}
        lines = lines_of_job(store, job)
    for line in lines:
        row = {
            "device": str(line.device),
            "label": labels.get(line.device),
            "partner": str(line.partner) if line.partner else None,
            "state": line.state.value,
            "said": line.said,
        }
        text = f"{row['label'] or row['device']:<10} {line.state:<9} {line.said}"
        print_json(row) if as_json else print(text)
