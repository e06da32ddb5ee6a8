"""The imported jobs for a check that can do without them: no PIN is asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hht.cli.mode_option import settle_mode
from hht.errors import HhtError

if TYPE_CHECKING:
    from hht.store import JobRow


def jobs_at_hand(data_dir: Path) -> "tuple[Sequence[JobRow], str]":
    """Return every job of the database, and why it cannot be read.

    Both empty where there is none.
    """
    from hht.store import Mode, Store

    path = data_dir / f"{settle_mode(data_dir, '')}.db"
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
