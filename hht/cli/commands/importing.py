"""`hht import`: take in the Local Commands and job packs that a supplier hands over."""

from pathlib import Path
from typing import Annotated

import typer

from hht.cli.context import Context, JsonOption, print_json


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("import")(import_packs)


def import_packs(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="DUIS XML, .HEX, a ZIP or a folder.")],
    training: Annotated[
        bool, typer.Option("--training", help="Loose Local Commands are for training.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Import Local Commands and job packs; a pack is taken whole or refused with the reason.

    A pack that says it is for training goes into the training data, a live one never does.
    Importing the same pack again changes nothing.
    """
    from hht.cli.pin_prompt import open_unlocked_store
    from hht.duis.job_pack import read_job_pack

    settings: Context = context.obj
    for path in paths:
        pack = read_job_pack(path)
        mode = pack.mode or ("training" if training else "live")
        with open_unlocked_store(settings.data_dir, mode) as store:
            job = store.add_job(pack)
        row = {
            "job": job.id,
            "reference": job.reference,
            "title": job.title,
            "mode": mode,
            "commands": len(pack.commands),
        }
        if as_json:
            print_json(row)
        else:
            print("{mode} job {job}, {reference}: {title}, {commands} Local Commands".format(**row))
