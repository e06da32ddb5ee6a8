"""Typed reading of a TOML table; every mistake is one line with the file and line number."""

from collections.abc import Iterator, Sequence
from typing import Any

from hht.entity_id import EntityId
from hht.errors import InputError
from hht.toml_lines import TomlPath, line_index, line_of

_MISSING: Any = object()
_LARGEST = 1_000_000_000
"""Of a number without a limit of its own: thirty years in seconds."""


class ScenarioMistake(InputError):
    """A value of a scenario file that can't be used; `path` is where in the document it is."""

    def __init__(self, what: str, path: TomlPath, where: str) -> None:
        super().__init__(what, where=where, remedy="Correct the file.")
        self.path = path


class Table:
    """One TOML table. Each reader has a key and, where it may be absent, a default."""

    def __init__(
        self, values: dict[str, Any], path: TomlPath, lines: dict[TomlPath, int], where: str
    ) -> None:
        self._values = values
        self._path = path
        self._lines = lines
        self._where = where
        self._read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def mistake(self, path: TomlPath, what: str) -> "ScenarioMistake":
        """Make the error for the value at `path` below this table."""
        whole = (*self._path, *path)
        where = f"{self._where}, line {line_of(self._lines, whole)}"
        return ScenarioMistake(what, whole, where)

    def text(self, key: str, default: str = _MISSING) -> str:
        """Read a string that is not empty."""
        value = self._get(key, default, str, "a text")
        if not value.strip():
            raise self.mistake((key,), f"{key} is empty")
        return str(value).strip()

    def choice(self, key: str, allowed: Sequence[str], default: str = _MISSING) -> str:
        """Read one of the allowed words."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.mistake((key,), f"{key} is {value!r}, not one of {', '.join(allowed)}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of strings, at least one."""
        values = self._get(key, _MISSING, list, "a list")
        if not values or not all(isinstance(value, str) for value in values):
            raise self.mistake((key,), f"{key} is not a list of texts")
        return tuple(values)

    def integers(self, key: str) -> tuple[int, ...]:
        """Read a list of whole numbers, at least one."""
        values = self._get(key, _MISSING, list, "a list")
        if not values or not all(type(value) is int for value in values):
            raise self.mistake((key,), f"{key} is not a list of whole numbers")
        return tuple(values)

    def integer(
        self, key: str, default: int = _MISSING, *, low: int, high: int | None = None
    ) -> int:
        """Read a whole number from `low` to `high`."""
        value = self._get(key, default, int, "a whole number")
        self._check_range(key, value, low, high)
        return int(value)

    def number(
        self, key: str, default: float = _MISSING, *, low: float, high: float | None = None
    ) -> float:
        """Read a number from `low` to `high`."""
        value = self._get(key, default, (int, float), "a number")
        self._check_range(key, value, low, high)
        return float(value)

    def boolean(self, key: str) -> bool:
        """Read true or false; false where it is absent."""
        return bool(self._get(key, False, bool, "true or false"))

    def answer(self, key: str) -> str | bool:
        """Return a text, or true or false."""
        value = self._values.get(key)
        return self.boolean(key) if isinstance(value, bool) else self.text(key)

    def entity_id(self, key: str) -> EntityId:
        try:
            return EntityId.parse(self.text(key))
        except ValueError as error:
            raise self.mistake((key,), str(error)) from None

    def table(self, key: str, *, required: bool = True) -> "Table":
        """Read a table below this one; an empty one where it may be absent."""
        default = _MISSING if required else {}
        values = self._get(key, default, dict, "a table")
        return Table(values, (*self._path, key), self._lines, self._where)

    def tables(self, key: str) -> list["Table"]:
        """Read an array of tables; empty where it is absent."""
        rows = self._get(key, [], list, "an array of tables")
        if not all(isinstance(row, dict) or row is None for row in rows):
            raise self.mistake((key,), f"{key} is not an array of tables")
        return [
            Table(row, (*self._path, key, index), self._lines, self._where)
            for index, row in enumerate(rows)
            if row is not None  # left out by a check of the rest: TOML has no such value
        ]

    def finish(self) -> None:
        """Refuse what was not read: a misspelt key must not be lost in silence."""
        for key in self._values:
            if key not in self._read:
                raise self.mistake((key,), f"{key!r} is not a setting that belongs here")

    def _get(self, key: str, default: Any, kind: Any, expected: str) -> Any:
        self._read.add(key)
        value = self._values.get(key, default)
        if value is _MISSING:
            raise self.mistake((), f"{key} is missing")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.mistake((key,), f"{key} is not {expected}")
        return value

    def _check_range(self, key: str, value: float, low: float, high: float | None) -> None:
        most = _LARGEST if high is None else high
        if not low <= value <= most:  # so nan is none
            is_low = high is None and value < low
            limits = f"at least {low}" if is_low else f"from {low} to {most}"
            raise self.mistake((key,), f"{key} is {value}, it must be {limits}")


def read_table(document: dict[str, Any], text: str, where: str) -> Table:
    """Make a table of the whole document; `text` is what it was parsed from."""
    return Table(document, (), line_index(text), where)
