"""Summaries of what Devices are commissioned with: clock and firmware."""

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from hht.entity_id import EntityId
from hht.gbcs import gbz
from hht.gbcs.asn1 import Element
from hht.gbcs.dlms import AccessResponse
from hht.gbcs.explain.amounts import hex_in_words, whole
from hht.gbcs.explain.dates import (
    Place,
    cosem_moment,
    gives_a_date,
    is_never,
    no_asn1_time,
    utc,
)
from hht.gbcs.explain.object_names import enumeration
from hht.gbcs.explain.summary.alerts import outcome_line
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import Timing, When
from hht.gbcs.explain.tree.asn1 import code_in_words
from hht.gbcs.outcome import OutcomeKind
from hht.spans import EMPTY, Line, Part, Span, code, device, moment, say

_PRESET, _ADJUST, _TIME, _STATUS = range(1, 5)
_LONGEST_HASH = 8  # hexadecimal digits that tell two images apart and leave room in the line
_LONGEST_VERSION = 8  # octets; a ZigBee file version has 4
_ACTIVATION_RESULTS = (0, 1)
"""What CS09 defines: the new firmware runs, or it does not."""


def _set_clock(parsed: ParsedMessage) -> Line:
    """Summarise ECS70: clock base, preset time, adjust, then read the time and its status."""
    if parsed.is_command:
        start, end = (parsed.values[_PRESET].members[at].octets for at in (1, 2))
        return _clock_command(parsed, cosem_moment(start), cosem_moment(end))
    if not parsed.outcome.positive:
        return _set_but_not_read(parsed) or parsed.did_not("set its clock")
    shown = cosem_moment(parsed.values[_TIME].octets)
    return _clock(parsed, shown, _clock_status(parsed))


def _set_but_not_read(parsed: ParsedMessage) -> Line:
    """Say of a clock that was set what of it was read, and what was not; nothing of another."""
    unread = {at for at, result in enumerate(parsed.codes) if result}
    if len(parsed.codes) != _STATUS + 1 or not unread <= {_TIME, _STATUS}:
        return EMPTY
    if unread == {_STATUS}:
        line = say(
            ", which shows {}; its status was not", cosem_moment(parsed.values[_TIME].octets)
        )
    elif unread == {_TIME}:
        line = say("; its status is {}, its time was not", _clock_status(parsed))
    else:
        line = Line.of("; neither its time nor its status was")
    first = "first: " if parsed.outcome.mixed else ""
    return say(
        "{} set its clock{} read ({}{}).", parsed.subject, line, first, parsed.outcome.reason
    )


def _clock_status(parsed: ParsedMessage) -> Span:
    number = parsed.values[_STATUS].number
    return code(enumeration("clock_status", number & 3) or "", number)


def _set_gas_clock(parsed: ParsedMessage) -> Line:
    if parsed.is_command:
        names = (f"Validity Interval {name}" for name in ("Start", "End"))
        start, end = (_time(parsed.element, name) for name in names)
        return _clock_command(parsed, start, end)
    return _clock(
        parsed, _time(parsed.element, "Device Time"), code_of(parsed.element, "Time Status")
    )


def _clock(parsed: ParsedMessage, shown: Span, status: Part) -> Line:
    if shown.at is None:
        words = "The clock of {} shows no time ({}); its status is {}."
        return say(words, parsed.device, shown, status)
    return say("The clock of {} shows {}; its status is {}.", parsed.device, shown, status)


def _clock_command(parsed: ParsedMessage, start: Span, end: Span) -> Line:
    """Say when the clock may be set; a bound that is open, if need be by the year 9999, is none."""
    if _is_open(start) and _is_open(end):
        within = Line.of("whatever time that is")
    elif _is_open(start):
        within = say("if that is not after {}", end)
    elif _is_open(end):
        within = say("if that is not before {}", start)
    else:
        never = ", which no time is" if start.at and end.at and end.at < start.at else ""
        within = say("if that is between {} and {}{}", start, end, never)
    return say("Asks {} to set its clock from the hub, {}.", parsed.device, within)


def _is_open(bound: Span) -> bool:
    return is_never(bound.at) if bound.at else not gives_a_date(bound.text)


def _read_firmware(parsed: ParsedMessage) -> Line | None:
    """Summarise ECS52, GCS38 and CS08; None where there is none to give."""
    if not parsed.is_answer:
        return None
    version = _firmware(parsed)
    if isinstance(version, Span) and not version.text.strip("0"):
        return say("{} answered, but gives no firmware version ({}).", parsed.subject, version)
    return say("{} runs firmware version {}.", parsed.subject, version)


def _firmware(parsed: ParsedMessage) -> Part:
    match parsed.payload:
        case AccessResponse():
            return code(hex_in_words(parsed.values[0].octets))
        case gbz.GbzPayload():
            component = parsed.payload.components[0]
            (record,) = gbz.decode_fields(component.cluster, component.frame)
            value = record.members[-1].value
            return code(hex_in_words(value)) if isinstance(value, bytes) else "not valid"
    return _octets(parsed.element, "Firmware Version")


