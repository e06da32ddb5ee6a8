"""What a gateway or a page on the way says, as far as it can be shown: words, and no secret.

It was given our token, and may repeat it in any writing. So only plain words and short numbers are
shown, and nothing at all where those, written without gaps, have a part of a secret in them.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator

HIDDEN = "***"
LONGEST_LINE = 160  # two lines of a terminal of 80 columns
_READ = 1000  # characters of the line: more than are shown
_LABELS = 3  # of a host's name; what is before them may be made for one user
_PART, _ENCODED_PART = 4, 8  # characters: too many for a coincidence, too few to be of use
_WORD = re.compile(
    r"""[/!?('#]*(?:(?:[^\W\d_]{2,20}|[aAI])(?:['’_-][^\W\d_]{1,20})*|\d{1,5})[/!?)'.;…]*"""
)
_PIECE = re.compile(r"""[^\s<>{}\[\]":,]+""")  # HTML and JSON are written without gaps
_TAG = re.compile("<[^>]*>")
_HOST = re.compile(r"(?:[a-z0-9-]{1,20}\.)*[a-z0-9-]{1,20}")


def shown_line(body: bytes, secrets: Iterable[str]) -> str:
    """Return the first line that has anything in it: its words, the rest of it as `***`."""
    lines = body.decode("utf-8", "replace").strip().splitlines()
    line = _PIECE.sub(_as_word, lines[0][:_READ]) if lines else ""
    line = re.sub(rf"{re.escape(HIDDEN)}(?:\s*{re.escape(HIDDEN)})+", HIDDEN, line)
    line = "".join(each if each.isprintable() else " " for each in line)[:LONGEST_LINE].rstrip()
    is_safe = not any(repeats(each, secrets) for each in (line, _TAG.sub("", line)))
    return line if is_safe else HIDDEN


def shown_host(host: str, secrets: Iterable[str]) -> str:
    """Return the end of a host's name or its IPv4 address; empty where it cannot be shown."""
    is_address = re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", host, re.ASCII)
    end = host if is_address else ".".join(host.rsplit(".", _LABELS)[-_LABELS:])
    return end if _HOST.fullmatch(end) and not repeats(end, secrets) else ""


def without(document: bytes, secrets: Iterable[str]) -> bytes:
    """Return a document with `***` for each secret that it repeats as it is."""
    for secret in sorted(secrets, key=len, reverse=True):
        document = document.replace(secret.encode("utf-8", "surrogateescape"), HIDDEN.encode())
    return document


def repeats(text: str, secrets: Iterable[str], least: int = _PART) -> bool:
    """Return whether a text has `least` characters of a secret in a row, gaps left out."""
    plain = _joined(text)
    return any(part in plain for secret in secrets for part in _parts(secret, least))


def _as_word(found: re.Match[str]) -> str:
    word = found[0]
    letters = re.findall(r"[^\W\d_]+", word)
    usual = all(each in (each.lower(), each.upper(), each.capitalize()) for each in letters)
    return word if usual and _WORD.fullmatch(word) else HIDDEN


def _parts(secret: str, least: int) -> set[str]:
    """Return every part of a secret that is too long for a coincidence, in each of its writings."""
    octets = secret.encode("utf-8", "surrogateescape")
    base64s = [base64.b64encode(b" " * shift + octets).decode() for shift in range(3)]
    encoded = (octets.hex(), *(each[4 * bool(shift) :] for shift, each in enumerate(base64s)))
    found = set(_windows(secret, least))
    for each in encoded:
        found.update(_windows(each, max(least, _ENCODED_PART)))
    return found


def _windows(text: str, length: int) -> Iterator[str]:
    plain = _joined(text)
    for start in range(max(1, len(plain) - length + 1)) if plain else ():
        yield plain[start : start + length]


def _joined(text: str) -> str:
    """Return letters and digits alone, small, in their plain forms."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in plain if each.isalnum())
