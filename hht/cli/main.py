"""The `hht` program: its commands, its global options and its exit codes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from hht import __version__
from hht.errors import HhtError

if TYPE_CHECKING:
    from typer import Typer

INTERRUPTED = 130
GLOBAL_OPTIONS = ("--data-dir", "--radio")


def run() -> None:
    """Entry point: exit 0 done; 1 work failed; 2 wrong usage or unreadable input; 130 Ctrl-C."""
    if sys.argv[1:] == ["--version"]:
        print(f"hht {__version__}")  # before typer is imported: a version costs no start-up
        return
    try:
        build_app()(hoist_global_options(sys.argv[1:]))
    except HhtError as error:
        print(f"hht: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:  # before typer takes care of it
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        print(f"hht: {one_line(error)}", file=sys.stderr)
        sys.exit(1)


def one_line(error: OSError) -> HhtError:
    """What the system refused, and where: a full disk, a folder that is a file."""
    return HhtError(
        f"The system refused this ({error.strerror or error})",
        where=str(error.filename or ""),
        remedy="Check the name, the permissions and the room on the disk.",
    )


def hoist_global_options(arguments: list[str]) -> list[str]:
    """Let --data-dir and --radio stand anywhere: move them, with their values, to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument in GLOBAL_OPTIONS:
            front += [argument, *([value] if (value := next(waiting, "")) else [])]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest


def build_app() -> "Typer":
    """Put the command groups together; each imports what it needs only when it runs."""
    import typer

    from hht.cli import audit, doctor, gateway, hub, importing, inspect, jobs, pin, queue, train
    from hht.cli.context import Context

    app = typer.Typer(
        name="hht",
        help="Hand Held Terminal for GB smart metering.",
        no_args_is_help=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback(invoke_without_command=True)
    def main(
        context: typer.Context,
        data_dir: Annotated[
            Path | None, typer.Option(envvar="HHT_DATA_DIR", help="Where everything is kept.")
        ] = None,
        radio: Annotated[
            str | None, typer.Option(help="The dongle: /dev/ttyUSB0 or socket://HOST:PORT.")
        ] = None,
        version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
    ) -> None:
        """Open the app; or run one of the commands."""
        context.obj = Context.make(data_dir, radio)
        if version:
            typer.echo(f"hht {__version__}")
        elif context.invoked_subcommand is None:
            train.open_app(context.obj)

    for group in (train, importing, inspect, doctor, gateway, pin):
        group.register(app)
    for name, group in (
        ("audit", audit),
        ("hub", hub),
        ("jobs", jobs),
        ("pin", pin),
        ("queue", queue),
    ):
        app.add_typer(group.app, name=name)
    return app
