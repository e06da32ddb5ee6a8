"""The JSON of a job pack, read object by object; what is missing or of another kind is refused."""

import json
from typing import Any, NoReturn

from hht.duis.pack_files import PackRefused
from hht.entity_id import EntityId
from hht.text_files import decode_text


def one_line(text: str) -> str:
    """Printable text on one line: a pack sends no control characters to a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def json_object(content: bytes, where: str) -> dict[str, Any]:
    """Parse one JSON object; PackRefused for anything else, and for a name that is there twice."""
    try:
        value = json.loads(decode_text(content), object_pairs_hook=_without_twins)
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


class JobObject:
    """One object of job.json; every reader refuses what is missing or of another kind."""

    def __init__(self, fields: dict[str, Any], where: str) -> None:
        self.fields = fields
        self.where = where

    def text(self, name: str, default: str | None = None) -> str:
        value = self.fields.get(name, default)
        if not isinstance(value, str):
            refuse(f"{name!r} is missing or not text", self.where, "Ask for the pack again.")
        return value

    def line(self, name: str, default: str | None = None) -> str:
        """Text that people are shown."""
        return one_line(self.text(name, default))

    def entity_id(self, name: str) -> EntityId:
        try:
            return EntityId.parse(self.text(name))
        except ValueError as error:
            refuse(f"{name!r}: {error}", self.where, "Ask for the pack again.")

    def entry(self, name: str) -> "JobObject":
        value = self.fields.get(name)
        if not isinstance(value, dict):
            refuse(f"{name!r} is missing or not an object", self.where, "Ask for the pack again.")
        return JobObject(value, self.where)

    def entries(self, name: str) -> list["JobObject"]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            refuse(f"{name!r} is not a list of objects", self.where, "Ask for the pack again.")
        return [JobObject(item, self.where) for item in value]

    def names(self, name: str) -> list[str]:
        value = self.fields.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            refuse(f"{name!r} is not a list of file names", self.where, "Ask for the pack again.")
        return value


def refuse(what: str, where: str, remedy: str) -> NoReturn:
    raise PackRefused(what, where=where, remedy=remedy)
