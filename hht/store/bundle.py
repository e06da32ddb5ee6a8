"""What to send in to have a fault looked into: log, versions, checks and counts, in one zip file.

It holds no secret and nothing of a customer: the log is redacted, and of the databases only the
numbers of rows are given.
"""

import io
import json
import platform
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from importlib.metadata import distributions
from pathlib import Path

from hht import __version__
from hht.files import read_plain, write_own
from hht.logs import log_files, redacted
from hht.store.modes import Mode
from hht.store.sqlite.file_check import open_untouched


def write_bundle(path: Path, data_dir: Path, checks: Iterable[Mapping[str, object]]) -> None:
    """Write the zip file, mode 0600, in place of one of that name; `checks` are the doctor's."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("versions.json", _json(_versions()))
        bundle.writestr("checks.json", redacted(_json(list(checks))))
        bundle.writestr("counts.json", _json(_counts(data_dir)))
        for log in log_files(data_dir):
            bundle.writestr(log.name, redacted(read_plain(log).decode("utf-8", "replace")))
    write_own(path, content.getvalue(), b"versions.json")


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _versions() -> dict[str, str]:
    installed = {each.name: each.version for each in distributions()}
    own = {"hht": __version__, "python": platform.python_version(), "system": platform.platform()}
    return own | dict(sorted(installed.items()))


def _counts(data_dir: Path) -> dict[str, dict[str, int] | str]:
    """Count rows by table, in each database that is there."""
    counts: dict[str, dict[str, int] | str] = {}
    for mode in Mode:
        path = data_dir / mode.file_name
        if path.is_file():
            try:
                with closing(open_untouched(path)) as connection:
                    counts[mode.value] = _rows(connection)
            except sqlite3.Error as error:
                counts[mode.value] = f"not counted: {type(error).__name__}"
    return counts


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    return {
        name: int(connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0])
        for (name,) in names
    }
