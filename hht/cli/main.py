"""The `hht` program: how it starts, its exit codes, and its one line when something fails."""

import io
import sys

from hht import __version__
from hht.cli.diagnostics import print_error
from hht.cli.ending import ending_in_order
from hht.errors import HhtError, refused_by_system

GLOBAL_OPTIONS = ("--data-dir", "--radio")  # those of hht.cli.start, which a version need not read


def run() -> None:
    """Entry point: exit 0 done, 1 work failed, 2 wrong usage or unreadable input, 128 + signal."""
    if sys.argv[1:] == ["--version"]:
        print(f"hht {__version__}")  # before typer is imported: a version costs no start-up
        return
    leave_no_core_dump()
    take_every_character()
    with ending_in_order():
        _run_or_say_why()


def _run_or_say_why() -> None:
    try:
        run_line(hoist_global_options(sys.argv[1:]))
    except HhtError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as error:
        print_error(refused_by_system(error))
        sys.exit(1)
    except Exception as error:
        print_error(unforeseen(error))
        sys.exit(1)


def run_line(arguments: list[str]) -> None:
    """Open the app, or have a command run; the app's start needs no command's imports."""
    from hht.cli.start import begin, command_of, start_of

    start = start_of(arguments)
    if start is None:
        from hht.cli.program import build_app

        build_app(command_of(arguments))(arguments)
    else:
        from hht.logs import start_log

        start_log(start.settings.data_dir)
        begin(start)


def leave_no_core_dump() -> None:
    """Have the system write no memory to the disk when the program crashes: keys are in it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def take_every_character() -> None:
    """Write out what stdout's encoding has no sign for, such as a file name that is not UTF-8."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def unforeseen(error: Exception) -> HhtError:
    """Leave the traceback in the log, and say where it is."""
    from hht.logs import log_unforeseen

    path = log_unforeseen(error)
    remedy = "Send it to your support: 'hht doctor --bundle FILE.zip' packs it."
    return HhtError(
        f"hht failed in a way that nobody foresaw ({type(error).__name__})",
        where=str(path or ""),
        remedy=remedy if path else "",
    )


def hoist_global_options(arguments: list[str]) -> list[str]:
    """Accept --data-dir and --radio anywhere: move them, with their values, to the front."""
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        if argument in GLOBAL_OPTIONS:
            value = next(waiting, None)  # an empty one stays: what follows is not its value
            front += [argument] if value is None else [argument, value]
        elif argument.startswith(tuple(f"{option}=" for option in GLOBAL_OPTIONS)):
            front.append(argument)
        else:
            rest.append(argument)
    return front + rest
