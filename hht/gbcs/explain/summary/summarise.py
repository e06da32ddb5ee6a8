"""One plain line for a whole message: in its use case's own words, or in general ones."""

from collections.abc import Callable
from typing import NamedTuple

from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.bounds import CUT, LONGEST, bounded, cut, doubts_in_short, with_short_moments
from hht.gbcs.explain.dates import cosem_moment, utc_moment
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary import alerts, credentials, events, gas, han, loads, top_up
from hht.gbcs.explain.summary import device as devices
from hht.gbcs.explain.summary.alerts import CARRIED_OUT, alert_code
from hht.gbcs.explain.summary.clock_notes import clock_notes
from hht.gbcs.explain.summary.entries import period_asked
from hht.gbcs.explain.summary.highlights import (
    any_in_short,
    highlights,
    highlights_in_short,
    is_condensed,
    mark_of,
    number_alone,
    number_and_one,
)
from hht.gbcs.explain.summary.parsed import REPORT, ParsedMessage, small
from hht.gbcs.explain.texts import is_printed
from hht.gbcs.explain.timing import Timing, When, when_asked
from hht.gbcs.future_dated import ExecutedCommand, executed_command
from hht.gbcs.gbz import GbzAlert
from hht.gbcs.message import Cra
from hht.gbcs.outcome import OutcomeKind
from hht.gbcs.payload import Unknown
from hht.gbcs.use_cases import use_case, use_cases
from hht.spans import EMPTY, Line, code, device, say

Reader = Callable[[ParsedMessage], Line | None]
Highlights = Callable[[tuple[Field, ...], int, str], Line]
_READERS: dict[int, Reader] = {
    **{**han.READERS, **devices.READERS, **credentials.READERS},
    **{**loads.READERS, **gas.READERS},
    **{**alerts.READERS, **events.READERS, **top_up.READERS},
}
_LATER = (0x00CA, 0x00CB, 0x0124)
"""Alerts on the outcome of future dated Commands that have words of their own."""

_PICKS = (highlights, highlights_in_short, number_and_one, any_in_short, number_alone)
"""How values are put into a line, the ones that say most first."""

_PRE_COMMAND = "Not yet signed (Pre-Command). "
_PRE_COMMAND_IN_SHORT = "Unsigned: "
_REPORTS = "reports "
_DONE, _NOT_DONE = "{} {}{} ({}).", "{} did not {} as planned{} ({})."
_AT = {True: "As planned, at", False: "At"}
_ROOM_FOR_VALUES = 40
"""Characters that are kept for values where moments before them can be said in fewer."""


def summarise(parsed: ParsedMessage) -> Line:
    """Return the message in one sentence or two, and whether the clock that dated it is in
    doubt."""
    words = _summary(parsed)
    line = _bounded(words, parsed, LONGEST)
    note = clock_notes(parsed, line)
    if line.size + len(note) > LONGEST:
        note = doubts_in_short(note)
    return Line.of(_bounded(words, parsed, LONGEST - len(note)), note) if note else line


class _Summary(NamedTuple):
    """The words of a message, and whether the moment of the Alert that it is follows them."""

    words: Line
    ends_with_moment: bool = False


def _summary(parsed: ParsedMessage) -> _Summary:
    if parsed.message.message_code not in use_cases() and parsed.message.cra is not Cra.ALERT:
        return _Summary(_of_unknown_use_case(parsed))
    if parsed.message.cra is Cra.RESPONSE and parsed.outcome.kind is OutcomeKind.UNREADABLE:
        return _Summary(_unread(parsed))
    if parsed.message.cra is Cra.RESPONSE and parsed.outcome.kind is OutcomeKind.UNCERTAIN:
        return _Summary(_uneven(parsed))
    has_words = parsed.message.cra is not Cra.ALERT or alerts.is_of_its_code(parsed)
    reader = _READERS.get(parsed.message.message_code) if has_words else None
    try:
        words = parsed.foreign or (reader(parsed) if reader else None)
    except (MalformedMessage, IndexError, ValueError):
        words = None  # of another shape than the use case's own words need
    if words and parsed.message.cra is Cra.ALERT:
        return _Summary(words, ends_with_moment=True)
    words = words or _general(parsed)
    return _Summary(_before_signing(words) if parsed.message.is_precommand else words)


