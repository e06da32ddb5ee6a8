"""`hht inspect`: what a GBCS message says, and whether its MAC and signature hold."""

import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import JsonOption, print_json
from hht.clock import SYSTEM_CLOCK

if TYPE_CHECKING:
    from hht.cli.inspect.inspection import Inspection
    from hht.duis.message_sources import Found
    from hht.gbcs.keystore import PemFolder

_STDIN = "-"
_INVALID, _UNREADABLE = 1, 2  # exit codes: 1 a check did not hold, 2 unreadable


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("inspect")(inspect)


def inspect(
    given: Annotated[
        list[str],
        typer.Argument(metavar="PATH|HEX|BASE64", help="File, folder, ZIP, mail, XML, text, or -."),
    ],
    keys: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Folder of <eui>-ka.pem, -ds.pem..."),
    ] = None,
    as_json: JsonOption = False,
    stats: Annotated[bool, typer.Option("--stats", help="Count, and list nothing.")] = False,
    show_secrets: Annotated[
        bool, typer.Option("--show-secrets", help="Show Install Codes, keys and PINs.")
    ] = False,
) -> None:
    """Explain GBCS messages and check them. One in full, of several a line each.

    Exit 0; 1 when a MAC or signature is invalid; 2 when something given cannot be read.
    """
    from hht.cli.inspect.inspection import inspect_all

    messages = inspect_all(_find(given), _key_store(keys), show_secrets)
    start = SYSTEM_CLOCK.elapsed()
    if stats:
        seen = list(messages)
        _show_stats(seen, SYSTEM_CLOCK.elapsed() - start, as_json)
        worst = max(map(_exit_code, seen), default=0)
    else:
        # one after another: what was shown is not kept, a folder may hold many thousand
        worst = max(map(_exit_code, _shown(messages, as_json)), default=0)
    if worst:
        raise typer.Exit(worst)


def _exit_code(seen: "Inspection") -> int:
    if seen.error:
        return _UNREADABLE
    return _INVALID if seen.is_invalid else 0


def _key_store(folder: Path | None) -> "PemFolder | None":
    if folder is None:
        return None
    from hht.gbcs.keystore import PemFolder

    return PemFolder(folder)


def _find(given: list[str]) -> Iterator["Found"]:
    from hht.duis.message_sources import find_in_content, find_messages

    for argument in given:
        if argument == _STDIN:
            yield from find_in_content(sys.stdin.buffer.read(), "standard input")
        else:
            yield from _without_passed_over(find_messages(argument))


def _without_passed_over(found: Iterator["Found"]) -> Iterator["Found"]:
    """Yield what holds messages or should.

    A line on stderr for each file of a folder that does not.
    """
    for each in found:
        if each.passed_over:
            print(f"hht: {each.source}: passed over. {each.passed_over}.", file=sys.stderr)
        else:
            yield each


def _shown(messages: Iterator["Inspection"], as_json: bool) -> Iterator["Inspection"]:
    """Show each message when its turn comes, and pass it on; one alone is shown in full."""
    if as_json:
        for message in messages:
            print_json(message.to_json())
            yield message
        return
    from hht.cli.inspect.text import show_line, show_whole

    first = list(islice(messages, 2))
    show = show_whole if len(first) == 1 else show_line
    for message in chain(first, messages):
        show(message)
        yield message


def _show_stats(seen: list["Inspection"], seconds: float, as_json: bool) -> None:
    from hht.cli.inspect.inspection import statistics

    counts = statistics(seen) | {"seconds": round(seconds, 3)}
    if as_json:
        print_json(counts)
        return
    for name, count in counts.items():
        shown = (
            count
            if not isinstance(count, dict)
            else (", ".join(f"{key} {number}" for key, number in count.items()) or "none")
        )
        print(f"{name.replace('_', ' '):10} {shown}")
