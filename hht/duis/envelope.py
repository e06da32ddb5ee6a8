"""The DUIS Response envelope, read without trusting the file that carries it."""

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hht.duis.request_id import RequestId
from hht.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"
LARGEST_DOCUMENT = 4 * 1024 * 1024


class DuisRefused(InputError):
    """A DUIS document that is damaged, unsafe, or not what was asked for."""

    code = "DUIS-01"


@dataclass(frozen=True, slots=True)
class ResponseEnvelope:
    """What every `sr:Response` has: its header and the one element of its Body.

    `signed` says that an XML signature is there; it is kept with the file and not checked here.
    """

    request_id: RequestId | None
    response_code: str
    content: "_Element"
    signed: bool


def read_envelope(xml: bytes, where: str) -> ResponseEnvelope:
    """Read a DUIS Response; DuisRefused names the line, or the element that is missing."""
    root = parse_xml(xml, where)
    if root.tag == tag("Request"):
        raise DuisRefused(
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
    text = root.findtext(f"{tag('Header')}/{tag('RequestID')}")
    return ResponseEnvelope(
        request_id=RequestId.parse(text, where) if text else None,
        response_code=_response_code(root, where),
        content=_content(root, where),
        signed=root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature") is not None,
    )


def parse_xml(xml: bytes, where: str) -> "_Element":
    """Parse with no DTD, no entities and no network; DuisRefused with the line otherwise."""
    from lxml import etree

    if len(xml) > LARGEST_DOCUMENT:
        raise DuisRefused(
            f"The XML is larger than {LARGEST_DOCUMENT >> 20} MiB",
            where=where,
            remedy="Ask for the Local Commands one file each.",
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DuisRefused(
            f"The XML is cut short or damaged at line {error.lineno or 1}: {_first_line(error)}",
            where=where,
            remedy="Get the file again from the sender.",
        ) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise DuisRefused(
            "The XML has a DOCTYPE, which DUIS never has",
            where=where,
            remedy="Do not use this file; tell whoever sent it.",
        )
    return root


def tag(name: str) -> str:
    """The qualified name of a DUIS element."""
    return f"{{{NAMESPACE}}}{name}"


def printable_tag(element: "_Element") -> str:
    """The element's name without its namespace, short enough for one line."""
    return f"<{str(element.tag).rpartition('}')[2][:60]}>"


def decode_base64(text: str | None, where: str, element: str) -> bytes:
    """Decode xs:base64Binary strictly (white space allowed); DuisRefused when damaged or empty."""
    try:
        raw = base64.b64decode("".join((text or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw:
        raise DuisRefused(
            f"{element} is not whole base64",
            where=where,
            remedy="Get the file again from the sender.",
        )
    return raw


def _response_code(root: "_Element", where: str) -> str:
    code = (root.findtext(f"{tag('Header')}/{tag('ResponseCode')}") or "").strip()
    if code in ("I0", "I99") or (code[:1] in ("E", "W") and code[1:].isdigit()):
        return code
    raise DuisRefused(
        f"The response code {code[:20]!r} is none of DUIS 5.4 (I0, I99, E..., W...)",
        where=where,
        remedy="Get the file again from the sender.",
    )


def _content(root: "_Element", where: str) -> "_Element":
    body = root.find(tag("Body"))
    children = [] if body is None else [child for child in body if isinstance(child.tag, str)]
    if len(children) != 1:
        raise DuisRefused(
            f"The Body has {len(children)} elements and must have one",
            where=where,
            remedy="Get the file again from the sender.",
        )
    return children[0]


def _first_line(error: Exception) -> str:
    """What libxml2 says, without its own account of the place."""
    return str(error).partition(", line ")[0].partition("\n")[0][:120] or "no XML found"
