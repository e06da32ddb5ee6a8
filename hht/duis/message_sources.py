"""GBCS messages out of whatever is given: files, folders, pasted or scanned text, DUIS XML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from hht.duis.octets_in_text import BINARY_STARTS, UNSEEN, fault_of_hexadecimal, octets_in
from hht.errors import HhtError, InputError
from hht.files import ascii_text
from hht.gbcs.message import MalformedMessage, read_headers

PASTED = "the pasted text"
_FILE_KINDS = (".hex", ".xml", ".b64", ".bin", ".eml")
_EMPTY_LINES = re.compile(r"\n[ \t>]*\n")
_NOTHING_IN_IT = "There is no GBCS message in it"
_SHOWN_SOURCE = 40  # signs: half a line of a terminal of 80 columns
_HTML = re.compile(r"<(?:!doctype html|html|head|body|div|p)\b", re.IGNORECASE)
_ESCAPED_EQUALS = "=3D"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the first octets of a ZIP, of an empty one too


class NoMessage(InputError):
    """Nothing in what was given begins as a GBCS message does."""


class _Unreadable(NoMessage):
    """Text in no form that a message has."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message and where it was found; or `error`, why nothing could be read there.

    `passed_over` is why a file of a folder was not taken for one that should hold messages.
    """

    source: str
    raw: bytes = field(default=b"", repr=False)
    error: HhtError | None = None
    passed_over: str = ""


def find_messages(given: str) -> Iterator[Found]:
    """Yield every message of a file, a folder or of the text itself.

    Of a folder, files .hex, .xml, .b64, .bin and .eml must hold some; all others are passed over
    where they hold none. Nothing is raised: what cannot be read is found with its error.
    """
    path = Path(given)
    if not given or not _exists(path):
        source = " ".join(given[: _SHOWN_SOURCE + 1].split()) or "an empty text"
        source = source if len(given) <= _SHOWN_SOURCE else f"{source[:_SHOWN_SOURCE]}..."
        for found in find_in_content(given.encode("utf-8", "surrogateescape"), source):
            is_none = isinstance(found.error, _Unreadable)
            yield replace(found, error=_no_file_either(source)) if is_none else found
    elif path.is_dir():
        yield from _in_folder(path)
    else:
        yield from _in_file(path)


def find_in_content(content: bytes, source: str) -> Iterator[Found]:
    """Yield every message of a file's content: binary, hexadecimal, base64 or XML.

    Of a ZIP only the file can be read, which `find_messages` does.
    """
    if content.startswith(_ZIP):
        remedy = "Save it, and give the name of the file."
        yield Found(source, error=NoMessage("This is a ZIP", where=source, remedy=remedy))
        return
    if content.startswith(BINARY_STARTS):
        yield Found(source, content)
        return
    try:
        found = messages_in(ascii_text(content), source)
        yield from _sourced([raw for _, raw in found], source)
    except HhtError as error:
        yield Found(source, error=error)


def messages_in(text: str, where: str = PASTED) -> list[tuple[str, bytes]]:
    """Return every GBCS message in the text, each with what it was found as.

    Each line may be one, or each part between empty lines.

    InputError when there is none; DuisRefused when it is XML that cannot be read. Hexadecimal or
    base64 that is no GBCS message is given back as it is, so that decoding it says why.
    """
    text = text.strip()
    if not text.translate(UNSEEN):
        raise NoMessage("There is nothing in it", where=where, remedy="Copy the message again.")
    if not text.startswith("<") or _HTML.match(text):
        return _in_text(text, where)
    if _ESCAPED_EQUALS in text:  # XML out of a quoted-printable mail
        return _in_text(text, where)
    from hht.duis.mail.documents import several_documents  # e-mail is slow to import

    parts = several_documents(text) or [text]
    found = [each for part in parts for each in _in_xml(part, where)]
    if not found:
        raise NoMessage(
            "There is no GBCS message in this XML",
            where=where,
            remedy="Give DUIS XML with a GBCSPayload in it.",
        )
    return found


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
    empty = True
    for path in files_below(folder, closed.append):
        is_expected = path.suffix.lower() in _FILE_KINDS
        empty = empty and not is_expected
        for found in _in_file(path) if is_expected else _in_other_file(path):
            empty = empty and bool(found.passed_over)
            yield found
    for refusal in closed:
        yield Found(refusal.filename, error=unreadable(refusal, Path(refusal.filename)))
    if empty and not closed:
        error = NoMessage(
            "There is no message in this folder",
            where=str(folder),
            remedy=f"Messages are in files ending in {', '.join(_FILE_KINDS)}, or in any text.",
        )
        yield Found(str(folder), error=error)


def _in_other_file(path: Path) -> Iterator[Found]:
    """Yield the messages of a file that need not hold any.

    Why it is passed over where it does not.
    """
    for found in _in_file(path):
        why = found.passed_over or _why_passed_over(found)
        yield Found(found.source, passed_over=why) if why else found


def _why_passed_over(found: Found) -> str:
    """Return why nothing is amiss that there is no message here.

    Empty where there is, or half of one.
    """
    from hht.duis.envelope import DuisRefused
    from hht.duis.pack_files import PackRefused

    if isinstance(found.error, DuisRefused | PackRefused):  # XML for others, or a large file
        return found.error.what
    is_none = isinstance(found.error, NoMessage)
    is_other = not found.error and not found.raw.startswith(BINARY_STARTS)
    return _NOTHING_IN_IT if is_none or is_other else ""


def _in_file(path: Path) -> Iterator[Found]:
    from hht.duis.pack_files import read_bounded

    try:
        content = read_bounded(path)
    except HhtError as error:
        yield Found(str(path), error=error)
        return
    yield from _in_zip(path) if content.startswith(_ZIP) else find_in_content(content, str(path))


def _in_zip(path: Path) -> Iterator[Found]:
    """Yield the messages of a ZIP as of a folder; what makes it no job pack makes it unreadable."""
    from hht.duis.pack_files import read_pack_files

    others: list[str] = []
    try:
        files = read_pack_files(path, passed_over=others)
    except HhtError as error:
        yield Found(str(path), error=error)
        return
    empty = True
    for name, content in files.items():
        for found in find_in_content(content, f"{path}: {name}"):
            why = "" if name.lower().endswith(_FILE_KINDS) else _why_passed_over(found)
            empty = empty and bool(why)
            yield Found(found.source, passed_over=why) if why else found
    for name in others:
        yield Found(f"{path}: {name}", passed_over="Files of its kind are not read in a ZIP")
    if empty:
        remedy = "Messages are in files ending in .hex, .xml or .eml there."
        none = NoMessage("There is no message in this ZIP", where=str(path), remedy=remedy)
        yield Found(str(path), error=none)


def _messages_in_parts(text: str) -> list[tuple[str, bytes]]:
    """Return what each line is, or each part between empty lines, where all are messages."""
    for parts in (text.splitlines(), _EMPTY_LINES.split(text)):
        filled = [part for part in parts if part.strip()]
        found = [octets_in(part) for part in filled] if len(filled) > 1 else []
        if found and all(_is_message(raw) for _, raw in found):
            return found
    return []


def _in_text(text: str, where: str) -> list[tuple[str, bytes]]:
    """Return a message of each line or part of the text, or the text as one message.

    Else the messages in it; else the octets that it encodes.
    """
    if parts := _messages_in_parts(text):
        return parts
    form, raw = octets_in(text)
    if raw and _is_message(raw):
        return [(form, raw)]
    from hht.duis.mail.text import beginning_in, messages_in_mail  # e-mail is slow to import

    found = [("Mail", each) for each in messages_in_mail(text)]
    if found:
        return found
    fault = fault_of_hexadecimal(text) if form != "Hexadecimal" else ""
    if fault:
        raise InputError(fault, where=where, remedy="Copy the whole message again.")
    cut = beginning_in(text) if form != "Hexadecimal" else b""
    if cut:
        return [("Mail", cut)]
    if not raw:
        raise _Unreadable(
            "This is neither hexadecimal, base64 nor XML",
            where=where,
            remedy="Copy the whole message again.",
        )
    return [(form, raw)]


def _no_file_either(where: str) -> NoMessage:
    return NoMessage(
        "This is neither a file, hexadecimal, base64 nor XML",
        where=where,
        remedy="Check the name, or copy the whole message again.",
    )


def _in_xml(text: str, where: str) -> Iterator[tuple[str, bytes]]:
    """Go through the elements that hold text: each that is a GBCS message in base64 counts."""
    from hht.duis.envelope import parse_xml_text, printable_tag, tag, text_of

    for element in parse_xml_text(text, where).iter():
        if element.tag == tag("GBCSPayload"):
            text_of(element, where)
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
