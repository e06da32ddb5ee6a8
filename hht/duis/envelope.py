"""The DUIS Response envelope, read without trusting the file that carries it."""

import base64
import binascii
import re
import unicodedata
from codecs import BOM_UTF8
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from hht.duis.request_id import RequestId
from hht.errors import InputError
from hht.files import ascii_text, decode_text, encoding_of, is_utf8

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
_MARK_TARGET, _MARK_TEXT = "hht", "training"
TRAINING_MARK = f"<?{_MARK_TARGET} {_MARK_TEXT}?>"
"""Before the root element it leaves a document valid DUIS, and a signature covers it."""

# Bytes; a Service Request has some KB, one with its attachments far less than this.
LARGEST_DOCUMENT = 4 * 1024 * 1024
_WIDE = re.compile(rb"\s*<\?xml\s[^>]*encoding=.utf-?(16|32)", re.IGNORECASE)
_DECLARATION = re.compile(r"\A<\?xml\s[^<>]*\?>")
"""At the very beginning, and no further than the next sign: a mark after it is not part of it."""
_DOCTYPE = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE\b", re.DOTALL)
_MORE_FOLLOWS = (5, 64)
"""Errors of libxml2: content after the root's end, an XML declaration within."""

_NO_START = 4
"""That of libxml2 for what does not begin with an element."""

_REMEDY = "Get the file again from the sender."


class DuisRefused(InputError):
    """A DUIS document that is damaged, unsafe, or not what was asked for."""

    code = "DUIS-01"


class ServiceRequestRefused(DuisRefused):
    """A Service Request where its answer is wanted."""


@dataclass(frozen=True, slots=True)
class ResponseEnvelope:
    """What every `sr:Response` has: its header and the one element of its Body.

    `signed` says that an XML signature is there; it is kept with the file and not checked here.
    `is_training` says that the document carries the training mark.
    """

    request_id: RequestId | None
    response_code: str
    content: "_Element"
    signed: bool
    is_training: bool


@dataclass(frozen=True, slots=True)
class ResponseHeader:
    """Which request a Response answers, with which code; `is_training` says that it is marked."""

    request_id: RequestId | None
    response_code: str
    is_training: bool


def read_header(xml: bytes, where: str) -> ResponseHeader:
    """Read a DUIS Response's header, whatever its code and its Body; DuisRefused without one."""
    root = parse_xml(xml, where)
    code = value_in(root, f"{tag('Header')}/{tag('ResponseCode')}", where)
    if root.tag != tag("Response") or not code:
        raise DuisRefused("This is no DUIS Response with a code", where=where, remedy=_REMEDY)
    text = value_in(root, f"{tag('Header')}/{tag('RequestID')}", where)
    request_id = RequestId.parse(text, where) if text else None
    return ResponseHeader(request_id, code, has_training_mark(root))


def read_envelope(xml: bytes, where: str) -> ResponseEnvelope:
    """Read a DUIS Response; DuisRefused names the line, or the element that is missing."""
    root = parse_xml(xml, where)
    if root.tag == tag("Request"):
        raise ServiceRequestRefused(
            "This is a DUIS Service Request and not a Response",
            where=where,
            remedy="Import what the DCC answered to it (command variant 2, 3, 6 or 7).",
        )
    if root.tag != tag("Response"):
        raise DuisRefused(
            f"The document is {printable_tag(root)} and not a DUIS Response",
            where=where,
            remedy="Import DUIS Response XML, a job pack or a GBCS HEX file.",
        )
    text = value_in(root, f"{tag('Header')}/{tag('RequestID')}", where)
    return ResponseEnvelope(
        request_id=RequestId.parse(text, where) if text else None,
        response_code=_response_code(root, where),
        content=_content(root, where),
        signed=root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is not None,
        is_training=has_training_mark(root),
    )


def parse_xml(xml: bytes, where: str, *, largest: int = LARGEST_DOCUMENT) -> "_Element":
    """Parse with no DTD, no entities and no network; DuisRefused with the line otherwise.

    Comments and processing instructions are left out, and what is around one is joined; the
    training mark stays before the root, see `has_training_mark`, and what resembles it is refused:
    it cannot be known whether such a document is for training. What an editor saved as UTF-16 or
    Windows-1252, whatever its declaration goes on to say, is read as that: all that DUIS needs is
    ASCII. `largest` is in bytes.
    """
    if encoding_of(xml) == "utf-8-sig" and not xml.startswith(BOM_UTF8) and not _WIDE.match(xml):
        try:
            return _parse(xml.lstrip(), where, largest)
        except DuisRefused:
            if is_utf8(xml):
                raise
            return parse_xml_text(ascii_text(xml), where, largest=largest)
    try:
        return parse_xml_text(decode_text(xml), where, largest=largest)
    except UnicodeDecodeError:
        raise DuisRefused("The XML is cut short", where=where, remedy=_REMEDY) from None


def has_training_mark(root: "_Element") -> bool:
    """Return whether the document of this root carried the training mark, wherever it was."""
    return any(map(_is_mark, root.itersiblings(preceding=True)))


def parse_xml_text(text: str, where: str, *, largest: int = LARGEST_DOCUMENT) -> "_Element":
    """Parse as `parse_xml` does what has been decoded already."""
    plain = _DECLARATION.sub("", text.lstrip(), count=1)
    return _parse(plain.encode("utf-8", "surrogatepass"), where, largest)


