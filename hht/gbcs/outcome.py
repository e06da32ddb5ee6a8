"""Did a Response report success? Partial success is none: every access must have succeeded.

A GSME or GPF that answers a read with `not found` has carried it out: there was nothing to give.
To a Command that changes something it is a refusal as any other.
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from itertools import chain
from typing import NamedTuple

from hht.gbcs import dlms, gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.completeness import asked_by, shortfall
from hht.gbcs.dlms.results import AccessResult
from hht.gbcs.encryption import gbz_part, open_part
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.gbz.statuses import ZclStatus, top_up_refusal
from hht.gbcs.message import Cra, Message
from hht.gbcs.payload import Asn1Payload, Payload, Unknown, decode_payload
from hht.gbcs.protection import KeyStore, Verdict
from hht.spans import EMPTY, Line, code, say, with_article

_VERDICTS = ("Result", "Status")
_CLOCK_STATUS = "Time Status"
_GIVEN = ("Device Certificate", "Certification Request")
_TOP_UP_RESPONSE = (0x0705, 0x03)
_START_SAMPLING_RESPONSE = (0x0702, 0x0D)
_CLEAR_LOG_RESPONSE = (0x0709, 0x02)
_GENERAL_LOG = 0b1001
"""Bits of what was cleared: the general event log, which CS11 clears, and all logs."""

_NO_SAMPLE = 0xFFFF


class OutcomeKind(StrEnum):
    """What a Response says became of its Command."""

    SUCCESS = "success"
    NOTHING_FOUND = "nothing_found"
    UNREAD = "unread"  # answered, and what is encrypted was not read
    ACCEPTED = "accepted"  # to be executed later
    PARTIAL = "partial"
    FAILED = "failed"
    NOT_RELIABLE = "not_reliable"  # a clock that is set and not held to be reliable
    UNREADABLE = "unreadable"
    UNCERTAIN = "uncertain"  # it does not answer each part of its Command


_POSITIVE = (
    OutcomeKind.SUCCESS,
    OutcomeKind.NOTHING_FOUND,
    OutcomeKind.UNREAD,
    OutcomeKind.ACCEPTED,
)
_WORDS = {
    OutcomeKind.SUCCESS: "Success.",
    OutcomeKind.NOTHING_FOUND: "Success; nothing was found.",
    OutcomeKind.UNREAD: "Answered; what is encrypted was not read.",
    OutcomeKind.ACCEPTED: "Accepted; to be executed later.",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a Command: `failed` of its `parts`, the `reason` and code of the first.

    A part is what a Command does in one step (`many` is what several are called), an attribute
    where one step reads several, or a credential. `mixed` says that the reasons are not the same.
    """

    kind: OutcomeKind
    reason: Line = EMPTY
    failed: int = 0
    parts: int = 0
    code: int | None = None
    many: str = "parts"
    mixed: bool = False

    @property
    def positive(self) -> bool:
        """Whether all of it succeeded, or was accepted."""
        return self.kind in _POSITIVE

    @property
    def is_known(self) -> bool:
        """Return whether the Response shows what became of its Command, well or not."""
        return self.kind not in (OutcomeKind.UNREADABLE, OutcomeKind.UNCERTAIN)

    @property
    def summary(self) -> Line:
        if self.positive:
            return Line.of(_WORDS[self.kind])
        if self.kind is OutcomeKind.UNREADABLE:
            return say("The Response cannot be read: {}.", self.reason)
        if self.kind is OutcomeKind.UNCERTAIN:
            return say("It gave {}: what became of each is not certain.", self.reason)
        return say("{}.", self.why.capital()) if self.parts > 1 else say("Failed: {}.", self.reason)

    @property
    def why(self) -> Line:
        """What failed and why, as the end of a sentence."""
        return self.why_with("")

    def why_with(self, first: str) -> Line:
        """Return `why` with the name of the part that failed first, where that is given."""
        if self.parts < 2:
            return self.reason
        mark = "first: " if self.mixed else ""
        named = f", {'' if mark else 'first: '}{first}" if first else ""
        return say("{} failed ({}{}{})", self.share, mark, self.reason, named)

    @property
    def share(self) -> str:
        """How many of the parts failed: `2 of 3 steps`, `all 3 steps`."""
        if self.failed == self.parts:
            return f"both {self.many}" if self.parts == 2 else f"all {self.parts} {self.many}"
        return f"{self.failed} of {self.parts} {self.many}"

    @property
    def why_in_short(self) -> Line:
        """`why` where there is little room."""
        return say("{}", self.reason) if self.parts < 2 else say("{}: {}", self.share, self.reason)


class _Failure(NamedTuple):
    """Why one part failed."""

    words: str
    code: int | None = None


def outcome_of(
    response: Message, keys: KeyStore | None = None, command: Message | None = None
) -> Outcome:
    """Return what a Response says became of its Command; one that cannot be read is not positive.

    With the keys, what is encrypted has its say too; without, it counts as answered. With the
    Command, a Response that does not answer each part of it is not positive.
    """
    if response.cra is not Cra.RESPONSE:
        return _unreadable(
            f"this is {with_article(response.cra.name.capitalize())}, not a Response"
        )
    try:
        payload = decode_payload(response)
    except MalformedMessage as error:
        return _unreadable(error.what)
    return outcome_of_payload(payload, response, keys, asked_by(command, response))


def outcome_of_payload(
    payload: Payload, response: Message, keys: KeyStore | None, asked: Payload | None = None
) -> Outcome:
    """Return what `outcome_of` says; `asked` is what the Command asks, decoded too."""
    try:
        outcome = _of_payload(payload, response, keys)
        uneven = shortfall(payload, asked, response.message_code) if outcome.is_known else ""
    except MalformedMessage as error:
        return _unreadable(error.what)
    return Outcome(OutcomeKind.UNCERTAIN, Line.of(uneven)) if uneven else outcome


