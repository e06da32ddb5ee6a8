"""Finds the DUIS Responses in a mail, a web page or a JSON file, and leaves what is around them."""

import json
import quopri
import re
from collections.abc import Iterator

from hht.duis.envelope import TRAINING_MARK, DuisRefused, parse_xml_text
from hht.duis.job.description import describes_job
from hht.files import ascii_text

_ROOT = re.compile(r"<((?:[A-Za-z_][\w.-]*:)?Response)[\s>]")
_DECLARATION = re.compile(r"<\?xml\b[^<>]*\?>")
_PROLOG = ("<?", "<!--")
"""How what belongs to a document begins before its root: instructions and comments."""

_MARK = re.compile(r"hht\W{0,9}training", re.IGNORECASE)
"""The training mark however it is escaped; nine signs are `</b>&lt;?` and the like."""

_HEAD = 20  # signs in which a web page has said that it is one
_ESCAPED_EQUALS = "=3D"

_MOST_DOCUMENTS = 2000
"""As many as a pack may have files."""


def is_document(content: bytes) -> bool:
    """Say whether a file is XML as a whole, whatever its encoding.

    A web page is not, nor is what has the escapes of quoted-printable mail, nor several documents.
    """
    text = ascii_text(content).lstrip("\ufeff \t\n")
    is_page = text[:_HEAD].lower().startswith(("<!doctype html", "<html", "<body"))
    is_xml = text.startswith("<") and not is_page and _ESCAPED_EQUALS not in text
    return is_xml and not several_documents(text)


def several_documents(text: str) -> list[str]:
    """Return the DUIS Responses that follow each other in a text; none of a single one.

    None either where one of them has no end: that is said when the text is read as one.
    """
    found = list(_documents(text))
    return found if 1 < len(found) == len(_ROOT.findall(text)) else []


def documents_in(content: bytes, where: str) -> list[bytes]:
    """Return the DUIS Responses in the content as UTF-8, each once.

    DuisRefused where something is marked as training data and a Response in it is not, and where
    a job is described beside them: it cannot be known whether that is for training.
    """
    from hht.duis.mail.text import is_mail  # e-mail is slow to import

    text = ascii_text(content)
    texts = [text, *_texts_in_json(text)]
    if _ESCAPED_EQUALS in text and not is_mail(
        text
    ):  # a line may begin with the > of an element, which is no quoting
        texts.append(ascii_text(quopri.decodestring(text.encode("utf-8", "surrogatepass"))))
    found: dict[str, str] = {}
    marked = has_job = False
    for body in _bodies(texts):
        has_job = has_job or describes_job(body.encode("utf-8", "surrogatepass"))
        marked = marked or bool(_MARK.search(body))
        for each in _documents(body):
            if _is_whole(each, where):
                found.setdefault("".join(each.split()), each)
    if marked and not all(map(_MARK.search, found.values())):
        raise DuisRefused(
            "It is marked as training data outside the Responses in it",
            where=where,
            remedy=f"Save each Response as a file of its own; training data has {TRAINING_MARK}.",
        )
    if has_job and found:
        raise DuisRefused(
            "The Responses in it belong to the job pack that it has as well",
            where=where,
            remedy="Save what is attached: import its ZIP, or the folder with all of it.",
        )
    return [each.encode() for each in found.values()]


def _bodies(texts: list[str]) -> Iterator[str]:
    from hht.duis.mail.text import bodies_in  # e-mail is slow to import

    for text in texts:
        yield from bodies_in(text)


def _texts_in_json(text: str) -> list[str]:
    """Return every text of a JSON document; none of what is not JSON."""
    if not text.lstrip().startswith(("{", "[")):
        return []
    try:
        return list(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        return []


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _strings(each)
        case dict():
            for each in value.values():
                yield from _strings(each)


def _documents(text: str) -> Iterator[str]:
    """Yield each Response with the instructions and comments before it, without declaration."""
    end = 0
    for _ in range(_MOST_DOCUMENTS):
        root = _ROOT.search(text, end)
        close = text.find(f"</{root[1]}>", root.end()) if root else -1
        if root is None or close < 0:
            return
        before = text[end : root.start()]
        starts = [at for sign in _PROLOG if (at := before.find(sign)) >= 0]
        start = end + min(starts, default=len(before))
        end = close + len(f"</{root[1]}>")
        yield _DECLARATION.sub("", text[start:end], count=1).strip()


def _is_whole(document: str, where: str) -> bool:
    """Say whether it is XML; escapes of a mail that are not undone yet break it."""
    try:
        parse_xml_text(document, where)
    except DuisRefused:
        return False
    return True
