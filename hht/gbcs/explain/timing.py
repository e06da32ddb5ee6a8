"""When a message is of: the moment a Command is to be carried out, or a Device's own time.

Source: GBCS section 9.2.2 (future dated, at once, cancelled).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum

from hht.gbcs import gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import AccessRequest, AccessResponse, Notification, SpecKind
from hht.gbcs.explain.asked import access_of
from hht.gbcs.explain.dates import (
    Place,
    cosem_moment,
    in_utc,
    is_cancellation,
    is_never,
    no_asn1_time,
    read_cosem,
    read_utc,
    utc_moment,
)
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.object_names import layout_of, object_name
from hht.gbcs.gbz import GbzAlert, GbzPayload
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload
from hht.spans import EMPTY, Line, Span, joined, say

_ACTIVATION = "activation"
_STARTS = ("start time", "implementation time", "site id time")
_EXECUTION = "Execution Date Time"
_DATED_ASN1 = ("Update Security Credentials", "Activate Firmware")
_READS, _PUBLISHES, _ACTIVATION_OF = "Get ", "Publish ", "Activation of "
_SAMPLES = "Get Sampled Data Response"
_ECS70, _ECS70_RESULTS, _ECS70_TIME = 0x0062, (2, 3, 3, 1, 1), 3
"""What a set clock answers: set, action, action, then the time and its status are read."""

_LEVELS, _LEVEL_STARTS = (0x011E, 0x011F), (1, 3)  # and the last octet of their objects
_FEW = 3  # moments of its parts that a line has room for
_LONGEST_NAME = 30
"""Characters of a part's name, of which a line has room for two beside their moments."""

_AFTER_ALL = datetime.max.replace(tzinfo=UTC)


