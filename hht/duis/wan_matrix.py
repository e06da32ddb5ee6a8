"""The answer to SR 12.1, Request WAN Matrix, read region by region and checked as DUIS has it.

Strings are kept exactly as they were sent: a WAN technology of a single space has a meaning of its
own (MP081).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NoReturn

from hht.duis.envelope import DuisRefused, parse_xml, printable_tag, tag
from hht.duis.request_id import RequestId

if TYPE_CHECKING:
    from lxml.etree import _Element

SERVICE = "12.1"
REGIONS = ("North", "Central", "South", "4G North", "4G Central", "4G South", "Unknown", "SMETS1")
LIKELIHOODS = ("High", "Medium", "Low")
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"  # XML Schema, dateTime and date
_CODE = re.compile(r"I0|I99|[EW][0-9]{1,6}")
_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_ZONE}")
_TIME = re.compile(
    rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]+)?{_ZONE}"
)
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_UPRN = re.compile(r"\+?0*[1-9][0-9]{0,11}")


@dataclass(frozen=True, slots=True)
class Region:
    """What one CSP region answers; only name and code are there where it gave a code alone."""

    name: str
    response_code: str
    coverage: bool | None = None
    expected: date | None = None
    technology: str | None = None
    likelihood: str | None = None
    auxiliary: str | None = None
    additional: str | None = None


@dataclass(frozen=True, slots=True)
class WanMatrix:
    """The whole answer; no regions where the DCC gave a code alone.

    `uprn` or else `postcode` is what was asked about.
    """

    response_code: str
    regions: tuple[Region, ...]
    uprn: str = ""
    postcode: str = ""


def read_wan_matrix(xml: bytes, where: str) -> WanMatrix:
    """Read the answer; DuisRefused names what is missing, out of order or not allowed."""
    root = parse_xml(xml, where)
    if root.tag != tag("Response"):
        _refuse(f"The document is {printable_tag(root)} and no DUIS Response", where)
    top = _Children(root, where)
    code = _header(_Children(top.element("Header"), where))
    body = _Children(top.element("Body"), where)
    top.end(allowed=_SIGNATURE)
    message = _Children(body.element("ResponseMessage"), where)
    body.end()
    for name in ("ServiceReference", "ServiceReferenceVariant"):
        service = message.text(name)
        if service != SERVICE:
            _refuse(f"This answers Service Request {service[:20]!r} and not {SERVICE}", where)
    matrix = message.optional("DSPWANMatrix")
    message.end()
    if matrix is None and not code.startswith("E"):
        _refuse(f"The answer has code {code} and no DSPWANMatrix", where)
    return WanMatrix(code, ()) if matrix is None else _matrix(code, _Children(matrix, where))


class _Children:
    """The child elements of one element, taken in their order."""

    def __init__(self, parent: "_Element", where: str) -> None:
        self.where = where
        self._parent = parent
        self._left: list[_Element] = [each for each in parent if isinstance(each.tag, str)]
        if any((text or "").strip() for text in (parent.text, *(each.tail for each in parent))):
            self.refuse(f"{printable_tag(parent)} has text between its elements")

    def optional(self, name: str) -> "_Element | None":
        """Take the next child if it has this name."""
        if self._left and self._left[0].tag == tag(name):
            return self._left.pop(0)
        return None

    def element(self, name: str) -> "_Element":
        """Take the next child, which must have this name."""
        found = self.optional(name)
        if found is None:
            there = f"{printable_tag(self._left[0])} stands there" if self._left else "it ends"
            self.refuse(f"{printable_tag(self._parent)} lacks <{name}>: {there}")
        return found

    def each(self, name: str) -> "Iterator[_Element]":
        """Take one or more children of this name."""
        yield self.element(name)
        while (found := self.optional(name)) is not None:
            yield found

    def text(self, name: str, least: int = 0, most: int = 0) -> str:
        """Take the text of the next child, of `least` to `most` characters (0: any number)."""
        return self._checked(name, self.element(name), least, most)

    def optional_text(self, name: str, most: int = 0) -> str | None:
        """Take the text of the next child if it has this name."""
        found = self.optional(name)
        return None if found is None else self._checked(name, found, 0, most)

    def end(self, allowed: str = "") -> None:
        """Refuse whatever is left but an element of the `allowed` name."""
        for each in self._left:
            if each.tag != allowed:
                self.refuse(f"{printable_tag(self._parent)} has {printable_tag(each)} out of place")

    def refuse(self, what: str) -> NoReturn:
        _refuse(what, self.where)

    def _checked(self, name: str, element: "_Element", least: int, most: int) -> str:
        if len(element):
            self.refuse(f"<{name}> holds elements in its text")
        text = element.text or ""
        if len(text) < least or (most and len(text) > most):
            self.refuse(f"<{name}> has {len(text)} characters, not {least} to {most}")
        return text


def _header(header: _Children) -> str:
    """Read the header in its order; give the response code."""
    for name in ("RequestID", "ResponseID"):
        if (request_id := header.optional_text(name)) is not None:
            RequestId.parse(request_id, header.where)
    code = header.text("ResponseCode")
    if not _CODE.fullmatch(code):
        header.refuse(f"The response code {code[:20]!r} is none of DUIS")
    moment = header.text("ResponseDateTime")
    if not _is_moment(moment.strip(" \t\r\n")):
        header.refuse(f"<ResponseDateTime> {moment[:40]!r} is no date and time")
    header.end()
    return code


def _is_moment(text: str) -> bool:
    """Return whether this is a date and time that there is; a day may end at 24:00:00."""
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text.replace("T24:00:00", "T00:00:00"))
    except ValueError:
        return False
    return True


def _matrix(code: str, matrix: _Children) -> WanMatrix:
    request, postcode = _Children(matrix.element("Request"), matrix.where), ""
    if (uprn := request.optional_text("UPRN")) is not None:
        if not _UPRN.fullmatch(uprn.strip()):
            request.refuse(f"<UPRN> {uprn[:30]!r} is no number of at most 12 digits")
    else:
        address = _Children(request.element("PartialAddress"), matrix.where)
        postcode = address.text("PostCode", least=6, most=8)
        address.text("AddressIdentifier", most=30)
        address.end()
    request.end()
    regions = tuple(
        _region(_Children(each, matrix.where)) for each in matrix.each("DSPWANMatrixResponse")
    )
    matrix.end()
    return WanMatrix(code, regions, str(int(uprn)) if uprn else "", postcode.strip())


def _region(region: _Children) -> Region:
    name = region.text("CSPRegion")
    if name not in REGIONS:
        region.refuse(f"<CSPRegion> {name[:20]!r} is none of {', '.join(REGIONS)}")
    code = region.text("CSPRegionResponseCode")
    if not _CODE.fullmatch(code):
        region.refuse(f"<CSPRegionResponseCode> {code[:20]!r} is none of DUIS")
    coverage = region.optional_text("CoverageAvailability")
    if coverage is None:
        region.end()
        return Region(name, code)
    found = Region(
        name,
        code,
        coverage=_boolean(coverage, region),
        expected=_date(region.optional_text("AnticipatedCoverageDate"), region),
        technology=region.text("WANTechnology", least=1, most=30),
        likelihood=_likelihood(region.text("ConnectivityLikelihood"), region),
        auxiliary=region.optional_text("AuxiliaryEquipmentRequired", most=50),
        additional=region.optional_text("AdditionalInformation", most=250),
    )
    region.end()
    return found


def _boolean(text: str, region: _Children) -> bool:
    value = _BOOLEANS.get(text.strip(" \t\r\n"))
    if value is None:
        region.refuse(f"<CoverageAvailability> {text[:20]!r} is not true or false")
    return value


def _date(text: str | None, region: _Children) -> date | None:
    if text is None:
        return None
    match = _DATE.fullmatch(text.strip(" \t\r\n"))
    try:
        return date.fromisoformat(match[1] if match else "")
    except ValueError:
        region.refuse(f"<AnticipatedCoverageDate> {text[:30]!r} is no date")


def _likelihood(text: str, region: _Children) -> str:
    if text not in LIKELIHOODS:
        region.refuse(f"<ConnectivityLikelihood> {text[:20]!r} is none of {', '.join(LIKELIHOODS)}")
    return text


def _refuse(what: str, where: str) -> NoReturn:
    raise DuisRefused(what, where=where, remedy="Ask for the answer to SR 12.1 again.")
