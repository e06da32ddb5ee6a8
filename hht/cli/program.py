"""The `hht` program put together: its commands and its global options."""

from pathlib import Path
from typing import Annotated

import typer

from hht import __version__
from hht.cli import radio as radio_commands
from hht.cli.classroom import certificate, classroom
from hht.cli.commands import (
    audit,
    doctor,
    firmware,
    gateway,
    hub,
    importing,
    jobs,
    pin,
    queue,
    train,
)
from hht.cli.context import Context
from hht.cli.facility import group as facility
from hht.cli.identity import command as identity
from hht.cli.inspect import command as inspect
from hht.cli.profile import command as profile
from hht.cli.replay import command as replay
from hht.cli.scenario import command as scenario
from hht.cli.serve import command as serve
from hht.cli.start import open_app
from hht.cli.survey import group as survey
from hht.cli.visit import coverage, label, status_update
from hht.logs import start_log

COMMANDS = (
    train,
    serve,
    importing,
    inspect,
    label,
    coverage,
    status_update,
    doctor,
    gateway,
    pin,
    replay,
)
GROUPS = {
    "audit": audit,
    "certificate": certificate,
    "class": classroom,
    "facility": facility,
    "firmware": firmware,
    "hub": hub,
    "identity": identity,
    "jobs": jobs,
    "pin": pin,
    "profile": profile,
    "queue": queue,
    "radio": radio_commands,
    "scenario": scenario,
    "survey": survey,
}


def build_app() -> typer.Typer:
    """Put the command groups together; each imports what it needs only when it runs."""
    app = typer.Typer(
        name="hht",
        help="Hand Held Terminal for GB smart metering.",
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback(invoke_without_command=True)(begin)
    for commands in COMMANDS:
        commands.register(app)
    for name, group in GROUPS.items():
        app.add_typer(group.app, name=name)
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
