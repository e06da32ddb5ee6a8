"""One plain line for a whole message: in its use case's own words, or in general ones."""

from collections.abc import Callable

from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import Notification
from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.dates import clock_note, cosem_moment, utc_moment
from hht.gbcs.explain.summary import device, han
from hht.gbcs.explain.summary.highlights import CUT, LONGEST, highlights
from hht.gbcs.explain.summary.parsed import ParsedMessage, small
from hht.gbcs.explain.timing import Timing, When
from hht.gbcs.future_dated import ExecutedCommand, executed_command
from hht.gbcs.gbz import GbzAlert
from hht.gbcs.message import Cra
from hht.gbcs.outcome import OutcomeKind
from hht.gbcs.payload import Unknown
from hht.gbcs.use_cases import use_case, use_cases
from hht.spans import EMPTY, Line, Part, code, say

Reader = Callable[[ParsedMessage], Line | None]
_READERS: dict[int, Reader] = {**han.READERS, **device.READERS}
_CARRIED_OUT = 0x8F66
_PRE_COMMAND = "Pre-Command, not yet signed. "
_REPORTS = "reports "


def summarise(parsed: ParsedMessage) -> Line:
    """The message in one sentence or two."""
    if parsed.message.message_code not in use_cases() and parsed.message.cra is not Cra.ALERT:
        return _of_unknown_use_case(parsed)
    if parsed.message.cra is Cra.RESPONSE and parsed.outcome.kind is OutcomeKind.UNREADABLE:
        return _unread(parsed)
    reader = _READERS.get(parsed.message.message_code)
    try:
        words = reader(parsed) if reader else None
    except (MalformedMessage, IndexError, ValueError):
        words = None  # of another shape than the use case's own words need
    words = words or _general(parsed)
    return Line.of(_PRE_COMMAND, words) if parsed.message.is_precommand else words


def _unread(parsed: ParsedMessage) -> Line:
    words = "{} answered; what it says cannot be read: {}."
    return say(words, parsed.subject, parsed.outcome.reason)


def _of_unknown_use_case(parsed: ParsedMessage) -> Line:
    number = code(parsed.case.name, parsed.message.message_code)
    why = say("message code {} is not one this tool knows", number)
    if parsed.is_command:
        words = "Asks {} to carry out an unknown use case: {}."
        pre = _PRE_COMMAND if parsed.message.is_precommand else ""
        return Line.of(pre, say(words, parsed.device, why))
    answered = say("{} answered a Command of an unknown use case: {}", parsed.subject, why)
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
    head = say("Asks {} to {}{}", parsed.device, task, _when(timing))
    if task.startswith("report "):
        return Line.of(head, ".")
    return _with_values(head, parsed)


def _when(timing: Timing) -> Line:
    match timing.when:
        case When.AT_ONCE:
            return Line.of(", at once")
        case When.AT | When.UNREADABLE:
            return say(", at {}", timing.moment)
    return EMPTY


def _response(parsed: ParsedMessage) -> Line:
    case, outcome = parsed.case, parsed.outcome
    task = case.task or f"carry out '{case.title}'"
    if not outcome.positive:
        share = "wholly " if outcome.kind is OutcomeKind.PARTIAL else ""
        return say("{} did not {}{}: {}.", parsed.subject, share, task, outcome.why)
    if case.may_be_dated:
        return _dated(parsed, task)
    done = case.done or f"carried out '{case.title}'"
    head = say("{} {}", parsed.subject, done)
    if outcome.kind is OutcomeKind.NOTHING_FOUND:
        return say("{}: nothing was found.", head)
    return _with_values(head, parsed) if done.startswith(_REPORTS) else Line.of(head, ".")


def _dated(parsed: ParsedMessage, task: str) -> Line:
    """A use case that may be future dated: what became of it, as far as its Command is known."""
    when = parsed.timing.when if parsed.timing else None
    match when:
        case When.CANCELLED:
            return say("{} cancelled what was to come: to {}.", parsed.subject, task)
        case When.AT:
            moment = parsed.timing.moment if parsed.timing else EMPTY
            return say("{} accepted, for {}: to {}.", parsed.subject, moment, task)
        case When.AT_ONCE:
            return say("{} {}.", parsed.subject, parsed.case.done or f"did {task}")
    return say("{} accepted the Command to {}; when is in the Command.", parsed.subject, task)


def _alert(parsed: ParsedMessage) -> Line:
    executed = executed_command(parsed.message)
    number, when = _code_and_time(parsed)
    if executed and number is not None:
        return _executed(parsed, executed, number, when)
    if isinstance(parsed.payload, Unknown):
        note = parsed.payload.note
        return say("{} sent an Alert of an unknown use case: {}", parsed.subject, small(note))
    if number is None:
        return say("{} reports: {}.", parsed.subject, parsed.case.title)
    name = code(f"{alert_name(number)} ({number:04X})", number)
    return _with_values(say("{} reports: {}, {}", parsed.subject, name, when), parsed)


def _executed(parsed: ParsedMessage, executed: ExecutedCommand, number: int, when: Part) -> Line:
    case = use_case(executed.message_code)
    task, well = case.task or "carry out a Command", case.done or "carried out a Command"
    done = well if number == _CARRIED_OUT else f"did not {task}"
    parts = [field.brief or field.value for field in parsed.fields if field.name == "Part of it"]
    part = say(": {}", small(str(parts[0]))) if parts else EMPTY
    head = say("{} {} ({}), as future dated, {}", parsed.subject, done, case.name, when)
    return Line.of(head, part, ".") if len(str(head)) + len(str(part)) < LONGEST else head + "."


def _code_and_time(parsed: ParsedMessage) -> tuple[int | None, Part]:
    match parsed.payload:
        case Notification():
            return parsed.payload.alert_code, cosem_moment(parsed.payload.time_stamp)
        case GbzAlert():
            return parsed.payload.code, utc_moment(parsed.payload.time)
    element = parsed.element
    found = element.find("Alert Code") if element else None
    number = found.value if found and isinstance(found.value, int) else None
    children = (child for field in parsed.fields for child in field.children)
    time = next((child.value for child in children if child.name == "Date Time"), EMPTY)
    return number, time


def _with_values(head: Line, parsed: ParsedMessage) -> Line:
    note = clock_note(parsed.message.date_time)
    room = LONGEST - len(str(head)) - len(f": .{note}")
    if parsed.message.is_precommand:
        room -= len(_PRE_COMMAND)
    values = highlights(parsed.fields, room)
    end = "" if str(values).endswith(CUT) else "."
    return say("{}: {}{}{}", head, values, end, note) if values else Line.of(head, ".", note)