def _of_payload(payload: Payload, response: Message, keys: KeyStore | None) -> Outcome:
    match payload:
        case dlms.AccessResponse():
            return _judge([_access(result) for result in payload.results], "steps")
        case Asn1Payload():
            return _of_element(payload.element)
        case gbz.GbzPayload():
            return _of_components(payload, response, keys)
        case Unknown():
            return _unreadable(payload.note.rstrip("."))
    return _unreadable("its payload is not that of a Response")


def _unreadable(why: str) -> Outcome:
    return Outcome(OutcomeKind.UNREADABLE, Line.of(why))


def _judge(
    failures: list[_Failure | None], many: str, success: OutcomeKind = OutcomeKind.SUCCESS
) -> Outcome:
    """Judge from one entry for each part, None where it succeeded."""
    bad = [failure for failure in failures if failure]
    parts = len(failures)
    if not failures:
        return _unreadable("it answers nothing")
    if not bad:
        return Outcome(success, parts=parts, many=many)
    first = bad[0]
    kind = OutcomeKind.FAILED if len(bad) == parts else OutcomeKind.PARTIAL
    reason = Line.of(code(first.words, first.code))
    mixed = len({failure.words for failure in bad}) > 1
    return Outcome(kind, reason, len(bad), parts, first.code, many, mixed)


def _access(result: dlms.Result) -> _Failure | None:
    return _Failure(_words(AccessResult, result.code), result.code) if result.code else None


def _of_element(element: Element) -> Outcome:
    verdicts = [found.value for name in _VERDICTS for found in element.all(name)]
    if verdicts:
        return _judge([_verdict(each) for each in verdicts], "parts")
    clock = element.find(_CLOCK_STATUS)
    if clock:
        failure = _verdict(clock.value)
        if failure is None:
            return Outcome(OutcomeKind.SUCCESS, parts=1)
        return Outcome(OutcomeKind.NOT_RELIABLE, Line.of(failure.words), 1, 1, failure.code)
    if element.find("Command Accepted"):
        return Outcome(OutcomeKind.ACCEPTED)
    if any(map(element.find, _GIVEN)):
        return Outcome(OutcomeKind.SUCCESS, parts=1)
    return _unreadable("it is not of a form this tool knows")


def _verdict(value: object) -> _Failure | None:
    return _Failure(_spoken(value), value if isinstance(value, int) else None) if value else None


def _of_components(payload: gbz.GbzPayload, message: Message, keys: KeyStore | None) -> Outcome:
    plain = [_plain(component, message, keys) for component in payload.components]
    each = [_failures(component) if component else [None] for component in plain]
    many = "steps" if all(len(parts) == 1 for parts in each) else "parts"
    success = OutcomeKind.UNREAD if None in plain else OutcomeKind.SUCCESS
    if plain and all(map(_found_nothing, plain)):
        success = OutcomeKind.NOTHING_FOUND
    return _judge(list(chain.from_iterable(each)), many, success)


def _found_nothing(component: gbz.Component | None) -> bool:
    """Return whether there was nothing to give; of what stays encrypted that is not known."""
    reports = gbz.reports_of(component) if component else []
    return bool(reports) and all(report.found_nothing for report in reports)


def _plain(
    component: gbz.Component, message: Message, keys: KeyStore | None
) -> gbz.Component | None:
    """Return the component, decrypted if need be; None when the key is not held."""
    if not component.is_encrypted:
        return component
    opened = open_part(gbz_part(component, message), keys)
    if opened.verdict is Verdict.UNCHECKED:
        return None
    if opened.verdict is Verdict.INVALID:
        raise MalformedMessage("an encrypted part does not open with its key")
    frame = component.frame._replace(payload=opened.plaintext)
    return gbz.Component(component.control, component.cluster, frame)


def _failures(component: gbz.Component) -> list[_Failure | None]:
    """Return why each attribute of a component failed, or all of it; None for what did not."""
    reports = gbz.reports_of(component)
    return [_of_report(report) for report in reports] or [_own_failure(component)]


def _of_report(report: gbz.Report) -> _Failure | None:
    if not report.is_failure:
        return None
    status = report.status
    return _Failure(_words(ZclStatus, status), status if isinstance(status, int) else None)


def _own_failure(component: gbz.Component) -> _Failure | None:
    frame = component.frame
    fields = gbz.decode_fields(component.cluster, frame)
    if frame.is_foundation or not fields:
        return None
    return _refusal((component.cluster, frame.command), fields[0].value)


def _refusal(command: tuple[int, int], first: object) -> _Failure | None:
    """Return what the first field of a cluster's own response says, where it can speak of
    failure."""
    number = first if isinstance(first, int) else None
    if command == _TOP_UP_RESPONSE and (why := top_up_refusal(number)):
        return _Failure(why, number)
    if command == _START_SAMPLING_RESPONSE and first == _NO_SAMPLE:
        return _Failure("sampling was not started", number)
    if command == _CLEAR_LOG_RESPONSE and not (number or 0) & _GENERAL_LOG:
        return _Failure("another log was cleared" if number else "no log was cleared", number)
    return None


def _words(codes: type[IntEnum], number: object) -> str:
    return _spoken(codes._value2member_map_.get(number, number))


def _spoken(number: object) -> str:
    if isinstance(number, IntEnum):
        if number.name == "OTHER":
            return "another reason"
        words = number.name.lower().replace("_", " ")
        return words.replace("cbke", "CBKE")
    return f"code {number}" if isinstance(number, int) else "a code out of range"
