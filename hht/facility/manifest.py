"""Manifests: one row a unit, as CSV or JSON, read row by row however many there are."""

import codecs
import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn

from hht.errors import InputError
from hht.files import read_input

REQUIRED = ("eui", "install_code", "hht_eui", "hht_install_code", "chf", "commands")
OPTIONAL = ("serial", "certificate", "gpf", "mpxn", "order", "hht_identity")
COLUMNS = (*REQUIRED, *OPTIONAL)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 64 * 1024  # bytes: the first sign that is no space comes far earlier
_LARGEST_OBJECT = 1024 * 1024  # characters; a row has some hundred
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """One data row, counted from 1; `problem` says why it has no cells that could be named."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""


class Manifest:
    """A manifest file; every call of `rows` reads it anew from its beginning."""

    def __init__(self, path: Path, names: Mapping[str, str] | None = None) -> None:
        """Look at the columns; InputError where it can't be read or its columns don't fit.

        `names` gives the maker's name of each of our columns, where it is another.
        """
        self.path = path
        self._ours = {theirs: ours for ours, theirs in (names or {}).items()}
        self._encoding = _encoding(path)
        self._is_json = self._first_character() in "[{"
        self._check_columns()

    def rows(self) -> Iterator[Row]:
        """Read every row in its order."""
        reader = self._json_rows if self._is_json else self._csv_rows
        try:
            with self._open() as file:
                yield from reader(file)
        except (UnicodeError, csv.Error) as error:
            self._refuse(f"it is not text that can be read ({str(error)[:60]})")

    def _open(self) -> IO[str]:
        try:
            return self.path.open(encoding=self._encoding, newline="")
        except OSError as error:
            self._refuse(f"it can't be opened ({error.strerror})")

    def _first_character(self) -> str:
        try:
            with self._open() as file:
                return file.read(_CHUNK).lstrip()[:1] or " "
        except UnicodeError:
            self._refuse("it is no text")

    def _check_columns(self) -> None:
        """Refuse unknown and missing columns: a misread column would load wrong secrets."""
        found = self._json_names() if self._is_json else self._csv_names()
        if unknown := sorted(found - set(COLUMNS)):
            self._refuse(f"it has the unknown column {unknown[0][:40]!r}")
        if missing := [name for name in REQUIRED if name not in found]:
            self._refuse(f"it lacks the column {missing[0]!r}")

    def _csv_names(self) -> set[str]:
        try:
            with self._open() as file:
                names, first = self._header(file), next(self._reader(file), None)
        except (UnicodeError, csv.Error):
            self._refuse("it is no CSV text")
        if len(set(names)) != len(names):
            self._refuse("it has a column twice")
        if first is None:
            self._refuse("it has no rows")
        return set(names)

    def _header(self, file: IO[str]) -> list[str]:
        line = file.readline()
        self._delimiter = max(_DELIMITERS, key=line.count)
        cells = next(csv.reader([line], delimiter=self._delimiter), [])
        return [self._ours.get(cell.strip(), cell.strip()) for cell in cells]

    def _reader(self, file: IO[str]) -> Iterator[list[str]]:
        rows = csv.reader(file, delimiter=self._delimiter, strict=True)
        return (row for row in rows if len(row) > 1 or "".join(row).strip())

    def _csv_rows(self, file: IO[str]) -> Iterator[Row]:
        names = self._header(file)
        for number, cells in enumerate(self._reader(file), 1):
            if len(cells) != len(names):
                yield Row(number, {}, f"{len(cells)} cells where the header has {len(names)}")
            else:
                stripped = (cell.strip() for cell in cells)
                yield Row(number, dict(zip(names, stripped, strict=True)))

    def _json_names(self) -> set[str]:
        names: set[str] | None = None
        try:
            with self._open() as file:
                for given in self._objects(file):
                    names = (names or set()) | {self._ours.get(name, name) for name in given}
        except UnicodeError:
            self._refuse("it is no text")
        if names is None:
            self._refuse("it has no rows")
        return names

    def _json_rows(self, file: IO[str]) -> Iterator[Row]:
        for number, given in enumerate(self._objects(file), 1):
            cells = {self._ours.get(name, name): value for name, value in given.items()}
            wrong = [name for name, value in cells.items() if not isinstance(value, str | None)]
            if wrong:
                yield Row(number, {}, f"the value of {wrong[0]} is no text")
            else:
                yield Row(number, {name: (value or "").strip() for name, value in cells.items()})

    def _objects(self, file: IO[str]) -> Iterator[dict[str, Any]]:
        """Read a JSON list object by object, so that memory does not grow with it."""
        stream = _JsonList(file, self._refuse)
        yield from stream.objects()

    def _refuse(self, why: str) -> NoReturn:
        raise InputError(
            f"This is no manifest: {why}",
            where=str(self.path),
            remedy="docs/facility.md has the columns; --columns maps a maker's own names.",
        )


class _JsonList:
    """A JSON list of objects, decoded from chunks of its file."""

    def __init__(self, file: IO[str], refuse: Any) -> None:
        self._file = file
        self._refuse = refuse
        self._text = ""
        self._decoder = json.JSONDecoder(object_pairs_hook=self._pairs)

    def objects(self) -> Iterator[dict[str, Any]]:
        if self._next() != "[":
            self._refuse("it is no JSON list")
        self._text = self._text[1:]
        if self._next() == "]":
            return
        while True:
            given = self._decode()
            if not isinstance(given, dict):
                self._refuse("an element of its list is no object")
            yield given
            mark = self._next()
            self._text = self._text[1:]
            if mark == "]":
                break
            if mark != "," or not self._next():
                self._refuse("its JSON list is cut short or malformed")
        if self._next():
            self._refuse("it goes on behind its JSON list")

    def _next(self) -> str:
        """Look at the next character that is no white space; empty at the end."""
        while True:
            self._text = self._text.lstrip()
            if self._text or not self._more():
                return self._text[:1]

    def _more(self) -> bool:
        chunk = self._file.read(_CHUNK)
        self._text += chunk
        return bool(chunk)

    def _decode(self) -> Any:
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text)
            except (json.JSONDecodeError, RecursionError):
                if len(self._text) > _LARGEST_OBJECT or not self._more():
                    self._refuse("its JSON is cut short or malformed")
                continue
            self._text = self._text[end:]
            return value

    def _pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        given = dict(pairs)
        if len(given) != len(pairs):
            self._refuse("an object of its list has a name twice")
        return given


def read_columns(path: Path) -> dict[str, str]:
    """Read a maker's column names: a TOML file of `ours = "theirs"`; InputError for others."""
    try:
        given = tomllib.loads(read_input(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        _refuse_columns(path, f"it is no TOML ({str(error)[:60]})")
    for name, theirs in given.items():
        if name not in COLUMNS:
            _refuse_columns(path, f"{name[:40]!r} is no column of a manifest")
        if not isinstance(theirs, str) or not theirs.strip():
            _refuse_columns(path, f"{name} is no text")
    if len(set(given.values())) != len(given):
        _refuse_columns(path, "it gives one name to two columns")
    return {name: theirs.strip() for name, theirs in given.items()}


def _refuse_columns(path: Path, why: str) -> NoReturn:
    raise InputError(
        f"These are no column names: {why}", where=str(path), remedy='Write eui = "Their name".'
    )


def _encoding(path: Path) -> str:
    """Tell UTF-8 from UTF-16, with a byte order mark or without one."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputError(
            f"The file can't be read ({error.strerror})", where=str(path), remedy="Check its name."
        ) from None
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if start[1:2] == b"\x00":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\x00" else "utf-8"
