"""The JSON or TOML of a job pack; what is missing or of another kind is refused with its line."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from hht.duis.job.json_lines import json_line_index
from hht.duis.pack_files import PackRefused
from hht.entity_id import EntityId
from hht.files import decode_text
from hht.toml_lines import decode_error_line, line_index, line_of

_AGAIN = "Ask for the pack again."
Path = tuple[str | int, ...]


def one_line(text: str) -> str:
    """Return printable text on one line: a pack sends no control characters to a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def json_object(content: bytes, where: str) -> dict[str, Any]:
    """Parse one JSON object; PackRefused for anything else, and for a name that is there twice.

    Half a character (a lone surrogate) is damage too: nothing could store or print it.
    """
    try:
        value = json.loads(decode_text(content), object_pairs_hook=_without_twins)
        json.dumps(value, ensure_ascii=False).encode()
    except _TwinNames as error:
        refuse(f"The JSON gives {str(error)[:60]!r} twice", where, "Ask for the pack again.")
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        refuse(f"The JSON is damaged at line {line}", where, "Ask for the pack again.")
    if not isinstance(value, dict):
        refuse("The JSON is not an object", where, "Ask for the pack again.")
    return value


class _TwinNames(ValueError):
    """A name that one object has twice: of its two values readers take this one or that."""


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        names = [name for name, _ in pairs]
        raise _TwinNames(next(name for name in names if names.count(name) > 1))
    return fields


def read_document(content: bytes, name: str, where: str) -> "JobObject":
    """Read job.json or job.toml, by its name, with the line of each value."""
    if not name.lower().rstrip(" .").endswith(".toml"):
        fields = json_object(content, where)
        return JobObject(fields, where, (), json_line_index(decode_text(content)))
    try:
        text = decode_text(content)
        return JobObject(tomllib.loads(text), where, (), line_index(text))
    except tomllib.TOMLDecodeError as error:
        line = decode_error_line(error, text)
        refuse("The TOML is damaged", f"{where}, line {line}", _AGAIN)
    except UnicodeDecodeError:
        refuse("This is no text", where, _AGAIN)
    except (ValueError, RecursionError):
        refuse("The TOML has a number or a nesting beyond all size", where, _AGAIN)


class JobObject:
    """One object of job.json or job.toml; every reader names the line of what it refuses."""

    def __init__(
        self,
        fields: dict[str, Any],
        where: str,
        path: Path = (),
        lines: Mapping[Path, int] | None = None,
    ) -> None:
        self.fields = fields
        self.where = where
        self._path = path
        self._lines = dict(lines or {})

    def at(self, name: str = "") -> str:
        """Return the file, and the line of this value or of what holds it."""
        path = (*self._path, name) if name else self._path
        return f"{self.where}, line {line_of(self._lines, path)}" if self._lines else self.where

    def text(self, name: str, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            refuse(f"{name!r} is missing or not text", self.at(name), _AGAIN)
        return value

    def line(self, name: str, default: str | None = None) -> str:
        """Return text that people are shown."""
        return one_line(self.text(name, default))

    def choice(self, name: str, allowed: Sequence[str]) -> str:
        """Return one of the allowed words, empty where it is absent."""
        value = self.text(name, "")
        if value and value not in allowed:
            what = f"{name!r} is {value[:30]!r} and none of {', '.join(allowed)}"
            refuse(what, self.at(name), _AGAIN)
        return value

    def boolean(self, name: str) -> bool:
        """Return yes or no, no where it is absent."""
        value = self.fields.get(name, False)
        if not isinstance(value, bool):
            refuse(f"{name!r} is not true or false", self.at(name), _AGAIN)
        return value

    def entity_id(self, name: str) -> EntityId:
        try:
            return EntityId.parse(self.text(name))
        except ValueError as error:
            refuse(f"{name!r}: {error}", self.at(name), _AGAIN)

    def entry(self, name: str) -> "JobObject":
        value = self.fields.get(name)
        if not isinstance(value, dict):
            refuse(f"{name!r} is missing or not an object", self.at(name), _AGAIN)
        return JobObject(value, self.where, (*self._path, name), self._lines)

    def entries(self, name: str) -> list["JobObject"]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            refuse(f"{name!r} is not a list of objects", self.at(name), _AGAIN)
        paths = ((*self._path, name, index) for index in range(len(value)))
        return [
            JobObject(item, self.where, path, self._lines)
            for item, path in zip(value, paths, strict=True)
        ]

    def names(self, name: str, *, also_text: bool = False) -> list[str]:
        """Return a list of texts; one text is a list of one where that is allowed."""
        value = self.fields.get(name, [])
        if also_text and isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            refuse(f"{name!r} is not a list of texts", self.at(name), _AGAIN)
        return value


def refuse(what: str, where: str, remedy: str) -> NoReturn:
    raise PackRefused(what, where=where, remedy=remedy)