class When(Enum):
    """When a Command is to be carried out."""

    UNSAID = "unsaid"  # the use case has no date: at once
    AT_ONCE = "at once"
    AT = "at"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Timing:
    """When a Command is to be carried out; `first` is the earliest moment of its parts.

    `moment` says all of them, or what is in place of one; `besides` says which parts are
    carried out at once or cancelled while `when` is of others. `each` has the moment of every part
    where they are not the same.
    """

    when: When = When.UNSAID
    first: datetime | None = None
    moment: Line = EMPTY
    besides: str = ""
    each: str = ""

    @property
    def is_not_now(self) -> bool:
        """Say whether it is for a moment, or cancels what was to come."""
        return self.when in (When.AT, When.CANCELLED, When.UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Date:
    """What one place for a date says; `words` of a moment, or of what is in place of one.

    `name` is that of the part of the Command which it dates.
    """

    at: datetime | None = None
    at_once: bool = False
    cancels: bool = False
    words: Span | None = None
    name: str = ""


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


def when_asked(timing: Timing) -> Line:
    """Return how a Command says when it is to be carried out: `, at once`; nothing for unsaid."""
    match timing.when:
        case When.AT_ONCE:
            return Line.of(", at once", timing.besides)
        case When.AT | When.UNREADABLE:
            return say(", at {}", timing.moment)
    return EMPTY


def own_moment(message: Message, payload: Payload) -> datetime | None:
    """Return the message's own time in UTC: of a Command when it is due, else when the Device
    spoke, or what its clock showed where it was set.

    None for what is due at once or cancelled, and where nothing says a moment.
    """
    if message.cra is Cra.COMMAND:
        return timing_of(payload).first or _start_of_level(message, payload)
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


def start_of_samples(fields: Iterable[Field]) -> datetime | None:
    """Return from when on the samples of a gas log are, which no header dates."""
    for group in fields:
        if group.name.endswith(_SAMPLES):
            for field in group.children:
                if field.name == _STARTS[0]:
                    return next((span.at for span in field.value.spans), None)
    return None


def _start_of_level(message: Message, payload: Payload) -> datetime | None:
    """Return from when on ECS47a and ECS47e set or limit the level of an auxiliary controller."""
    if message.message_code not in _LEVELS or not isinstance(payload, AccessRequest):
        return None
    pairs = zip(payload.specs, payload.data, strict=False)
    starts = [value.content for spec, value in pairs if spec.obis[5] in _LEVEL_STARTS]
    return next((read_cosem(each).at for each in starts if isinstance(each, bytes)), None)


def _of_clock(payload: Payload) -> datetime | None:
    """Return what GCS28 read of the clock that it set."""
    if isinstance(payload, Asn1Payload):
        return _asn1_moment(payload.element.find("Device Time"))
    return None


def _asn1_moment(found: Element | None) -> datetime | None:
    """Return the moment of an ASN.1 time; None where it is impossible, or none at all."""
    at = found.value if found else None
    return at if isinstance(at, datetime) and not is_never(at) else None


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
            return _asn1_moment(payload.element.find("Date Time"))
    return None


def _together(dates: list[_Date]) -> Timing:
    timing = _as_one(dates)
    said = [(date.words.text if date.words else (date.at_once, date.cancels)) for date in dates]
    if len(set(said)) < 2:
        return timing
    each = "\n".join(f"{date.name} {words}" for date, words in zip(dates, said, strict=True))
    return replace(timing, each=each)


def _as_one(dates: list[_Date]) -> Timing:
    due = sorted((date for date in dates if date.words), key=_at_or_last)
    others = {
        "at once": [date.name for date in dates if date.at_once],
        "cancelled": [date.name for date in dates if date.cancels],
    }
    if due:
        moment = Line.of(_moments(due, len(dates)), _besides(others, len(dates)))
        if due[-1].at is None:
            return Timing(When.UNREADABLE, moment=moment)
        return Timing(When.AT, due[0].at, moment)
    if others.pop("at once"):
        return Timing(When.AT_ONCE, besides=_besides(others, len(dates)))
    return Timing(When.CANCELLED if others["cancelled"] else When.UNSAID)


def _at_or_last(date: _Date) -> datetime:
    return date.at or _AFTER_ALL


def _moments(due: list[_Date], parts: int) -> Line:
    """Return every moment, of two which parts are due at each; of many the first and last."""
    named: dict[Span, list[str]] = {}
    for date in due:
        if date.words:
            named.setdefault(date.words, []).append(date.name)
    first, *more = named
    if not more:
        return Line.of(first)
    if len(more) == 1:
        each = [say("{} ({})", at, _share(names, parts)) for at, names in named.items()]
        return joined(" and ", each)
    if len(more) < _FEW:
        before = joined(", ", [Line.of(at) for at in (first, *more[:-1])])
        return say("{} and {}", before, more[-1])
    return say("{} and {} later moments, the last {}", first, str(len(more)), more[-1])


def _besides(others: Mapping[str, list[str]], parts: int) -> str:
    said = [f"{_share(names, parts)} {words}" for words, names in others.items() if names]
    return f" ({', '.join(said)})" if said else ""


def _share(names: list[str], parts: int) -> str:
    """Return the name of a single part, else how many of all they are."""
    if len(names) == 1 and 0 < len(names[0]) <= _LONGEST_NAME:
        return names[0]
    return f"{len(names)} of {parts} parts"


def _in_request(request: AccessRequest) -> list[_Date]:
    dates = []
    for spec, value in zip(request.specs, request.data, strict=False):
        access = access_of(spec)
        if layout_of(access).form == _ACTIVATION and access.kind != SpecKind.GET:
            name = (object_name(spec.obis) or "").removeprefix(_ACTIVATION_OF)
            raw = value.content if isinstance(value.content, bytes) else b""  # as null, no date
            dates.append(replace(_of_cosem(raw), name=name))
    return dates


def _in_components(payload: GbzPayload) -> list[_Date]:
    dates = []
    for component in payload.components:
        if component.is_encrypted or component.frame.is_foundation:
            continue
        command = gbz.command_name(component.cluster, component.frame)
        if command.startswith(_READS):
            continue
        fields = gbz.decode_fields(component.cluster, component.frame)
        starts = [component.from_date, *(each.value for each in fields if each.name in _STARTS)]
        name = command.removeprefix(_PUBLISHES).lower()
        dates += [replace(_of_seconds(at), name=name) for at in starts if isinstance(at, int)]
    return dates


def _of_cosem(raw: bytes) -> _Date:
    found = read_cosem(raw)
    if found.is_now or found.is_never:
        return _Date(None, found.is_now, found.is_never)
    return _Date(found.at, words=cosem_moment(raw, Place.START))


def _of_seconds(seconds: int) -> _Date:
    if not seconds or is_cancellation(seconds):
        return _Date(None, not seconds, is_cancellation(seconds))
    return _Date(read_utc(seconds), words=utc_moment(seconds, Place.START))


def _of_element(element: Element) -> Timing:
    if element.name not in _DATED_ASN1:
        return Timing()
    found = element.find(_EXECUTION)
    if found is None:
        return Timing(When.AT_ONCE)
    at = found.value
    if not isinstance(at, datetime):
        return Timing(When.UNREADABLE, moment=Line.of(no_asn1_time(found.node.content)))
    return Timing(When.CANCELLED) if is_never(at) else Timing(When.AT, at, Line.of(in_utc(at)))
