"""When a message is of: the moment a Command is to be carried out, or a Device's own time.

Source: GBCS section 9.2.2 (future dated, at once, cancelled).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from hht.gbcs import gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import AccessRequest, AccessResponse, Notification
from hht.gbcs.explain.asked import access_of
from hht.gbcs.explain.dates import (
    in_utc,
    is_cancellation,
    is_never,
    read_cosem,
    read_utc,
    utc_moment,
)
from hht.gbcs.explain.object_names import layout_of
from hht.gbcs.gbz import GbzAlert, GbzPayload
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload
from hht.spans import EMPTY, Line, say

_ACTIVATION = "activation"
_STARTS = ("start time", "implementation time", "site id time")
_EXECUTION = "Execution Date Time"
_DATED_ASN1 = ("Update Security Credentials", "Activate Firmware")
_READS = "Get "
_ECS70, _ECS70_RESULTS, _ECS70_TIME = 0x0062, (2, 3, 3, 1, 1), 3
"""What a set clock answers: set, action, action, then the time and its status are read."""

UNREADABLE_TIME = "a time that cannot be read"


class When(Enum):
    """When a Command is to be carried out."""

    UNSAID = "unsaid"  # the use case has no date: at once
    AT_ONCE = "at once"
    AT = "at"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Timing:
    """When a Command is to be carried out; `first` and `last` are of its parts, where dated.

    `besides` says how many parts are carried out at once or cancelled while `when` is of others.
    """

    when: When = When.UNSAID
    first: datetime | None = None
    last: datetime | None = None
    besides: str = ""

    @property
    def is_not_now(self) -> bool:
        """Say whether it is for a moment, or cancels what was to come."""
        return self.when in (When.AT, When.CANCELLED, When.UNREADABLE)

    @property
    def moment(self) -> Line:
        """The moment, or the two between which its parts are due; that it cannot be read."""
        if self.when is When.UNREADABLE:
            return Line.of(UNREADABLE_TIME)
        if self.first is None or self.last is None:
            return EMPTY
        if self.first == self.last:
            return Line.of(in_utc(self.first), self.besides)
        return say("{} to {}{}", in_utc(self.first), in_utc(self.last), self.besides)


@dataclass(frozen=True, slots=True)
class _Date:
    """What one place for a date says."""

    at: datetime | None = None
    at_once: bool = False
    cancels: bool = False


def timing_of(payload: Payload) -> Timing:
    """Return when a Command is to be carried out."""
    match payload:
        case AccessRequest():
            return _together(_in_request(payload))
        case GbzPayload():
            return _together(_in_components(payload))
        case Asn1Payload():
            return _of_element(payload.element)
    return Timing()


def own_moment(message: Message, payload: Payload) -> datetime | None:
    """Return the message's own time in UTC: of a Command when it is due, else when the Device
    spoke, or what its clock showed where it was set.

    None for what is due at once or cancelled, and where nothing says a moment.
    """
    if message.cra is Cra.COMMAND:
        return timing_of(payload).first
    stamp = cosem_stamp(message, payload)
    if stamp:
        return read_cosem(stamp).at
    return _in_alert(payload) if message.cra is Cra.ALERT else _of_clock(payload)


def cosem_stamp(message: Message, payload: Payload) -> bytes:
    """Return the COSEM date-time of when a Device spoke, by its header or its Alert.

    Empty without one.
    """
    if not message.date_time and isinstance(payload, Notification):
        return payload.time_stamp
    if not message.date_time and message.message_code == _ECS70:
        return _clock_stamp(payload)
    return message.date_time


def _of_clock(payload: Payload) -> datetime | None:
    """Return what GCS28 read of the clock that it set."""
    if isinstance(payload, Asn1Payload):
        found = payload.element.find("Device Time")
        return found.value if found and isinstance(found.value, datetime) else None
    return None


def _clock_stamp(payload: Payload) -> bytes:
    """Return the time that ECS70 read; empty in any other payload."""
    if not isinstance(payload, AccessResponse) or len(payload.data) != len(_ECS70_RESULTS):
        return b""
    kinds = tuple(result.kind for result in payload.results)
    read = payload.data[_ECS70_TIME].content
    return read if kinds == _ECS70_RESULTS and isinstance(read, bytes) else b""


def _in_alert(payload: Payload) -> datetime | None:
    match payload:
        case GbzAlert():
            return utc_moment(payload.time).at
        case Asn1Payload():
            found = payload.element.find("Date Time")
            return found.value if found and isinstance(found.value, datetime) else None
    return None


def _together(dates: list[_Date]) -> Timing:
    if any(date == _Date() for date in dates):
        return Timing(When.UNREADABLE)
    moments = sorted(date.at for date in dates if date.at)
    cancelled = sum(date.cancels for date in dates)
    at_once = sum(date.at_once for date in dates)
    if moments:
        besides = _besides(len(dates), {"at once": at_once, "cancelled": cancelled})
        return Timing(When.AT, moments[0], moments[-1], besides)
    if at_once:
        return Timing(When.AT_ONCE, besides=_besides(len(dates), {"cancelled": cancelled}))
    return Timing(When.CANCELLED if cancelled else When.UNSAID)


def _besides(parts: int, others: Mapping[str, int]) -> str:
    said = [f"{number} of {parts} parts {words}" for words, number in others.items() if number]
    return f" ({', '.join(said)})" if said else ""


def _in_request(request: AccessRequest) -> list[_Date]:
    dates = []
    for spec, value in zip(request.specs, request.data, strict=False):
        is_date = layout_of(access_of(spec)).form == _ACTIVATION
        if is_date and isinstance(value.content, bytes):
            found = read_cosem(value.content)
            dates.append(_Date(found.at, found.is_now, found.is_never))
    return dates


def _in_components(payload: GbzPayload) -> list[_Date]:
    dates = []
    for component in payload.components:
        if component.is_encrypted or component.frame.is_foundation:
            continue
        if gbz.command_name(component.cluster, component.frame).startswith(_READS):
            continue
        if component.from_date is not None:
            dates.append(_of_seconds(component.from_date))
        fields = gbz.decode_fields(component.cluster, component.frame)
        dates += [
            _of_seconds(field.value)
            for field in fields
            if field.name in _STARTS and isinstance(field.value, int)
        ]
    return dates


def _of_seconds(seconds: int) -> _Date:
    return _Date(read_utc(seconds), not seconds, is_cancellation(seconds))


def _of_element(element: Element) -> Timing:
    if element.name not in _DATED_ASN1:
        return Timing()
    found = element.find(_EXECUTION)
    if found is None:
        return Timing(When.AT_ONCE)
    at = found.value
    if not isinstance(at, datetime):
        return Timing(When.UNREADABLE)
    return Timing(When.CANCELLED) if is_never(at) else Timing(When.AT, at, at)
