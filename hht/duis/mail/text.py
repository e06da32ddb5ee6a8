"""Finds GBCS messages in a mail or a note: greetings, headers and signatures around them."""

import quopri
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as MailPart
from email.policy import default as mail_policy
from html import unescape

from hht.duis.octets_in_text import BINARY_STARTS, octets_in, without_quotes
from hht.files import ascii_text
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.message import Message

_HEADERS = re.compile(
    r"\A(?:[!-9;-~]+:[ \t][^\n]*\n(?:[ \t][^\n]*\n)*)*"
    r"(?:MIME-Version|Content-Type|Content-Transfer-Encoding|From|Received):",
    re.IGNORECASE,
)
"""The first lines of a mail as it is saved: `Name: value`, one of these names among them."""

_ESCAPES = re.compile(r"=(?:\n|[0-9A-Fa-f]{2})")
"""What quoted-printable mail puts into long lines and in place of some signs."""

_ESCAPED_IN_JSON = {r"\r": "", r"\n": "\n", r"\/": "/"}
_TAGS = re.compile(r"(?:\s*<[^<>]*>)+\s*")
_MARKED_UP = re.compile(r"<br|&#|&\w+;", re.IGNORECASE)
"""What breaks a message in HTML: line ends as tags, and `+` or `=` as entities."""

_GAP = r"(?:[ \t:;,\-]|0x|\\x|\n(?![ \t]*\n))*"
_HEXADECIMAL = re.compile(
    rf"(?<![0-9A-Za-z+/])(?:0x)?(?:DD{_GAP}00|DF{_GAP}09)(?:{_GAP}[0-9A-F]{{2}}(?![G-Z]))+",
    re.IGNORECASE,
)
_BASE64 = re.compile(
    r"(?<![0-9A-Za-z+/_-])(?:3QAAAAAA|3wk[BCD])[A-Za-z0-9+/_-]*(?:\n[A-Za-z0-9+/_-]+)*={0,2}"
)
"""Octets DD 00 00 00 00 00 or DF 09 and Command, Response or Alert, as base64 has them."""

_SHORTEST_BEGINNING = 20
"""Signs of what is said to be cut: a shorter run may be anything."""

_MOST_LINES_AFTER = 12
"""Lines after a message that are taken for its own at first, such as a name: more are not tried."""


def messages_in_mail(text: str) -> list[bytes]:
    """Return every message in the text, each once, in the text's order."""
    found = (raw for body in bodies_in(text) for raw in _in_body(body))
    return list(dict.fromkeys(found))


def is_mail(text: str) -> bool:
    """Say whether it begins with the headers of a saved mail."""
    return bool(_HEADERS.match(text))


def bodies_in(text: str) -> Iterator[str]:
    """Yield the texts of a mail's parts as they are, and with their escapes undone."""
    for part in _parts(text):
        yield from _bodies(part)


def beginning_in(text: str) -> bytes:
    """Return the octets that begin as a message does and do not make up a whole one.

    Empty without any.
    """
    plain = without_quotes(text)
    starts = [match for form in (_HEXADECIMAL, _BASE64) for match in form.finditer(plain)]
    runs = ("".join(start[0].split()) for start in starts)
    octets = (
        octets_in(run)[1] or octets_in(run[: len(run) // 4 * 4])[1]  # base64 cut within a group
        for run in runs
        if len(run) > _SHORTEST_BEGINNING
    )
    return next(filter(None, octets), b"")


def _parts(text: str) -> Iterator[str]:
    """Yield the parts of a saved mail as text; the text itself where it is none."""
    if not is_mail(text):
        yield text
        return
    whole = text.encode("utf-8", "surrogatepass")
    for part in message_from_bytes(whole, policy=mail_policy).walk():
        yield from _readings(part)


def _readings(part: MailPart) -> Iterator[str]:
    """Yield a part as its octets say that it is to be read, and as its header does."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    if content.startswith(BINARY_STARTS):
        yield content.hex()
        return
    yield ascii_text(content)
    try:
        yield content.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):
        pass  # a name of no encoding, or of another one


def _bodies(text: str) -> Iterator[str]:
    """Yield the text without marks of quoting.

    And with its escapes undone, where there are some.
    """
    plain = without_quotes(text)
    yield plain
    if _ESCAPES.search(plain):
        yield ascii_text(quopri.decodestring(plain.encode("utf-8", "surrogatepass")))
    if "\\" in plain:
        yield _out_of_json(plain)
    if _MARKED_UP.search(plain):
        yield unescape(_TAGS.sub("\n", plain))


def _out_of_json(text: str) -> str:
    for escape, sign in _ESCAPED_IN_JSON.items():
        text = text.replace(escape, sign)
    return text


def _in_body(text: str) -> Iterator[bytes]:
    starts = [*_HEXADECIMAL.finditer(text), *_BASE64.finditer(text)]
    for start in sorted(starts, key=lambda match: match.start()):
        raw = _message(start[0])
        if raw:
            yield raw


def _message(run: str) -> bytes:
    """Return the message that a run of text begins with; empty where it is none."""
    lines = run.splitlines()
    for end in range(len(lines), max(len(lines) - _MOST_LINES_AFTER, 0), -1):
        raw = octets_in("\n".join(lines[:end]))[1]
        if raw and _is_whole(raw):
            return raw
    return b""


def _is_whole(raw: bytes) -> bool:
    try:
        Message.parse(raw)
    except MalformedMessage:
        return False
    return True
