"""Which line of a TOML file holds which key, so that a bad value is shown at its place."""

import re
import tomllib
from collections import Counter

_TABLE = re.compile(r"\[\s*([^\[\]]+?)\s*\]\s*(?:#.*)?$")
_ARRAY = re.compile(r"\[\[\s*([^\[\]]+?)\s*\]\]\s*(?:#.*)?$")
_KEY = re.compile(r"([A-Za-z0-9_-]+)\s*=")
_ERROR_LINE = re.compile(r"at line (\d+)")
_LONG_STRING = ('"""', "'''")

TomlPath = tuple[str | int, ...]


def line_index(text: str) -> dict[TomlPath, int]:
    """Map each table and key to its line number (from 1), by path: `("devices", 1, "label")`."""
    lines: dict[TomlPath, int] = {(): 1}
    rows: Counter[str] = Counter()
    table: TomlPath = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if closing:
            closing = "" if closing in stripped else closing
        elif match := _ARRAY.match(stripped):
            name = match[1]
            table = (name, rows[name])
            rows[name] += 1
            lines[table] = number
        elif match := _TABLE.match(stripped):
            table = tuple(match[1].split("."))
            lines[table] = number
        elif match := _KEY.match(stripped):
            lines[(*table, match[1])] = number
            closing = _opens_long_string(stripped)
    return lines


def line_of(lines: dict[TomlPath, int], path: TomlPath) -> int:
    """Return the line of a path, or of the nearest table that holds it."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def decode_error_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """Return the line at which `text` stops being TOML.

    Before Python 3.14 only the words say it.
    """
    found = _ERROR_LINE.search(str(error))
    return int(found[1]) if found else text.rstrip().count("\n") + 1


def _opens_long_string(line: str) -> str:
    """Return the quotes that close the string this line leaves open, or nothing."""
    for quotes in _LONG_STRING:
        if line.count(quotes) % 2:
            return quotes
    return ""
