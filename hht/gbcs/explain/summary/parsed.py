"""What a summary is made from: the message with its payload, its fields and its outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from hht.entity_id import EntityId
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import AccessRequest, AccessResponse, Notification, Value
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.asked import (
    accesses_asked,
    first_failed_command,
    foreign_accesses,
    foreign_commands,
)
from hht.gbcs.explain.bounds import LONGEST, has_no_moment
from hht.gbcs.explain.context import Context
from hht.gbcs.explain.dates import clock_status, read_cosem
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.object_names import access_name
from hht.gbcs.explain.summary.foreign_values import foreign_values
from hht.gbcs.explain.timing import Timing, cosem_stamp, timing_of
from hht.gbcs.gbz import GbzPayload
from hht.gbcs.message import Cra, Message
from hht.gbcs.outcome import Outcome, OutcomeKind, outcome_of_payload
from hht.gbcs.payload import Asn1Payload, Payload, decode_payload
from hht.gbcs.use_cases import UseCase, use_case
from hht.spans import EMPTY, Line, Part, Span, device, joined, say

_CLOCK_NOTE = 50
"""Characters for a note on the clock that dated a message."""

REPORT = "report "
"""How the task of a use case that reads begins."""

_PRE_COMMAND = ("Not yet signed (Pre-Command). ", "Unsigned: ")
_SIGNED_ALONE = ("It has no MAC. ", "No MAC: ")
"""What is said of a Command without a MAC, in full and in short: it has not been through the Access
Control Broker."""


@dataclass(frozen=True)
class ParsedMessage:
    """A message taken apart; `fields` are those of its payload."""

    context: Context
    payload: Payload
    fields: tuple[Field, ...]

    @property
    def message(self) -> Message:
        return self.context.message

    @cached_property
    def case(self) -> UseCase:
        return use_case(self.message.message_code)

    @cached_property
    def outcome(self) -> Outcome:
        """What a Response says became of its Command."""
        asked = None if self.is_command else self.asking
        return outcome_of_payload(self.payload, self.message, self.context.keys, asked)

    @property
    def is_command(self) -> bool:
        """Whether it asks, and neither answers nor reports."""
        return self.message.cra is Cra.COMMAND

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What comes before the words of a Command without a MAC, in full and in short."""
        if not self.message.is_precommand:
            return ()
        return _SIGNED_ALONE if self.message.signature else _PRE_COMMAND

    @property
    def room_for_unfinished(self) -> int:
        """How many characters that has in short."""
        return min(map(len, self.unfinished), default=0)

    @property
    def device_id(self) -> EntityId:
        """The Device that is asked, answers or reports."""
        return self.message.recipient if self.is_command else self.message.originator

    @property
    def device(self) -> Span:
        """The Device in the middle of a sentence."""
        return device(self.device_id, self.case.device or "Device", known=True)

    @property
    def subject(self) -> Line:
        """The Device as a sentence begins with it."""
        return Line.of(self.device).capital()

    def did_not(self, task: Part) -> Line:
        """Say that a Response reports a failure of the task, in whole or in part, and why."""
        outcome = self.outcome
        if self.reports_in_part:
            return self.with_gaps
        partial = outcome.kind is OutcomeKind.PARTIAL
        head = say("{} did not {}{}", self.subject, "fully " if partial else "", task)
        whys = (*map(outcome.why_with, self._first_failed), outcome.why_in_short)
        return _first_that_fits([say("{}: {}.", head, why) for why in whys], self._room)

    @property
    def is_answer(self) -> bool:
        """Whether it is a Response that gives what was asked for."""
        return not self.is_command and self.outcome.kind is OutcomeKind.SUCCESS

    @property
    def reports_in_part(self) -> bool:
        """Whether it gives some of what was to be read, and not all."""
        return self.outcome.kind is OutcomeKind.PARTIAL and self.case.task.startswith(REPORT)

    @property
    def with_gaps(self) -> Line:
        """Say that it reported in part, how much is missing, and what of it first."""
        reason, words = self.outcome.reason, "{}, with {} ({}{})."
        firsts = [f", first: {name}" if name else "" for name in self._first_failed]
        lines = [say(words, self.reported, self.missing, reason, first) for first in firsts]
        return _first_that_fits(lines, self._room)

    @property
    def _room(self) -> int:
        """How long a line may be before what is to be said of the clock."""
        stamp = cosem_stamp(self.message, self.payload)
        is_impossible = bool(stamp) and not read_cosem(stamp).at
        has_note = is_impossible or clock_status(stamp) or self.doubts or self.has_impossible_time
        return LONGEST - _CLOCK_NOTE if has_note else LONGEST

    @property
    def _first_failed(self) -> tuple[str, ...]:
        """What failed first of a Response, where not all did: in full, its object, nothing."""
        name = self._name_of_failed if self.outcome.kind is OutcomeKind.PARTIAL else ""
        return tuple(dict.fromkeys((small(name), small(name.partition(": ")[0]), "")))

    @property
    def _name_of_failed(self) -> str:
        if isinstance(self.payload, GbzPayload):
            return first_failed_command(self.payload)
        if not isinstance(self.payload, AccessResponse):
            return ""
        asked = zip(self.codes, accesses_asked(self.payload, self.context), strict=False)
        first = next((each for number, each in asked if number), None)
        return first.name if first and first.access else ""

    @property
    def reported(self) -> Line:
        """Say what it reported, in whole or in part."""
        return say("{} reported {}", self.subject, self.case.task.removeprefix(REPORT))

    @property
    def missing(self) -> str:
        """How many of the parts it did not report: `1 of 2 items missing`."""
        return f"{self.outcome.failed} of {self.outcome.parts} items missing"

    @cached_property
    def asking(self) -> Payload | None:
        """The payload of the Command: this one's, or of the one that this Response answers."""
        if self.is_command:
            return self.payload
        try:
            return decode_payload(self.context.command) if self.context.command else None
        except MalformedMessage:
            return None

    @cached_property
    def foreign(self) -> Line:
        """What a Command asks that its use case does not, or a Response answers to; else empty."""
        found = self._foreign_asks
        if not found or not (self.is_command or self.outcome.positive):
            return EMPTY
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        what = f"{found[0]}{more}"
        if self.is_command:
            return self.contradiction(what)
        return say("{} answered a Command to {}, but for {}.", self.subject, self.case.task, what)

    @property
    def _foreign_asks(self) -> tuple[str, ...]:
        code = self.message.message_code
        other = tuple(filter(None, (foreign_values(self.asking, code),)))
        if isinstance(self.asking, GbzPayload):
            return foreign_commands(self.asking, code) or other
        found = foreign_accesses(self.request, code) if self.request else ()
        return tuple(small(access_name(access)) for access in found) or other

    def contradiction(self, what: Part) -> Line:
        """Say that a Command asks for something else than its use case."""
        words = "Contradiction: asks {} to {}, but for {}."
        return say(words, self.device, self.case.task, what)

    @cached_property
    def timing(self) -> Timing | None:
        """When the Command is to be carried out; None where no Command is at hand."""
        return timing_of(self.asking) if self.asking else None

    @cached_property
    def doubts(self) -> frozenset[int]:
        """The clock status of each moment in the payload that a doubtful clock gave."""
        if not isinstance(self.payload, AccessRequest | AccessResponse | Notification):
            return frozenset()  # no other payload has clock statuses
        return frozenset(chain.from_iterable(map(_doubts_in, self.fields)))

    @cached_property
    def has_impossible_time(self) -> bool:
        """Whether a time in the payload is none."""
        return any(map(_has_no_moment, self.fields))

    @property
    def request(self) -> AccessRequest | None:
        """The DLMS Command: this one, or the one that this Response answers."""
        return self.asking if isinstance(self.asking, AccessRequest) else None

    @property
    def asked(self) -> Element | None:
        """The ASN.1 Command: this one, or the one that this Response answers."""
        return self.asking.element if isinstance(self.asking, Asn1Payload) else None

    @property
    def element(self) -> Element | None:
        """The payload as ASN.1, where it is."""
        return self.payload.element if isinstance(self.payload, Asn1Payload) else None

    @property
    def codes(self) -> tuple[int, ...]:
        """The results of a DLMS Response, in order."""
        if not isinstance(self.payload, AccessResponse):
            return ()
        return tuple(result.code for result in self.payload.results)

    @property
    def values(self) -> tuple[Value, ...]:
        """The data of a DLMS payload, in order; what an Alert adds to its code and time."""
        if isinstance(self.payload, Notification):
            return self.payload.content
        if isinstance(self.payload, AccessRequest | AccessResponse):
            return self.payload.data
        return ()


def _first_that_fits(lines: list[Line], room: int) -> Line:
    return next((line for line in lines if line.size <= room), lines[-1])


def _doubts_in(field: Field) -> Iterator[int]:
    yield from field.value.doubts
    for child in field.children:
        yield from _doubts_in(child)


def _has_no_moment(field: Field) -> bool:
    return has_no_moment(field.value) or any(map(_has_no_moment, field.children))


def small(words: str) -> str:
    """Return the words as they go on in a sentence; an abbreviation keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def listed(items: list[Part], most: int) -> Line:
    """Return what follows a count: `: a, b and 3 more`; nothing where none is there, or shown."""
    if not items or not most:
        return Line()
    shown = joined(", ", [Line.of(item) for item in items[:most]])
    rest = len(items) - most
    return Line.of(": ", shown, f" and {rest} more" if rest > 0 else "")