def _activate_firmware(parsed: ParsedMessage) -> Line:
    if parsed.is_command:
        return _activation_command(parsed)
    if parsed.outcome.kind is OutcomeKind.ACCEPTED:
        return accepted(parsed, "activate firmware")
    result = code_of(parsed.element, "Result")
    version = _octets(parsed.element, "Firmware Version")
    done = not _failed(parsed.element)
    if done:
        line = say("{} activated firmware and runs version {}.", parsed.subject, version)
    else:
        words = "{} did not activate firmware: {}. It runs version {}."
        line = say(words, parsed.subject, result, version)
    return outcome_line(parsed, done, line)


def _activation_command(parsed: ParsedMessage) -> Line:
    found = find(parsed.element, "Manufacturer Image Hash")
    octets = found.value if found and isinstance(found.value, bytes) else b""
    shown = f"of hash {octets.hex().upper()[:_LONGEST_HASH]}..." if octets else "without a hash"
    image = f"the firmware image {shown}"
    timing = parsed.timing or Timing()
    match timing.when:
        case When.CANCELLED:
            return say("Asks {} not to activate {} any more (cancelled).", parsed.device, image)
        case When.AT | When.UNREADABLE:
            return say("Asks {} to activate {} at {}.", parsed.device, image, timing.moment)
    return say("Asks {} to activate {} at once.", parsed.device, image)


def accepted(parsed: ParsedMessage, task: str) -> Line:
    """Say for which moment it was accepted, or that it was cancelled, if the Command is known."""
    timing = parsed.timing
    if timing and timing.when is When.CANCELLED:
        return say("{} will not {} after all (cancelled).", parsed.subject, task)
    if timing and timing.when in (When.AT, When.UNREADABLE):
        return say("{} accepted, for {}: to {}.", parsed.subject, timing.moment, task)
    return say("{} accepted the Command to {}, for later or to cancel it.", parsed.subject, task)


def _firmware_transferred(parsed: ParsedMessage) -> Line:
    found = find(parsed.element, "Device")
    octets = found.value if found and isinstance(found.value, bytes) else b""
    to: Part = device(EntityId(octets)) if len(octets) == 8 else "a Device"
    version = _octets(parsed.element, "Firmware Version")
    if done := not _failed(parsed.element):
        words = say("{} gave firmware {} to {}.", parsed.subject, version, to)
    else:
        why = code_of(parsed.element, "Result")
        words = say("{} did not give {} firmware {}: {}.", parsed.subject, to, version, why)
    return outcome_line(parsed, done, words)


def _firmware_activated(parsed: ParsedMessage) -> Line:
    version = _octets(parsed.element, "Firmware Version")
    result = find(parsed.element, "Result")
    if result and isinstance(result.value, int) and result.value not in _ACTIVATION_RESULTS:
        words = "{} reports outcome {}, not defined, of its new firmware. It runs version {}."
        return say(words, parsed.subject, str(result.value), version)
    if not _failed(parsed.element):
        return say("{} activated its new firmware and runs version {}.", parsed.subject, version)
    words = "{} did not activate its new firmware. It runs version {}."
    return say(words, parsed.subject, version)


def _failed(element: Element | None) -> bool:
    found = find(element, "Result")
    return found is None or found.value != 0


def find(element: Element | None, name: str) -> Element | None:
    return element.find(name) if element else None


def _octets(element: Element | None, name: str) -> Part:
    found = find(element, name)
    value = found.value if found else None
    return code(_hex_in_short(value)) if isinstance(value, bytes) else "not given"


def _hex_in_short(octets: bytes) -> str:
    """Return octets in hexadecimal; of none, and of more than a version has, how many there are."""
    is_short = 0 < len(octets) <= _LONGEST_VERSION
    return hex_in_words(octets) if is_short else f"of {len(octets)} bytes"


def code_of(element: Element | None, name: str) -> Part:
    found = find(element, name)
    value = found.value if found else None
    if isinstance(value, IntEnum):
        return code(code_in_words(value), int(value))
    return f"code {whole(value)}" if isinstance(value, int) else "out of range"


def _time(element: Element | None, name: str) -> Span:
    found = find(element, name)
    if found is None:
        return moment("not given")
    at = found.value
    return utc(at, Place.STAMP) if isinstance(at, datetime) else no_asn1_time(found.node.content)


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    0x0062: _set_clock,
    0x007F: _set_gas_clock,
    **dict.fromkeys((0x0059, 0x0084, 0x0129), _read_firmware),
    0x0012: _activate_firmware,
    0x00CA: _activate_firmware,
    0x0128: _firmware_transferred,
    0x012B: _firmware_activated,
}
"""By message code; each gives None where the general words do."""
