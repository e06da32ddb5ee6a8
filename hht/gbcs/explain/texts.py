"""Octets that hold text: read in any language, their padding taken off, on one line."""

from hht.gbcs.explain.amounts import hex_in_words

_PADDING = "\x00 "
_SIGNS = {"\n": "↵", "\r": "↵", "\t": " ", "\x00": "␀"}
_LEGACY = "cp1252"
"""What Windows and old meters write where they do not write UTF-8."""


def text_in_words(octets: bytes) -> str:
    """The text in quotes; hexadecimal where the octets are no text."""
    text = read_text(octets)
    if text is None:
        return hex_in_words(octets) or "empty"
    return f'"{text}"' if text else "empty"


def read_text(octets: bytes) -> str | None:
    """The text without its padding; None where a sign in it is no sign of a text."""
    for encoding in ("utf-8", _LEGACY):
        try:
            text = octets.decode(encoding)
        except UnicodeDecodeError:
            continue
        shown = _on_one_line(text.strip(_PADDING))
        if shown.isprintable():
            return shown
    return None


def looks_like_text(octets: bytes) -> bool:
    """Whether octets of no known meaning are printable ASCII, two at least, padding apart."""
    bare = octets.strip(b"\x00 ")
    return len(bare) > 1 and bare.isascii() and bare.decode("ascii").isprintable()


def _on_one_line(text: str) -> str:
    """Line ends as a sign of their own: what is shown is always one line."""
    joined = text.replace("\r\n", "\n")
    return "".join(_SIGNS.get(sign, sign) for sign in joined).replace("↵", " ↵ ").strip()
