"""Octets that travel as text: hexadecimal or base64, wrapped, quoted, or out of a mail."""

import base64
import binascii
import re

BINARY_STARTS = (b"\xdd\x00", b"\xdf\x09")
"""The first octets of a message: the tag of its MAC header, or that of a message without MAC."""

_MAIL_QUOTES = re.compile(r"^(?:[ \t]*[>|])+[ \t]?", re.MULTILINE)
_SOFT_BREAKS = re.compile(r"=[ \t]*\n")
"""Line ends that quoted-printable mail puts into long lines."""

UNSEEN = str.maketrans(
    dict.fromkeys(map(ord, "\ufeff\u2060\u00ad\u061c"))
    | dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""Signs without width: marks of byte order and direction, joiners, soft hyphens."""

_QUOTES = "\"'`“”‘’«»"
_HEX_SEPARATORS = re.compile(rf"0[xX]|\\x|[\s:;,\-{_QUOTES}]+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_MESSAGE = re.compile("DD00|DF09", re.IGNORECASE)
_NO_DIGITS = re.compile(r"[^0-9A-Fa-f]")
_DIGITS_TO_ONE_WRONG = 20
"""Base64 and words have far more letters after F than this."""

_BASE64_SEPARATORS = re.compile(rf"[\s{_QUOTES}]+")
_MESSAGE_IN_BASE64 = ("3QAAAAAA", "3wkB", "3wkC", "3wkD")
"""How base64 begins of the first octets of a message."""

_BASE64_OF_URLS = str.maketrans("-_", "+/")


def octets_in(text: str) -> tuple[str, bytes]:
    """Read hexadecimal, or else base64: what it was read as, and the octets.

    Both are empty where the text is neither as a whole.
    """
    text = without_quotes(text)
    for candidate in (text, _SOFT_BREAKS.sub("", text)):
        raw = hexadecimal(candidate)
        if raw:
            return "Hexadecimal", raw
        raw = _base64(candidate)
        if raw:
            return "Base64", raw
    return "", b""


def without_quotes(text: str) -> str:
    """Return the text without unseen signs and the marks that a mail's answer puts before each
    line."""
    return _MAIL_QUOTES.sub("", text.translate(UNSEEN))


def hexadecimal(text: str) -> bytes:
    """Read hexadecimal with any separators, quotes or `0x` between; empty when it is not that."""
    compact = _HEX_SEPARATORS.sub("", text.translate(UNSEEN))
    return bytes.fromhex(compact) if _HEX.fullmatch(compact) else b""


def fault_of_hexadecimal(text: str) -> str:
    """Return what is wrong with text that is meant as a message in hexadecimal.

    Empty for other text.
    """
    compact = _HEX_SEPARATORS.sub("", without_quotes(text))
    wrong = _NO_DIGITS.findall(compact)
    if not _MESSAGE.match(compact) or len(wrong) * _DIGITS_TO_ONE_WRONG > len(compact):
        return ""
    if wrong:
        place = compact.index(wrong[0]) + 1
        return f"Digit {place:,} of {len(compact):,} is {wrong[0]!a}, which is not hexadecimal"
    return f"The hexadecimal has an odd number of digits ({len(compact):,})"


def _base64(text: str) -> bytes:
    compact = _BASE64_SEPARATORS.sub("", text).translate(_BASE64_OF_URLS)
    if compact.startswith(_MESSAGE_IN_BASE64):  # in addresses base64 has no padding
        compact = compact.rstrip("=")
        compact += "=" * (-len(compact) % 4)
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        return b""
