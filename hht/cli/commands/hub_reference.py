"""`hht hub reply` and `hht hub compose`: the simulated Devices and head-end against reference data.

Text output says of each message whether it equals the reference message beside it, where the
folder holds one, and why not where it does not; what it says in one line; its octets where it is
the only one.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from hht.cli.context import JsonOption, print_result
from hht.cli.diagnostics import print_error
from hht.errors import HhtError, InputError
from hht.files import read_input

COMMAND, RESPONSE, REQUEST = "_COMMAND_GBCS.HEX", "_RESPONSE_GBCS.HEX", "_REQUEST_DUIS.XML"
NO_REFERENCE = "without a reference"
UNANSWERED, NOT_COMPOSED = "unanswered", "not composed"
LAST_COUNTER = 2**64 - 1  # an Originator Counter is 64 bits
FoundT = TypeVar("FoundT")

Paths = Annotated[list[Path], typer.Argument(help="Files or folders.")]
KeysOption = Annotated[
    Path, typer.Option("--keys", exists=True, file_okay=False, help="The folder of PEM files.")
]


def register(hub: typer.Typer) -> None:
    """Add the two commands to `hht hub`."""
    hub.command()(reply)
    hub.command()(compose)


def reply(paths: Paths, keys: KeysOption, as_json: JsonOption = False) -> None:
    """Print what the simulated Devices answer to Commands. Unsigned where no key is known."""
    from hht.gbcs.keystore import PemFolder
    from hht.reference.reply import difference, reply_to

    store = PemFolder(keys)
    given = commands_in(paths)
    tally: Counter[str] = Counter()
    for path, raw in given:
        result = reply_to(raw, store, str(path))
        beside = path.with_name(path.name.replace(COMMAND, RESPONSE))
        verdict = result.error or judge(beside, path, partial(difference, result))
        tally[UNANSWERED if result.error else verdict.partition(":")[0]] += 1
        signed = None if result.error else result.signed
        row = {"source": result.source, "response": result.response.hex().upper()}
        row_of_it = {**row, "error": result.error or None, "signed": signed}
        unsigned = ", unsigned: its Device's signing key is not known" if signed is False else ""
        words = in_words(f"{path.name}: {verdict}{unsigned}", result.response, raw, len(given))
        print_result(row_of_it, words, as_json)
    finish(tally, as_json)


def compose(
    paths: Paths,
    keys: KeysOption,
    dcc_counter: Annotated[
        int | None,
        typer.Option(min=0, max=LAST_COUNTER, help="The counter where the DCC is the originator."),
    ] = None,
    messages: Annotated[
        Path | None,
        typer.Option(
            exists=True, file_okay=False, help="Folder of reference Commands to compare with."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the Commands made of Service Requests. The training head-end makes them of DUIS XML."""
    from hht.gbcs.keystore import PemFolder
    from hht.reference.commands import command_difference
    from hht.reference.devices import compose_reference
    from hht.simulator.head_end.compose import ComposeResult

    store = PemFolder(keys)
    known = {path.name: path for path in messages.rglob(f"*{COMMAND}")} if messages else {}
    given = requests_in(paths)
    tally: Counter[str] = Counter()
    unreadable = False
    for path in given:
        content = content_of(path)
        if isinstance(content, InputError):  # which stops no other file
            unreadable = True
            result = ComposeResult(str(path), error=str(content))
        else:
            result = compose_reference(content, store, dcc_counter, str(path))
        beside = known.get(path.name.replace(REQUEST, COMMAND), path)
        fault = result.error.removeprefix(f"{path}: ")
        verdict = fault or judge(beside, path, partial(command_difference, result.command))
        tally[NOT_COMPOSED if result.error else verdict.partition(":")[0]] += 1
        command = result.command.hex().upper()
        row = {"source": result.source, "command": command, "error": result.error or None}
        words = in_words(f"{path.name}: {verdict}", result.command, b"", len(given))
        print_result(row, words, as_json)
    finish(tally, as_json)
    if unreadable:
        raise typer.Exit(2)


def in_words(head: str, raw: bytes, command: bytes, of: int) -> str:
    """Return what was found, then the message that was made in one line; alone, its octets too."""
    from hht.gbcs.explain.describe import reading_of
    from hht.gbcs.message import Message

    if not raw:
        return head
    asked = Message.parse(command) if command else None
    said = [head, f"  {reading_of(Message.parse(raw), command=asked)}"]
    return "\n".join([*said, raw.hex().upper()] if of == 1 else said)


def content_of(path: Path) -> bytes | InputError:
    """Return what is in a file, or why that cannot be read."""
    try:
        return read_input(path)
    except InputError as error:
        return error


def judge(beside: Path, path: Path, unlike: Callable[[bytes], str]) -> str:
    """Say whether it equals the reference message in the file beside, or how it differs."""
    if beside == path or not beside.is_file():
        return NO_REFERENCE
    why = unlike(read_message(beside))
    return f"differs: {why}" if why else "equal"


def commands_in(paths: list[Path]) -> list[tuple[Path, bytes]]:
    """Return every message given by name; of a folder its files .hex that hold a Command."""
    found: list[tuple[Path, bytes]] = []
    for path in paths:
        if path.is_dir():
            inside = filter(None, map(command_in, files_of(path, ".hex")))
            found += not_empty(list(inside), path, "no Command (in a file .hex)")
        else:
            found.append((path, read_message(path)))
    return found


def command_in(path: Path) -> tuple[Path, bytes] | None:
    """Return a file of a folder with its Command; None where it holds another message.

    One that cannot be read is named on stderr.
    """
    from hht.gbcs.message import Cra, Message

    try:
        raw = read_message(path)
        message = Message.parse(raw)
    except HhtError as error:
        print_error(error)
        return None
    is_signed_or_sealed = message.signature is not None  # which a Pre-Command is not yet
    return (path, raw) if message.cra is Cra.COMMAND and is_signed_or_sealed else None


def requests_in(paths: list[Path]) -> list[Path]:
    """Return the files given by name, and of a folder those in XML."""
    found: list[Path] = []
    for path in paths:
        found += (
            not_empty(files_of(path, ".xml"), path, "no Service Request (.xml)")
            if path.is_dir()
            else [path]
        )
    return found


def files_of(folder: Path, ending: str) -> list[Path]:
    return sorted(
        file for file in folder.rglob("*") if file.suffix.lower() == ending and not file.is_dir()
    )


def not_empty(found: list[FoundT], folder: Path, wanted: str) -> list[FoundT]:
    """Return what a folder holds; InputError where that is nothing."""
    if not found:
        raise InputError(f"There is {wanted} in this folder", where=str(folder))
    return found


def read_message(path: Path) -> bytes:
    """Return the one message of a file; InputError when there is none."""
    from hht.duis.message_sources import find_messages

    found = next(iter(find_messages(str(path))))
    if found.error:
        raise found.error
    return found.raw


def finish(tally: "Counter[str]", as_json: bool) -> None:
    """Close with the counts, for people."""
    if not as_json:
        print(", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.items())))
