"""Write the man page and the shells' completions from the command tree, into a share folder.

Run with the Python of an environment that has hht: command_tree.py FOLDER
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer
from typer.completion import get_completion_script

from hht import __version__
from hht.cli.program import build_app

SYNOPSIS = "hht \\- Hand Held Terminal for GB smart metering"
SHELLS = {
    "bash": "bash-completion/completions/hht",
    "zsh": "zsh/vendor-completions/_hht",
    "fish": "fish/vendor_completions.d/hht.fish",
}
FILES = (
    ("~/.local/share/hht", "The data folder, unless --data-dir or HHT_DATA_DIR names another."),
    ("DATA/gateway.toml", "How Service Requests 8.13 and 8.14 are returned to the DCC."),
    ("DATA/profiles", "Hub profiles of your own."),
)
ENVIRONMENT = (
    ("HHT_DATA_DIR", "The data folder, where --data-dir names none."),
    ("HHT_PIN_FILE", "A file with the PIN or the recovery code: nobody is asked for it then."),
    ("HHT_NEW_PIN_FILE", "A file with the PIN that is to be set."),
    ("HHT_BATCH_STORE", "The books of a facility, where --batch-store names none."),
    ("TPM2TOOLS_TCTI", "Another TPM than /dev/tpmrm0."),
)

Command = Any
"""A click command: typer carries its own click, which nobody else's annotations know."""


def main(share: Path) -> None:
    """Write man/man1/hht.1 and one completion file a shell below the folder."""
    root = typer.main.get_command(build_app())
    write(share / "man/man1/hht.1", man_page(root))
    for shell, path in SHELLS.items():
        script = get_completion_script(prog_name="hht", complete_var="_HHT_COMPLETE", shell=shell)
        write(share / path, script + "\n")


def write(path: Path, text: str) -> None:
    """Write a text into a folder that may not exist yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def commands(command: Command, path: tuple[str, ...] = ("hht",)) -> Iterator[tuple[str, Command]]:
    """Walk the tree in the order of the names; hidden commands are left out."""
    yield " ".join(path), command
    for name, child in sorted(getattr(command, "commands", {}).items()):
        if not child.hidden:
            yield from commands(child, (*path, name))


def man_page(root: Command) -> str:
    """Return hht.1 in man(7) macros: synopsis, a section a command, what else hht reads, exits."""
    seconds = int(os.environ.get("SOURCE_DATE_EPOCH", "0")) or datetime.now(UTC).timestamp()
    date = datetime.fromtimestamp(seconds, UTC).date()
    lines = [f'.TH HHT 1 "{date}" "hht {__version__}" "User Commands"', ".SH NAME", SYNOPSIS]
    lines += [".SH SYNOPSIS", r".B hht", r"[\fIOPTIONS\fR] [\fICOMMAND\fR ...]"]
    for path, command in commands(root):
        title = "DESCRIPTION" if path == "hht" else path.upper()
        heading = f'.SH "{escaped(title)}"' if path.count(" ") < 2 else f'.SS "{escaped(path)}"'
        lines += [heading, *described(path, command)]
    lines += [".SH FILES"]
    for name, meaning in FILES:
        lines += [".TP", f".I {escaped(name)}", escaped(meaning)]
    lines += [".SH ENVIRONMENT"]
    for name, meaning in ENVIRONMENT:
        lines += [".TP", f".B {escaped(name)}", escaped(meaning)]
    lines += [".SH EXIT STATUS", ".TP", ".B 0", "Done.", ".TP", ".B 1"]
    lines += ["The work failed, or a check did not hold.", ".TP", ".B 2"]
    lines += ["Wrong usage, or input that cannot be read.", ".TP", ".B 128 + n"]
    lines += ["Ended by the signal n.", ".SH SEE ALSO", ".I /usr/share/doc/hht"]
    return "\n".join(lines) + "\n"


def described(path: str, command: Command) -> Iterator[str]:
    """Yield a command's usage, its help and its parameters, with all that --help says of each."""
    shown = [p for p in command.params if not getattr(p, "hidden", False)]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    if arguments:
        yield ".PP"
        yield f".B {escaped(path)}"
        yield " ".join(rf"\fI{escaped(argument_name(a))}\fR" for a in arguments)
        yield ".PP"
    yield escaped(command.help or "")
    context = command.context_class(command)
    for parameter in shown:
        name, meaning = parameter.get_help_record(context)
        is_option = parameter.param_type_name == "option"
        yield ".TP"
        yield f".B {escaped(name)}" if is_option else rf"\fI{escaped(argument_name(parameter))}\fR"
        yield escaped(meaning)


def argument_name(argument: Command) -> str:
    """Name an argument: in brackets where it may be left out, with dots where it may recur."""
    name = argument.metavar or argument.name.upper()
    name = name if argument.required else f"[{name}]"
    return name + ("..." if argument.nargs == -1 else "")


def escaped(text: str) -> str:
    """Escape what roff would read as a request, a dash or an escape."""
    lines = text.replace("\\", r"\e").replace("-", r"\-").splitlines()
    return "\n".join(rf"\&{line}" if line.startswith((".", "'")) else line for line in lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
