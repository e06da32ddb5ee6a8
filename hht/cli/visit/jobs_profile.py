"""`hht jobs profile`: which hub profile a job is done with, and switching it to another."""

from typing import Annotated

import typer

from hht.cli.completing import one_of, profiles
from hht.cli.context import Context, JsonOption, print_row
from hht.cli.mode_option import ModeOption, settle_mode
from hht.cli.nothing_yet import need_data
from hht.cli.pin_prompt import open_to_look, open_unlocked_store
from hht.errors import InputError


def profile(
    context: typer.Context,
    number: Annotated[int, typer.Argument(help="The job's number in the list.")],
    name: Annotated[
        str,
        typer.Argument(
            autocompletion=one_of(profiles),
            help="A profile from 'hht profile list', or a .toml file.",
        ),
    ] = "",
    as_json: JsonOption = False,
    mode: ModeOption = "",
) -> None:
    """Show or change the hub profile of a job. Another one counts from the next visit on."""
    from hht.hub_profile import DEFAULT, load_profile, settled_name
    from hht.store.modes import Mode

    settings: Context = context.obj
    chosen = settle_mode(settings.data_dir, mode)
    if not name:
        with open_to_look(settings.data_dir, chosen) as store:
            job = store.jobs.get(number)
    elif chosen == Mode.TRAINING:
        raise InputError(
            "Training data is visited with the hub profile of the exercise, not of the job",
            where=f"job {number}",
            remedy="Begin it with 'hht train SCENARIO --profile NAME', or name it in the scenario.",
        )
    else:
        load_profile(name)  # refused before anything is changed
        need_data(settings.data_dir, chosen)
        with open_unlocked_store(settings.data_dir, chosen) as store:
            job = store.jobs.set_profile(number, settled_name(name))
    row = {"job": job.id, "reference": job.reference, "profile": job.profile or DEFAULT}
    print_row(row, "job {job}, {reference}: {profile}", as_json)
