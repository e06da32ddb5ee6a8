"""Manifests: one row a unit, as CSV or JSON, read row by row however many there are."""

import codecs
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any, NoReturn

from hht.errors import InputError
from hht.facility.findings import SHORTEST_CODE, shown
from hht.facility.manifest_columns import COLUMNS, DELIMITERS, REQUIRED, MakersColumns
from hht.files import open_plain, unfit

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ZEROS = 8  # a zero in so many bytes is no accident
_CHUNK = 64 * 1024  # bytes: the first sign that is no space comes far earlier
_LARGEST_OBJECT = 1024 * 1024  # characters; a row has some hundred
csv.field_size_limit(_LARGEST_OBJECT)  # for all of the program: 128 KiB, else the file is refused


@dataclass(frozen=True, slots=True)
class Row:
    """One data row, counted from 1.

    `problem` says why its cells could not be named (`cells` then holds its `eui` at most), `wrong`
    has the columns whose value is no text.
    """

    number: int
    cells: Mapping[str, str]
    problem: str = ""
    wrong: Sequence[str] = ()


class Manifest:
    """A manifest file; every call of `rows` reads it again from its beginning."""

    def __init__(self, path: Path, columns: MakersColumns | None = None) -> None:
        """Look at the columns; InputError where it can't be read or its columns don't fit."""
        self.path = path
        self._columns = columns or MakersColumns()
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
            return TextIOWrapper(open_plain(self.path), encoding=self._encoding, newline="")
        except OSError as error:
            self._refuse(f"it can't be opened ({error.strerror})")

    def _first_character(self) -> str:
        try:
            with self._open() as file:
                return file.read(_CHUNK).lstrip()[:1] or " "
        except UnicodeError:
            self._refuse("it is no text in UTF-8 or UTF-16")

    def _check_columns(self) -> None:
        """Refuse unknown and missing columns: a misread column would load wrong secrets."""
        found = self._json_names() if self._is_json else self._csv_names()
        if unknown := sorted(found - set(COLUMNS)):
            self._refuse(f"it has the unknown column {shown(unknown[0], SHORTEST_CODE)[:40]!r}")
        if missing := [name for name in REQUIRED if name not in found]:
            theirs = shown(self._columns.theirs(missing[0]), SHORTEST_CODE)
            self._refuse(f"it lacks the column {theirs[:40]!r}")

    def _csv_names(self) -> set[str]:
        try:
            with self._open() as file:
                names, first = self._header(file), next(self._reader(file), None)
        except (UnicodeError, csv.Error):
            self._refuse("it is no CSV text")
        known = self._without_ignored(names)
        if first is None:
            self._refuse("it has no rows")
        return known

    def _without_ignored(self, names: Sequence[str | None]) -> set[str]:
        known = [name for name in names if name is not None]
        if len(set(known)) != len(known):
            self._refuse("it has a column twice")
        return set(known)

    def _header(self, file: IO[str]) -> list[str | None]:
        """Name the columns; moves past the header's line, where the file has one."""
        line = next((each for each in iter(file.readline, "") if each.strip()), "")
        cells = self._split(line)
        if self._columns.header:
            file.seek(0)
            cells = list(self._columns.header)
        return [self._columns.named(cell) for cell in cells]

    def _split(self, line: str) -> list[str]:
        """Split a line at the maker's separator, or at the one that gives the most cells."""
        tried = self._columns.separator or DELIMITERS
        split = {each: next(csv.reader([line], delimiter=each), []) for each in tried}
        self._delimiter = max(split, key=lambda each: len(split[each]))
        return split[self._delimiter]

    def _reader(self, file: IO[str]) -> Iterator[list[str]]:
        rows = csv.reader(file, delimiter=self._delimiter, strict=True)
        return (row for row in rows if len(row) > 1 or "".join(row).strip())

    def _csv_rows(self, file: IO[str]) -> Iterator[Row]:
        names = self._header(file)
        for number, cells in enumerate(self._reader(file), 1):
            named = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
            if len(cells) != len(names):
                known = {"eui": named.get("eui", "")}
                yield Row(number, known, f"{len(cells)} cells where the header has {len(names)}")
            else:
                yield Row(number, named)

    def _json_names(self) -> set[str]:
        names: set[str] | None = None
        try:
            with self._open() as file:
                for given in self._objects(file):
                    own = [self._columns.named(name) for name in given]
                    names = (names or set()) | self._without_ignored(own)
        except UnicodeError:
            self._refuse("it is no text in UTF-8 or UTF-16")
        if names is None:
            self._refuse("it has no rows")
        return names

    def _json_rows(self, file: IO[str]) -> Iterator[Row]:
        for number, given in enumerate(self._objects(file), 1):
            named = {self._columns.named(name): value for name, value in given.items()}
            cells = {name: value for name, value in named.items() if name and value is not None}
            texts = {name: text.strip() for name, text in cells.items() if isinstance(text, str)}
            yield Row(number, texts, wrong=[name for name in cells if name not in texts])

    def _objects(self, file: IO[str]) -> Iterator[dict[str, Any]]:
        """Read a JSON list object by object, so that memory does not grow with it."""
        stream = _JsonList(file, self._refuse)
        yield from stream.objects()

    def _refuse(self, why: str) -> NoReturn:
        raise InputError(
            f"This is no manifest: {why}",
            where=str(self.path),
            remedy="docs/manifest.md has the columns; --columns maps a maker's own names.",
        )


class _JsonList:
    """A JSON list of objects, decoded from chunks of its file."""

    def __init__(self, file: IO[str], refuse: Any) -> None:
        self._file = file
        self._refuse = refuse
        self._text = ""
        # A number is no text, however many digits it has: they are not counted.
        self._decoder = json.JSONDecoder(object_pairs_hook=self._pairs, parse_int=float)

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


def _encoding(path: Path) -> str:
    """Name UTF-8 or UTF-16, with a byte order mark or without one.

    Whatever its words are written in, a manifest has digits: in UTF-16 each has a zero byte.
    """
    try:
        with open_plain(path) as file:
            start = file.read(_CHUNK)
    except OSError as error:
        raise unfit(path, f"The file can't be read ({error.strerror})") from None
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    first, second = start[::2].count(0), start[1::2].count(0)
    if max(first, second) * _ZEROS < len(start) or first == second:
        return "utf-8"
    return "utf-16-be" if first > second else "utf-16-le"
