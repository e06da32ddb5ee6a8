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
    """Put the meaning of the error's code beside what the error says itself."""
    meaning = failure_table()[error.code]["meaning"]
    return Failure(error.code, error.what, error.where, meaning, error.remedy)


@cache
def failure_table() -> dict[str, dict[str, str]]:
    """Read assets/tables/help_failures.toml: code -> meaning."""
    text = (files("assets") / "tables" / TABLE).read_text(encoding="utf-8")
    return tomllib.loads(text)
