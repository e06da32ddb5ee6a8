"""One JSON object as a person or another program wrote it: every name once, nothing skipped."""

import json
from typing import Any, NoReturn

from hht.errors import InputError

_MOST_BYTES = 1024 * 1024  # fields of one Service Request are some hundred bytes


def read_json_fields(raw: bytes, where: str) -> dict[str, object]:
    """Read a JSON object (UTF-8, BOM allowed); InputError says what is wrong with it."""
    if len(raw) > _MOST_BYTES:
        _refuse("This is larger than 1 MiB", where)
    try:
        given = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_pairs)
    except UnicodeDecodeError:
        _refuse("This is not UTF-8 text", where)
    except _TwiceNamed as twice:
        _refuse(f"The name {twice.args[0]!r} is there twice", where)
    except RecursionError:
        _refuse("This is nested too deep", where)
    except json.JSONDecodeError as error:
        _refuse(f"This is not JSON: {error.msg} at line {error.lineno}", where)
    except ValueError:
        _refuse("This is not JSON: it holds a number too large to read", where)
    if not isinstance(given, dict):
        _refuse("This is no JSON object", where)
    return given


class _TwiceNamed(Exception):
    """A name that one object has twice."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, value in pairs:
        if name in given:
            raise _TwiceNamed(name[:60])
        given[name] = value
    return given


def _refuse(what: str, where: str) -> NoReturn:
    raise InputError(what, where=where, remedy="Give one object with a field's name once each.")