def _bounded(summary: _Summary, parsed: ParsedMessage, room: int) -> Line:
    """Return the words within the room; before the moment of an Alert their end is left out."""
    _, when = _code_and_time(parsed) if summary.ends_with_moment else (None, EMPTY)
    if not when:
        return bounded(summary.words, room)
    known = _is_known(when)
    as_planned = parsed.message.message_code in _LATER and alert_code(parsed) == CARRIED_OUT
    later = (" As planned, at {}.",) if as_planned and known else ()
    for template in (*later, " At {}." if known else " Its time: {}."):
        end = say(template, when)
        told = with_short_moments(Line.of(summary.words, end), room)
        if told.size <= room and is_printed(str(told)):
            return told
    end = with_short_moments(end, room // 3)
    return Line.of(bounded(summary.words, room - end.size), end)


def _is_known(when: Line) -> bool:
    return any(span.at for span in when.spans)


def _before_signing(words: Line) -> Line:
    """Return what a Pre-Command asks.

    In short, where there is no room to say that it is not signed.
    """
    said = Line.of(_PRE_COMMAND, words)
    return said if said.size <= LONGEST else Line.of(_PRE_COMMAND_IN_SHORT, words.uncapital())


def _unread(parsed: ParsedMessage) -> Line:
    words = "{} answered; what it says cannot be read: {}."
    return say(words, parsed.subject, parsed.outcome.reason)


def _uneven(parsed: ParsedMessage) -> Line:
    task = parsed.case.task or small(parsed.case.title)
    words = "It is not certain what {} did: it gave {} to {}."
    return say(words, parsed.device, parsed.outcome.reason, task)


def _of_unknown_use_case(parsed: ParsedMessage) -> Line:
    number = code(parsed.case.name, parsed.message.message_code)
    if parsed.is_command:
        words = "Asks {} to carry out a use case this tool does not know ({})."
        pre = _PRE_COMMAND if parsed.message.is_precommand else ""
        return Line.of(pre, say(words, parsed.device, number))
    words = "{} answered a Command of a use case this tool does not know ({})"
    answered = say(words, parsed.subject, number)
    if isinstance(parsed.payload, Unknown) or parsed.outcome.positive:
        return Line.of(answered, ".")
    return say("{}; {}.", answered, parsed.outcome.why)


def _general(parsed: ParsedMessage) -> Line:
    match parsed.message.cra:
        case Cra.COMMAND:
            return _command(parsed)
        case Cra.RESPONSE:
            return _response(parsed)
    return _alert(parsed)


def _command(parsed: ParsedMessage) -> Line:
    task = parsed.case.task or small(parsed.case.title)
    timing = parsed.timing or Timing()
    if timing.when is When.CANCELLED:
        return say("Asks {} not to {} any more (cancelled).", parsed.device, task)
    head = say("Asks {} to {}{}", parsed.device, task, when_asked(timing))
    if task.startswith(REPORT):
        return say("{}{}.", head, period_asked(parsed.fields))
    return _with_values(head, parsed)


def _response(parsed: ParsedMessage) -> Line:
    case, outcome = parsed.case, parsed.outcome
    task = case.task or f"carry out '{case.title}'"
    if not outcome.positive:
        return parsed.did_not(task)
    if case.may_be_dated or (parsed.timing and parsed.timing.is_not_now):
        return _dated(parsed, task)
    done = case.done or f"carried out '{case.title}'"
    head = say("{} {}", parsed.subject, done)
    if outcome.kind is OutcomeKind.NOTHING_FOUND:
        return say("{}: nothing was found.", head)
    return _with_values(head, parsed) if done.startswith(_REPORTS) else Line.of(head, ".")


def _dated(parsed: ParsedMessage, task: str) -> Line:
    """Summarise what may be future dated: what became of it, as far as its Command is known."""
    timing = parsed.timing or Timing()
    match timing.when:
        case When.CANCELLED:
            return say("{} will not {} after all (cancelled).", parsed.subject, task)
        case When.AT | When.UNREADABLE:
            return say("{} accepted, for {}: to {}.", parsed.subject, timing.moment, task)
        case When.AT_ONCE:
            done = parsed.case.done or f"did {task}"
            return say("{} {}{}.", parsed.subject, done, timing.besides)
    return say("{} accepted the Command to {}; when is in the Command.", parsed.subject, task)


def _alert(parsed: ParsedMessage) -> Line:
    executed = executed_command(parsed.message)
    number, when = _code_and_time(parsed)
    at = when if _is_known(when) else say("its time: {}", when)
    if executed and number is not None:
        return _executed(parsed, executed, number, when)
    if isinstance(parsed.payload, Unknown):
        case = code(parsed.case.name, parsed.message.message_code)
        return say(
            "{} sent an Alert of a use case this tool does not know ({}).", parsed.subject, case
        )
    if number is None:
        return say("{} reports: {}.", parsed.subject, parsed.case.title)
    return _with_values(_reported(parsed, number, at), parsed)


def _reported(parsed: ParsedMessage, number: int, at: Line) -> Line:
    """Say what an Alert is about and when it was; a name that is too long for that is cut."""

    def said(name: str) -> Line:
        label = code(f"{name} ({number:04X})", number)
        return with_short_moments(say("{} reports: {}, {}", parsed.subject, label, at), room)

    room = LONGEST - len(".")
    name = alert_name(number)
    over = said(name).size - room
    return said(name) if over <= 0 else said(str(cut(Line.of(name), len(name) - over)))


def _executed(parsed: ParsedMessage, executed: ExecutedCommand, number: int, when: Line) -> Line:
    """Say what was carried out as planned or was not: when, which part of it, its use case last."""
    case = use_case(executed.message_code)
    task, well = case.task or "carry out a Command", case.done or "carried out a Command"
    parts = [field.brief or field.value for field in parsed.fields if field.name == "Part of it"]
    part = say(": {}", _in_context(str(parts[0]), task)) if parts else EMPTY
    carried_out = number == CARRIED_OUT
    words, what = (_DONE, well) if carried_out else (_NOT_DONE, task)
    carrier = device(parsed.device_id, case.device or "Device", known=True)
    told = say(words, carrier, what, part, case.name)
    if _is_known(when):
        return with_short_moments(say("{} {} {}", _AT[carried_out], when, told), LONGEST)
    begun = Line.of("As planned, ", told) if carried_out else told.capital()
    return say("Its time: {}. {}", when, begun)


def _in_context(part: str, task: str) -> str:
    """Return the name of a part as it goes on after the task."""
    name = small(part)
    return name.removeprefix("secondary ") if "second element" in task else name


def _code_and_time(parsed: ParsedMessage) -> tuple[int | None, Line]:
    """Return the code of an Alert and when it was; no words where it has no time."""
    match parsed.payload:
        case Notification():
            return parsed.payload.alert_code, Line.of(cosem_moment(parsed.payload.time_stamp))
        case GbzAlert():
            return parsed.payload.code, Line.of(utc_moment(parsed.payload.time))
    children = (child for field in parsed.fields for child in field.children)
    time = next((child.value for child in children if child.name == "Date Time"), EMPTY)
    return alert_code(parsed), time


def _with_values(head: Line, parsed: ParsedMessage) -> Line:
    """Return the sentence with as many values as there is room for, if need be with shorter
    moments; a Command whose settings are not all there with their mark."""
    told, complete = _with_those_that_fit(head, parsed)
    moments = (parsed.timing or Timing()).each
    if (complete and not moments) or not parsed.is_command:
        return told
    mark = f" ({mark_of(parsed.fields, moments)})."
    told, _ = _with_those_that_fit(head, parsed, len(mark))
    return Line.of(told.without_end("."), mark)


def _with_those_that_fit(head: Line, parsed: ParsedMessage, kept: int = 0) -> tuple[Line, bool]:
    """Return the sentence with its values, some room kept free, and whether these are all."""
    shorter = with_short_moments(head, LONGEST - _ROOM_FOR_VALUES)
    cut_off = EMPTY
    for pick in _PICKS:
        for start in (head, shorter):
            values = _values(pick, start, parsed, kept)
            if str(values).endswith(CUT):
                cut_off = values
            elif values:
                return say("{}: {}.", start, values), not is_condensed(values)
        if cut_off:
            return say("{}: {}", shorter, cut_off), False
    return Line.of(head, "."), True


def _values(pick: Highlights, head: Line, parsed: ParsedMessage, kept: int) -> Line:
    """Return the values, of a Pre-Command also where it has only its short mark before it."""
    room = LONGEST - head.size - len(f": .{clock_notes(parsed, head)}") - kept
    marks = (_PRE_COMMAND, _PRE_COMMAND_IN_SHORT) if parsed.message.is_precommand else ("",)
    what = "setting" if parsed.is_command else "value"
    for mark in marks:
        values = pick(parsed.fields, room - len(mark), "" if kept else what)
        if values and not str(values).endswith(CUT):
            break
    return EMPTY if str(values) in str(head) else values
