"""The columns of a manifest, and a maker's own names for them, read from a TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from hht.errors import InputError
from hht.facility.findings import SHORTEST_CODE, shown
from hht.files import decode_text, read_input

REQUIRED = ("eui", "install_code", "hht_eui", "hht_install_code", "chf", "commands")
OPTIONAL = ("serial", "certificate", "gpf", "mpxn", "order", "hht_identity")
COLUMNS = (*REQUIRED, *OPTIONAL)
DELIMITERS = ",;\t|"
_TABLE, _IGNORE, _SEPARATOR, _HEADER = "columns", "ignore", "separator", "header"


@dataclass(frozen=True, slots=True)
class MakersColumns:
    """A maker's layout: `ours` by the maker's names, columns that are passed over, CSV's form.

    `separator` is empty where the header line shows it; `header` has the names of a file that
    begins with its first row.
    """

    ours: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    separator: str = ""
    header: Sequence[str] = ()

    def named(self, theirs: str) -> str | None:
        """Return our name of a column, the maker's where it has none, None where it is ignored."""
        name = theirs.strip()
        return None if name in self.ignored else self.ours.get(name, name)

    def theirs(self, ours: str) -> str:
        """Return the maker's name of one of our columns."""
        return next((name for name, own in self.ours.items() if own == ours), ours)


def read_columns(path: Path) -> MakersColumns:
    """Read `ours = "theirs"` lines, `ignore`, `separator` and `header`; InputError for others."""
    try:
        given = tomllib.loads(decode_text(read_input(path)))
    except (ValueError, RecursionError) as error:
        _refuse(path, f"it is no TOML ({str(error)[:60]})")
    table = given.pop(_TABLE, {})
    if not isinstance(table, dict):
        _refuse(path, f"{_TABLE} is no table")
    ignored = _texts(path, given.pop(_IGNORE, []), _IGNORE)
    header = _texts(path, given.pop(_HEADER, []), _HEADER)
    separator = given.pop(_SEPARATOR, "")
    if separator and separator not in (*DELIMITERS,):
        _refuse(path, f"{_SEPARATOR} is none of comma, semicolon, tab and bar")
    return MakersColumns(_names(path, given | table), frozenset(ignored), separator, header)


def _names(path: Path, given: Mapping[str, object]) -> dict[str, str]:
    names: dict[str, str] = {}
    for ours, theirs in given.items():
        if ours not in COLUMNS:
            _refuse(path, f"{shown(ours, SHORTEST_CODE)[:40]!r} is no column of a manifest")
        if not isinstance(theirs, str) or not theirs.strip():
            _refuse(path, f"{ours} is no text")
        if theirs.strip() in names:
            _refuse(path, "it gives one name to two columns")
        names[theirs.strip()] = ours
    return names


def _texts(path: Path, given: object, name: str) -> list[str]:
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        _refuse(path, f"{name} is no list of names")
    return [each.strip() for each in given]


def _refuse(path: Path, why: str) -> NoReturn:
    raise InputError(
        f"These are no column names: {why}", where=str(path), remedy='Write eui = "Their name".'
    )
