"""GBCS messages out of whatever is given: files, folders, pasted or scanned text, DUIS XML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hht.duis.octets_in_text import octets_in
from hht.errors import HhtError, InputError
from hht.files import decode_text
from hht.gbcs.message import MalformedMessage, read_headers

PASTED = "the pasted text"
_FILE_KINDS = (".hex", ".xml", ".b64", ".bin", ".eml")
_EMPTY_LINES = re.compile(r"\n[ \t>]*\n")
_BINARY_STARTS = (b"\xdd\x00", b"\xdf\x09")
_SHOWN_SOURCE = 40
_ESCAPED_EQUALS = "=3D"


@dataclass(frozen=True, slots=True)
class Found:
    """A message and where it was found; or `error`, why nothing could be read there."""

    source: str
    raw: bytes = field(default=b"", repr=False)
    error: HhtError | None = None


def find_messages(given: str) -> Iterator[Found]:
    """Every message of a file, a folder or of the text itself.

    Of a folder, that is of its files .hex, .xml, .b64, .bin and .eml.
    Nothing is raised: what cannot be read is found with its error.
    """
    path = Path(given)
    if not given or not _exists(path):
        source = given if len(given) <= _SHOWN_SOURCE else f"{given[:_SHOWN_SOURCE]}..."
        source = source or "an empty text"
        yield from find_in_content(given.encode("utf-8", "surrogateescape"), source)
    elif path.is_dir():
        yield from _in_folder(path)
    else:
        yield from _in_file(path)


def find_in_content(content: bytes, source: str) -> Iterator[Found]:
    """Every message of a file's content: binary, hexadecimal, base64 or XML.

    Where the whole is no message, each line may be one, or each part between empty lines.
    """
    if content.startswith(_BINARY_STARTS):
        yield Found(source, content)
        return
    try:
        text = decode_text(content)
        yield from _sourced(_messages_or_parts(text, source), source)
    except UnicodeDecodeError:
        yield Found(source, error=_neither(source))
    except HhtError as error:
        yield Found(source, error=error)


def messages_in(text: str, where: str = PASTED) -> list[tuple[str, bytes]]:
    """Every GBCS message in the text, each with what it was found as.

    InputError when there is none; DuisRefused when it is XML that cannot be read. Hexadecimal or
    base64 that is no GBCS message is given back as it is, for whoever decodes it to say why.
    """
    text = text.strip()
    if not text.startswith("<"):
        return _in_text(text, where)
    if _ESCAPED_EQUALS in text:  # XML out of a quoted-printable mail
        return _in_text(text, where)
    found = list(_in_xml(text, where))
    if not found:
        raise InputError(
            "There is no GBCS message in this XML",
            where=where,
            remedy="Give DUIS XML with a GBCSPayload in it.",
        )
    return found


def _messages_or_parts(text: str, where: str) -> list[bytes]:
    for parts in (text.splitlines(), _EMPTY_LINES.split(text)):
        raws = [octets_in(part)[1] for part in parts if part.strip()]
        if len(raws) > 1 and all(map(_is_message, raws)):
            return raws
    return [raw for _, raw in messages_in(text, where)]


def _sourced(raws: list[bytes], source: str) -> Iterator[Found]:
    for number, raw in enumerate(raws, 1):
        yield Found(f"{source} ({number} of {len(raws)})" if len(raws) > 1 else source, raw)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a message is too long for a name, or no name at all
        return False


def _in_folder(folder: Path) -> Iterator[Found]:
    from hht.duis.pack_files import files_below, unreadable

    closed: list[OSError] = []
    paths = [
        path for path in files_below(folder, closed.append) if path.suffix.lower() in _FILE_KINDS
    ]
    for path in paths:
        yield from _in_file(path)
    for refusal in closed:
        yield Found(refusal.filename, error=unreadable(refusal, Path(refusal.filename)))
    if not paths and not closed:
        error = InputError(
            "There is no message in this folder",
            where=str(folder),
            remedy=f"Messages are in files ending in {', '.join(_FILE_KINDS)}.",
        )
        yield Found(str(folder), error=error)


def _in_file(path: Path) -> Iterator[Found]:
    from hht.duis.pack_files import read_bounded

    try:
        content = read_bounded(path)
    except HhtError as error:
        yield Found(str(path), error=error)
        return
    yield from find_in_content(content, str(path))


def _in_text(text: str, where: str) -> list[tuple[str, bytes]]:
    """The text as one message; else the messages in it; else the octets that it stands for."""
    from hht.duis.mail_text import messages_in_mail

    form, raw = octets_in(text)
    if raw and _is_message(raw):
        return [(form, raw)]
    found = [("Mail", each) for each in messages_in_mail(text)]
    if not raw and not found:
        raise _neither(where)
    return found or [(form, raw)]


def _neither(where: str) -> InputError:
    return InputError(
        "This is neither a file, hexadecimal, base64 nor XML",
        where=where,
        remedy="Check the name, or copy the whole message again.",
    )


def _in_xml(text: str, where: str) -> Iterator[tuple[str, bytes]]:
    """Go through the elements that hold text: each that is a GBCS message in base64 counts."""
    from hht.duis.envelope import parse_xml_text, printable_tag

    for element in parse_xml_text(text, where).iter():
        raw = octets_in(element.text or "")[1]
        if raw and _is_message(raw):
            yield printable_tag(element).strip("<>"), raw


def _is_message(raw: bytes) -> bool:
    """Say whether the headers are those of a GBCS message."""
    try:
        read_headers(raw)
    except MalformedMessage:
        return False
    return True
