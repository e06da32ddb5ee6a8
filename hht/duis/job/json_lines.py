"""Which line of a JSON text holds which value, so that a bad value is shown at its place."""

import json
import re
from collections.abc import Iterator

JsonPath = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def json_line_index(text: str) -> dict[JsonPath, int]:
    """Map each value of a JSON text that can be parsed, by its path, to its line (from 1).

    What is nested deeper than Python recurses is left out.
    """
    index = _Index(text)
    try:
        index.read(())
    except RecursionError:
        pass
    return index.lines


class _Index:
    """One pass through the tokens; the text is known to be JSON."""

    def __init__(self, text: str) -> None:
        self.lines: dict[JsonPath, int] = {}
        self._tokens = list(_numbered(text))[::-1]

    def read(self, path: JsonPath) -> None:
        """Note the value that begins at the next token, and all within it."""
        token, line = self._tokens.pop()
        self.lines.setdefault(path, line)
        if token == "{":
            self._members(path)
        elif token == "[":
            self._items(path, *self._tokens.pop())

    def _members(self, path: JsonPath) -> None:
        token, line = self._tokens.pop()
        while token != "}":
            if token != ",":
                name = json.loads(token)
                self.lines.setdefault((*path, name), line)
                self._tokens.pop()
                self.read((*path, name))
            token, line = self._tokens.pop()

    def _items(self, path: JsonPath, token: str, line: int) -> None:
        number = 0
        while token != "]":
            if token != ",":
                self._tokens.append((token, line))
                self.read((*path, number))
                number += 1
            token, line = self._tokens.pop()


def _numbered(text: str) -> Iterator[tuple[str, int]]:
    """Yield every token with its line."""
    line, at = 1, 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        yield match[0], line
