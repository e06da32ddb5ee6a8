"""The `hht` program put together: its commands and its global options."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from hht import __version__
from hht.cli.context import Context
from hht.cli.start import open_app
from hht.logs import start_log

COMMANDS = {
    "train": "commands.train",
    "serve": "serve.command",
    "board": "serve.command",
    "import": "commands.importing",
    "inspect": "inspect.command",
    "label": "visit.label",
    "coverage": "visit.coverage",
    "status-update": "visit.status_update",
    "doctor": "commands.doctor",
    "gateway-sim": "commands.gateway",
    "backup": "commands.pin",
    "restore": "commands.pin",
    "replay": "replay.command",
}
"""Each command's module, whose `register` adds it."""

GROUPS = {
    "audit": "commands.audit",
    "certificate": "classroom.certificate",
    "class": "classroom.classroom",
    "facility": "facility.group",
    "firmware": "commands.firmware",
    "hub": "commands.hub",
    "identity": "identity.command",
    "jobs": "commands.jobs",
    "pin": "commands.pin",
    "profile": "profile.command",
    "queue": "commands.queue",
    "radio": "radio",
    "scenario": "scenario.command",
    "survey": "survey.group",
}
"""Each group's module, whose `app` has its commands."""


def build_app(only: str = "") -> typer.Typer:
    """Put the program together; where `only` is one of its commands, without the others.

    To import all of them takes longer than most commands take, and no command needs another.
    """
    app = typer.Typer(
        name="hht",
        help="Hand Held Terminal for GB smart metering.",
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(begin)
    is_one = only in COMMANDS or only in GROUPS
    commands = [path for name, path in COMMANDS.items() if name == only or not is_one]
    for path in dict.fromkeys(commands):  # a module may have several
        import_module(f"hht.cli.{path}").register(app)
    for name, path in GROUPS.items():
        if name == only or not is_one:
            app.add_typer(import_module(f"hht.cli.{path}").app, name=name)
    return app


def begin(
    context: typer.Context,
    data_dir: Annotated[
        Path | None, typer.Option(envvar="HHT_DATA_DIR", help="Where everything is kept.")
    ] = None,
    radio: Annotated[
        str | None,
        typer.Option(
            help="The dongle: PORT, PORT?baud=460800&flow=hardware or socket://HOST:PORT."
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
) -> None:
    """Open the app; or run one of the commands."""
    context.obj = Context.make(data_dir, radio)
    start_log(context.obj.data_dir)
    if version:
        typer.echo(f"hht {__version__}")
    elif context.invoked_subcommand is None:
        open_app(context.obj)
