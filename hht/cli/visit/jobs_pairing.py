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
    from hht.journeys.plan.pairing import pairing_lines

    settings: Context = context.obj
    with open_to_look(settings.data_dir, settle_mode(settings.data_dir, mode)) as store:
        job = store.jobs.get(number)
        hub = {job.hub_chf: "CHF", job.hub_gpf: "GPF"}
        hubs = {entity: name for entity, name in hub.items() if entity is not None}
        types = {each.entity_id: each.type for each in job.devices} | hubs
        labels = {each.entity_id: each.label for each in job.devices} | hubs
        rows, captures = store.commands.of_job(job.id), store.captures.of_job(job.id)
        lines = pairing_lines(rows, captures, types, labels)
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
