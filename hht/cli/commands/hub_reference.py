"""`hht hub reply` and `hht hub compose`: the simulated Devices and head-end against reference data.

Text output says of each message whether it equals the reference message beside it, where the
folder holds one, and why not where it does not.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.context import JsonOption, print_result

if TYPE_CHECKING:
    pass

COMMAND, RESPONSE, REQUEST = "_COMMAND_GBCS.HEX", "_RESPONSE_GBCS.HEX", "_REQUEST_DUIS.XML"
NO_REFERENCE = "without a reference"
NOTHING = "unanswered"

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.")]
KeysOption = Annotated[Path, typer.Option("--keys", help="The folder of PEM files.")]


def register(hub: typer.Typer) -> None:
    """Add the two commands to `hht hub`."""
    hub.command()(reply)
    hub.command()(compose)


def reply(paths: Paths, keys: KeysOption, as_json: JsonOption = False) -> None:
    """Print what the simulated Devices answer to Commands; unsigned where no key is known."""
    from hht.gbcs.keystore import PemFolder
    from hht.reference.reply import difference, reply_to

    store = PemFolder(keys)
    tally: Counter[str] = Counter()
    for path, raw in commands_in(paths):
        result = reply_to(raw, store, str(path))
        beside = path.with_name(path.name.replace(COMMAND, RESPONSE))
        verdict = result.error or judge(beside, path, partial(difference, result))
        tally[NOTHING if result.error else verdict.partition(":")[0]] += 1
        response = result.response.hex().upper()
        row = {"source": result.source, "response": response, "error": result.error or None}
        print_result(row, f"{path.name}: {verdict}", as_json)
    finish(tally, as_json)


def compose(
    paths: Paths,
    keys: KeysOption,
    dcc_counter: Annotated[
        int | None, typer.Option(help="The counter where the DCC is the originator.")
    ] = None,
    messages: Annotated[
        Path | None, typer.Option(help="Folder of reference Commands to compare with.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the Command that the training head-end makes of DUIS Service Requests."""
    from hht.gbcs.keystore import PemFolder
    from hht.reference.commands import command_difference
    from hht.reference.devices import compose_reference

    store = PemFolder(keys)
    known = {path.name: path for path in messages.rglob(f"*{COMMAND}")} if messages else {}
    tally: Counter[str] = Counter()
    for path in files_in(paths, ".xml"):
        result = compose_reference(path.read_bytes(), store, dcc_counter, str(path))
        beside = known.get(path.name.replace(REQUEST, COMMAND), path)
        verdict = result.error or judge(beside, path, partial(command_difference, result.command))
        tally[NOTHING if result.error else verdict.partition(":")[0]] += 1
        command = result.command.hex().upper()
        row = {"source": result.source, "command": command, "error": result.error or None}
        print_result(row, f"{path.name}: {verdict}", as_json)
    finish(tally, as_json)


def judge(beside: Path, path: Path, unlike: Callable[[bytes], str]) -> str:
    """Say whether it equals the reference message in the file beside, or how it differs."""
    if beside == path or not beside.is_file():
        return NO_REFERENCE
    why = unlike(read_message(beside))
    return f"differs: {why}" if why else "equal"


def commands_in(paths: list[Path]) -> Iterator[tuple[Path, bytes]]:
    """Yield every message given by name; of a folder only the Commands."""
    for path in paths:
        if path.is_dir():
            for file in sorted(path.rglob(f"*{COMMAND}")):
                yield file, read_message(file)
        else:
            yield path, read_message(path)


def read_message(path: Path) -> bytes:
    """Return the one message of a file; InputError when there is none."""
    from hht.duis.message_sources import find_messages

    found = next(iter(find_messages(str(path))))
    if found.error:
        raise found.error
    return found.raw


def files_in(paths: list[Path], ending: str) -> Iterator[Path]:
    """Yield the files given by name, and those of a folder that end so."""
    for path in paths:
        inside = sorted(file for file in path.rglob("*") if file.suffix.lower() == ending)
        yield from inside if path.is_dir() else [path]


def finish(tally: "Counter[str]", as_json: bool) -> None:
    """Close with the counts, for people."""
    if not as_json:
        print(", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.items())))
