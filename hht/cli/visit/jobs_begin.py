"""`hht jobs begin`: a job without a pack, to be filled by scanning."""

from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_row
from hht.cli.mode_option import ModeToKeepOption, settle_mode_to_keep
from hht.cli.pin_prompt import open_unlocked_store
from hht.errors import InputError


def begin(
    context: typer.Context,
    reference: Annotated[str, typer.Argument(help="The order's number, such as JOB-4711.")],
    address: Annotated[str, typer.Option(help="The premises.")] = "",
    supplier: Annotated[
        str, typer.Option(help="Who sends SR 8.14; else the supplier of the newest job.")
    ] = "",
    as_json: JsonOption = False,
    mode: ModeToKeepOption = "",
) -> None:
    """Begin a job without a pack. The same reference again is the same job."""
    from hht.duis.job.walk_in import walk_in_pack
    from hht.duis.job_json import one_line
    from hht.entity_id import EntityId

    settings: Context = context.obj
    name = one_line(reference)
    if not name:
        raise InputError("The reference is empty", remedy="Give the order's number.")
    try:
        originator = EntityId.parse(supplier) if supplier else None
    except ValueError as error:
        raise InputError(str(error), where="--supplier", remedy="Give 16 hex digits.") from None
    chosen = settle_mode_to_keep(mode)
    pack = walk_in_pack(name, premises=one_line(address), originator=originator)
    with open_unlocked_store(settings.data_dir, chosen) as store:
        job = store.jobs.add(pack)
    row = {"job": job.id, "reference": job.reference, "mode": str(chosen)}
    print_row(row, "{mode} job {job}, {reference}", as_json)
