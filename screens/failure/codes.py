"""From an error to what a person is shown: what happened, what it means, what to do, and a code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hht.errors import HhtError

TABLE = "help_failures.toml"


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure in plain English. `code` is what the engineer reads out on the phone."""

    code: str
    what: str
    where: str
    meaning: str
    remedy: str


def failure_of(error: HhtError) -> Failure:
    """Put the table's code and meaning beside what the error says itself."""
    code, meaning = _entry(type(error))
    return Failure(code, error.what, error.where, meaning, error.remedy)


def _entry(kind: type[BaseException]) -> tuple[str, str]:
    """The code and meaning of an error's class, or of the nearest class above it."""
    entries = (failure_table().get(parent.__name__) for parent in kind.__mro__)
    entry = next(found for found in entries if found)
    return entry["code"], entry["meaning"]


@cache
def failure_table() -> dict[str, dict[str, str]]:
    """Read assets/tables/help_failures.toml: class name -> code, meaning."""
    text = (files("assets") / "tables" / TABLE).read_text(encoding="utf-8")
    return tomllib.loads(text)