def _is_mark(node: "_Element") -> bool:
    from lxml import etree

    if not isinstance(node, etree._ProcessingInstruction):
        return False
    return node.target == _MARK_TARGET and (node.text or "").strip() == _MARK_TEXT


def value_in(parent: "_Element", path: str, where: str) -> str:
    """Return the text of the one element at `path`, stripped; empty where there is none.

    DuisRefused where there are several, or one with elements in it: half a value is none.
    """
    found, name = parent.findall(path), path.rpartition("}")[2]
    if len(found) > 1:
        raise DuisRefused(f"{name} is there twice", where=where, remedy=_REMEDY)
    return text_of(found[0], where) if found else ""


def text_of(element: "_Element", where: str) -> str:
    """Return the text of an element, stripped; DuisRefused for one with elements in it."""
    if len(element):
        name = printable_tag(element).strip("<>")
        raise DuisRefused(f"{name} holds elements and not a text", where=where, remedy=_REMEDY)
    return (element.text or "").strip()


def _parse(xml: bytes, where: str, largest: int) -> "_Element":
    from lxml import etree

    if len(xml) > largest:
        raise DuisRefused(
            f"The XML is larger than {largest >> 20} MiB",
            where=where,
            remedy="Ask for the Local Commands one file each.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        huge_tree=largest > LARGEST_DOCUMENT,  # libxml2 refuses a text of 10 MB without it
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        if _DOCTYPE.match(xml):  # whose entities may be why it does not parse
            raise _has_doctype(where) from None
        if getattr(error, "code", 0) in _MORE_FOLLOWS:
            raise DuisRefused(
                f"This is not one XML document: something else begins at line {error.lineno or 1}",
                where=where,
                remedy="Save each DUIS Response as a file of its own, whole.",
            ) from None
        if getattr(error, "code", 0) == _NO_START and xml.strip():
            what = "This is no XML: it does not begin with <"
            raise DuisRefused(what, where=where, remedy=_REMEDY) from None
        raise DuisRefused(
            f"The XML is cut short or damaged at line {error.lineno or 1}: {_first_line(error)}",
            where=where,
            remedy=_REMEDY,
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_doctype(where)
    _take_instructions_out(root, where)
    return root


def _has_doctype(where: str) -> DuisRefused:
    return DuisRefused(
        "The XML has a DOCTYPE, and perhaps entities, which DUIS never has",
        where=where,
        remedy="Do not use this file; ask its sender how it came about.",
    )


def _take_instructions_out(root: "_Element", where: str) -> None:
    """Leave no processing instruction inside, and the mark before the root where there was one."""
    from lxml import etree

    around = chain(root.itersiblings(preceding=True), root.itersiblings())
    found = [*around, *root.iter(etree.ProcessingInstruction)]
    for node in found:
        _refuse_odd_mark(node, where)
    marked = any(map(_is_mark, found))
    etree.strip_tags(root, etree.ProcessingInstruction)
    if marked:
        root.addprevious(etree.ProcessingInstruction(_MARK_TARGET, _MARK_TEXT))


def _refuse_odd_mark(node: "_Element", where: str) -> None:
    """Refuse a processing instruction that a person could take for the training mark."""
    from lxml import etree

    if not isinstance(node, etree._ProcessingInstruction) or _is_mark(node):
        return
    target = str(node.target)
    written = f"{target} {node.text or ''!s}"
    whole = _letters(written)
    is_both = _MARK_TARGET in whole and _MARK_TEXT in whole
    if not (_MARK_TARGET in _letters(target) or is_both or not target.isascii()):
        return
    said = ascii(f"<?{written}")[1:-1][:60]
    raise DuisRefused(
        f"{said}?> resembles the mark of training data and is not it",
        where=where,
        remedy=f"Ask the sender for the file again; training data has {TRAINING_MARK}.",
    )


def _letters(text: str) -> str:
    """Return the letters alone, small, with those that only look different made the same."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalpha())


def tag(name: str) -> str:
    """Return the qualified name of a DUIS element."""
    return f"{{{NAMESPACE}}}{name}"


def printable_tag(element: "_Element") -> str:
    """Return the element's name without its namespace, short enough for one line."""
    return f"<{str(element.tag).rpartition('}')[2][:60]}>"


def decode_base64(text: str | None, where: str, element: str) -> bytes:
    """Decode xs:base64Binary strictly (white space allowed); DuisRefused when damaged or empty."""
    try:
        raw = base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw:
        raise DuisRefused(f"{element} is not whole base64", where=where, remedy=_REMEDY)
    return raw


def _response_code(root: "_Element", where: str) -> str:
    code = value_in(root, f"{tag('Header')}/{tag('ResponseCode')}", where)
    if code in ("I0", "I99") or (code[:1] in ("E", "W") and code[1:].isdigit()):
        return code
    raise DuisRefused(
        f"The response code {code[:20]!r} is none of DUIS 5.4 (I0, I99, E..., W...)",
        where=where,
        remedy=_REMEDY,
    )


def _content(root: "_Element", where: str) -> "_Element":
    body = root.find(tag("Body"))
    children = [] if body is None else [child for child in body if isinstance(child.tag, str)]
    if len(children) != 1:
        raise DuisRefused(
            f"The Body has {len(children)} elements and must have one",
            where=where,
            remedy=_REMEDY,
        )
    return children[0]


def _first_line(error: Exception) -> str:
    """Return what libxml2 says, without its own account of the place."""
    return str(error).partition(", line ")[0].partition("\n")[0][:120] or "no XML found"
