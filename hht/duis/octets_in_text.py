"""Octets that travel as text: hexadecimal or base64, wrapped, quoted, or out of a mail."""

import base64
import binascii
import re

_MAIL_QUOTES = re.compile(r"^(?:[ \t]*[>|])+[ \t]?", re.MULTILINE)
_SOFT_BREAKS = re.compile(r"=[ \t]*\n")
"""Line ends that quoted-printable mail puts into long lines."""

_UNSEEN = "\ufeff\u200b\u2060\u00ad"
_QUOTES = "\"'`“”‘’«»"
_HEX_SEPARATORS = re.compile(rf"0[xX]|\\x|[\s:;,\-{_QUOTES}{_UNSEEN}]+")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BASE64_SEPARATORS = re.compile(rf"[\s{_QUOTES}{_UNSEEN}]+")
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
    """The text without the marks that an answer to a mail puts before each line of it."""
    return _MAIL_QUOTES.sub("", text)


def hexadecimal(text: str) -> bytes:
    """Read hexadecimal with any separators, quotes or `0x` between; empty when it is not that."""
    compact = _HEX_SEPARATORS.sub("", text)
    return bytes.fromhex(compact) if _HEX.fullmatch(compact) else b""


def _base64(text: str) -> bytes:
    compact = _BASE64_SEPARATORS.sub("", text).translate(_BASE64_OF_URLS)
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        return b""
