"""Texts in the encodings that Windows and mail programs save them in."""

import codecs

_WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""By byte order mark, the longer marks first: that of UTF-16-LE begins that of UTF-32-LE."""


def decode_text(content: bytes) -> str:
    """Decode UTF-8, UTF-16 or UTF-32, with a byte order mark or without; lines end in `\\n`.

    UTF-16 without a mark is known by the zero octet beside its first sign, which UTF-8 text never
    has. UnicodeDecodeError (a ValueError) where the content is none of these.
    """
    return content.decode(encoding_of(content)).replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(content: bytes) -> str:
    """The name of the encoding that the first octets tell of; utf-8-sig where they say nothing."""
    for mark, encoding in _WIDE.items():
        if content.startswith(mark):
            return encoding
    match [octet == 0 for octet in content[:2]]:
        case [False, True]:
            return "utf-16-le"
        case [True, False]:
            return "utf-16-be"
    return "utf-8-sig"


def plain_octets(content: bytes) -> bytes:
    """UTF-8 without a mark, for a reader that takes octets, as PEM readers do; else unchanged."""
    try:
        return decode_text(content).encode()
    except UnicodeDecodeError:
        return content
