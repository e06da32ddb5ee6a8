"""A DUIS Service Request as the training head-end reads it: header, and the one body element."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from hht.duis.envelope import DuisRefused, parse_xml, printable_tag, tag, value_in
from hht.duis.request_id import RequestId
from hht.entity_id import EntityId
from hht.mpxn import MpxnKind, mpxn_kind
from hht.simulator.head_end.compose.elements import IN_ORDER, fault_in
from hht.simulator.head_end.compose.references import contradiction

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_HEXADECIMAL = re.compile(r"([0-9A-Fa-f]{2})*")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_IDENTIFIER = re.compile(r"[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}")
"""How xs:decimal, xs:integer, xs:hexBinary, xs:dateTime and DUIS's EUI are written."""
_MPXN_FORMS = {
    MpxnKind.MPAN: "an MPAN of 13 digits",
    MpxnKind.MPRN: "an MPRN of 6 to 10",
}
_COMMAND_VARIANTS = ("1", "2", "3", "4", "5", "6", "7", "8")
_BOOLEANS = ("", "true", "false", "1", "0")  # of xs:boolean; empty where it is not there
_TOLERANCE, _LONGEST_TOLERANCE = "TolerancePeriod", 86_400
"""Seconds that DUIS 5.4 allows; the lessons' own head-end, whose days are shorter, needs more."""
_LATER = "ExecutionDateTime"
"""Of most Requests it is the DCC that waits until then: the Command is the same."""
_MIDNIGHT = re.compile(r"T24:00:00(\.0+)?(?=Z|[+-]|$)", re.ASCII)
"""How xs:dateTime may write the end of a day."""
_FIRST_UTC = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_UTC = datetime(2136, 2, 7, tzinfo=UTC)
"""A ZigBee UTCTime is 32 bits of seconds from 2000; it runs out on this day."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One `sr:Request`; `name` is the body element's, `variant` the service reference variant."""

    request_id: RequestId
    variant: str
    name: str
    body: "_Element"
    where: str

    @classmethod
    def parse(cls, xml: bytes, where: str) -> "ServiceRequest":
        """Read a DUIS Request; DuisRefused for anything else."""
        root = parse_xml(xml, where)
        if root.tag != tag("Request"):
            raise _refused(f"{printable_tag(root)} is not a DUIS Service Request", where)
        if fault := fault_in(root):
            raise _refused(fault, where)
        headers, bodies = root.findall(tag("Header")), root.findall(tag("Body"))
        content = [c for body in bodies for c in body if isinstance(c.tag, str)]
        if not (len(headers) == len(bodies) == len(content) == 1):
            raise _refused("the Request has not one Header, or not one element in its Body", where)
        (header,) = headers
        name = str(content[0].tag).rpartition("}")[2]
        if content[0].tag != tag(name):
            raise _refused(f"{printable_tag(content[0])} is not in the namespace of DUIS", where)
        request_id, variant = _read_header(header, name, where)
        request = cls(request_id, variant, name, content[0], where)
        if request.has(_TOLERANCE):
            request.integer(_TOLERANCE, 0, _LONGEST_TOLERANCE)
        if request.has(_LATER):
            request.moment(_LATER)
        return request

    @classmethod
    def build(
        cls, request_id: RequestId, variant: str, name: str, texts: Mapping[str, str]
    ) -> "ServiceRequest":
        """Make a Request from the texts of its elements, by path below the body element."""
        from lxml import etree

        body = etree.Element(tag(name))
        for path, text in texts.items():
            element = body
            for part in map(tag, path.split("/")):
                found = element.find(part)
                element = etree.SubElement(element, part) if found is None else found
            element.text = text
        return cls(request_id, variant, name, body, where=f"{name} {request_id}")

    def has(self, path: str) -> bool:
        """Return whether there is an element at this path, written with slashes."""
        return self._find(path) is not None

    def text(self, path: str) -> str:
        """Return the text of an element that must be there, once and without elements in it."""
        text = value_in(self.body, "/".join(map(tag, path.split("/"))), self.where)
        if not text:
            raise self.refused(f"{path} is missing")
        return text

    def names(self, path: str) -> list[str]:
        """List the names of the elements below one."""
        element = self._find(path)
        children = [] if element is None else [c for c in element if isinstance(c.tag, str)]
        return [str(child.tag).rpartition("}")[2] for child in children]

    def flags(self, path: str) -> list[str]:
        """List the names of the empty elements below one; one with a text in it is none."""
        element, names = self._find(path), self.names(path)
        for child in () if element is None else element:
            if isinstance(child.tag, str) and (text := (child.text or "").strip()):
                raise self.refused(f"{path} has {text[:40]!r} in an element that must be empty")
        return names

    def integer(self, path: str, least: int, most: int) -> int:
        """Read a whole number of this range."""
        number = self._number(path, least, most)
        if not _INTEGER.fullmatch(text := self.text(path)):
            raise self.refused(f"{path} is {text[:40]} and must be a whole number")
        return int(number)

    def hundredths(self, path: str, least: int, most: int, step: int = 1) -> int:
        """Read a decimal number times one hundred, of this range and these steps in hundredths."""
        number = self._number(path, Decimal(least) / 100, Decimal(most) / 100) * 100
        if number % step:
            shown, smallest = self.text(path)[:40], Decimal(step) / 100
            raise self.refused(f"{path} is {shown} and must be in steps of {smallest}")
        return int(number)

    def moment(self, path: str) -> datetime:
        """Read an xs:dateTime in UTC, which it is in where it names no time zone."""
        text = self.text(path)
        try:
            if not _DATE_TIME.fullmatch(text):
                raise self.refused(f"{path} is not written as 2030-01-15T09:00:00Z")
            at = datetime.fromisoformat(_MIDNIGHT.sub("T00:00:00", text))
            at += timedelta(days=1 if _MIDNIGHT.search(text) else 0)
            return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            raise self.refused(f"{path} is not a date and time") from None

    def utc_time(self, path: str) -> datetime:
        """Read an xs:dateTime that a ZigBee UTCTime can hold."""
        at = self.moment(path)
        if not _FIRST_UTC <= at < _LAST_UTC:
            raise self.refused(f"{path} is {at:%Y-%m-%d} and must be from 2000 to 2136")
        return at

    def entity(self, path: str) -> EntityId:
        return self.identifier(path, self.text(path))

    def identifier(self, path: str, text: str) -> EntityId:
        """Read an Entity Identifier that is the text of an element, or one of several in it."""
        if not _IDENTIFIER.fullmatch(text):
            raise self.refused(f"{path} is not written as 00-DB-12-34-56-78-90-A0")
        return EntityId.parse(text)

    def octets(self, path: str, least: int, most: int) -> bytes:
        """Read an xs:hexBinary of this many octets."""
        text = self.text(path)
        if not _HEXADECIMAL.fullmatch(text):
            raise self.refused(f"{path} is not hexadecimal")
        found = bytes.fromhex(text)
        if not least <= len(found) <= most:
            allowed = f"{least}" if least == most else f"{least} to {most}"
            raise self.refused(f"{path} has {len(found)} octets and must have {allowed}")
        return found

    def check_elements(self) -> None:
        """Refuse what DUIS has no place for in the body: it would be lost without a word."""
        if fault := fault_in(self.body):
            raise self.refused(fault)

    def check_mpxn(self, path: str, *kinds: MpxnKind) -> None:
        """Refuse an element, where there is one, that is no MPAN or MPRN."""
        if self.has(path) and mpxn_kind(self.text(path)) not in kinds:
            forms = " or ".join(_MPXN_FORMS[kind] for kind in kinds)
            raise self.refused(f"{path} is {self.text(path)[:40]!r} and must be {forms}")

    def refused(self, what: str) -> DuisRefused:
        """Make the error for something in this Request."""
        return _refused(what, self.where)

    def _find(self, path: str) -> "_Element | None":
        found = self.body.findall("/".join(map(tag, path.split("/"))))
        if len(found) > 1:
            raise self.refused(f"{path} is there twice")
        return found[0] if found else None

    def _number(self, path: str, least: Decimal | int, most: Decimal | int) -> Decimal:
        text = self.text(path)
        if not _DECIMAL.fullmatch(text):
            raise self.refused(f"{path} is not a number")
        number = Decimal(text)
        if not least <= number <= most:
            raise self.refused(f"{path} is {text[:40]} and must be from {least} to {most}")
        return number


def _read_header(header: "_Element", name: str, where: str) -> tuple[RequestId, str]:
    """Return RequestID and Service Reference Variant; DuisRefused where the header is not one of
    a Request with this body element."""
    texts = {child: value_in(header, tag(child), where) for child in IN_ORDER["Header"].split()}
    variant, number = texts["ServiceReferenceVariant"], texts["CommandVariant"]
    if fault := contradiction(texts["ServiceReference"], variant, name):
        raise _refused(fault, where)
    if number not in _COMMAND_VARIANTS:
        raise _refused(f"CommandVariant is {number[:40]!r} and must be from 1 to 8", where)
    if (first := texts["FirstInSequence"]) not in _BOOLEANS:
        raise _refused(f"FirstInSequence is {first[:40]!r} and must be true or false", where)
    if before := texts["PrecedingServiceRequestID"]:
        RequestId.parse(before, where)
    return RequestId.parse(texts["RequestID"], where), variant


def _refused(what: str, where: str) -> DuisRefused:
    remedy = "Give a Service Request that the training head-end can compose."
    return DuisRefused(what, where=where, remedy=remedy)
