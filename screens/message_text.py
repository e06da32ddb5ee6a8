"""GBCS messages out of whatever was pasted or scanned: hexadecimal, base64 or DUIS XML."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from hht.errors import InputError
from hht.gbcs.message import MalformedMessage, read_headers

_HEX_SEPARATORS = re.compile(r"0[xX]|[\s:,-]+")
_WHERE = "the pasted text"


def messages_in(text: str) -> list[tuple[str, bytes]]:
    """Every GBCS message in the text, each with where it was found.

    InputError when there is none; DuisRefused when it is XML that cannot be read. Hexadecimal or
    base64 that is no GBCS message is given back as it is, for whoever decodes it to say why.
    """
    text = text.strip()
    if text.startswith("<"):
        found = list(_in_xml(text))
        if not found:
            raise InputError(
                "There is no GBCS message in this XML",
                where=_WHERE,
                remedy="Paste DUIS XML with a GBCSPayload in it.",
            )
        return found
    return [_plain(text)]


def _plain(text: str) -> tuple[str, bytes]:
    """Read hexadecimal, or else base64."""
    compact = _HEX_SEPARATORS.sub("", text)
    if re.fullmatch(r"([0-9A-Fa-f]{2})+", compact):
        return "Hexadecimal", bytes.fromhex(compact)
    raw = _base64(text)
    if raw:
        return "Base64", raw
    raise InputError(
        "This is neither hexadecimal, base64 nor XML",
        where=_WHERE,
        remedy="Copy the whole message and paste it again.",
    )


def _in_xml(text: str) -> Iterator[tuple[str, bytes]]:
    """Go through the elements that hold text: each that is a GBCS message in base64 counts."""
    from hht.duis.envelope import parse_xml, printable_tag

    for element in parse_xml(text.encode(), _WHERE).iter():
        raw = _base64(element.text or "") if isinstance(element.tag, str) else b""
        if raw and _is_message(raw):
            yield printable_tag(element).strip("<>"), raw


def _base64(text: str) -> bytes:
    """Decode; empty when it is not whole base64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_message(raw: bytes) -> bool:
    """Say whether the headers are those of a GBCS message."""
    try:
        read_headers(raw)
    except MalformedMessage:
        return False
    return True
