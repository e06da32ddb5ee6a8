"""Which imported job is meant, and the imported jobs for a check that can do without them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hht.cli.mode_option import settle_mode
from hht.cli.named_path import named_path
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.duis.local_command import LocalCommand
    from hht.store import CommandRow, JobRow


PackOrJobArgument = Annotated[
    str, typer.Argument(metavar="PATH|JOB", help="A pack, or a job of the list.")
]
_MOST_DIGITS = 20  # of a number that no list has: SQLite's are shorter


def job_number(text: str) -> int | None:
    """Return the number of `jobs list` that is meant; None where it is a path, and not empty."""
    named_path(text)
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text.lstrip("0")[:_MOST_DIGITS] or 0)


def kept_command(row: "CommandRow") -> "LocalCommand":
    """Return the Local Command of a row as it was imported."""
    from hht.duis.local_command import LocalCommand

    references = row.service_reference, row.service_reference_variant
    return LocalCommand.of(row.request_id, *references, row.raw, row.title)


def jobs_at_hand(data_dir: Path, mode: str = "") -> "tuple[Sequence[JobRow], str]":
    """Return every job of the database, and why it cannot be read; no PIN is asked for.

    Both empty where there is none.
    """
    from hht.store import Mode, Store

    path = data_dir / f"{settle_mode(data_dir, mode)}.db"
    if not path.exists():
        return (), ""
    try:
        with Store.open(path, Mode(path.stem), read_only=True) as store:
            if not store.vault.is_locked:
                return store.jobs.all(), ""
            why = "the database is locked"
    except HhtError as error:
        why = error.what
    return (), f"{path.name}: {why}"
