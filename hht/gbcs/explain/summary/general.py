"""The plain line of a message whose use case has no words of its own: asked, answered, reported."""

from hht.gbcs.alerts import alert_name
from hht.gbcs.dlms import Notification
from hht.gbcs.explain.bounds import (
    CUT,
    LONGEST,
    bounded,
    cut,
    no_moment_in_short,
    with_short_moments,
)
from hht.gbcs.explain.dates import cosem_moment, utc_moment
from hht.gbcs.explain.summary.alerts import CARRIED_OUT, NOT_CARRIED_OUT, alert_code
from hht.gbcs.explain.summary.parsed import REPORT, ParsedMessage, small
from hht.gbcs.explain.summary.values.entries import period_asked
from hht.gbcs.explain.summary.values.fitting import with_values, with_values_found
from hht.gbcs.explain.timing import Timing, When, when_asked
from hht.gbcs.future_dated import ExecutedCommand, executed_command
from hht.gbcs.gbz import GbzAlert
from hht.gbcs.message import Cra
from hht.gbcs.outcome import OutcomeKind
from hht.gbcs.payload import Unknown
from hht.gbcs.use_cases import use_case
from hht.spans import EMPTY, Line, Span, code, device, say

_REPORTS = "reports "
_DONE, _NOT_DONE = "{} {}{} ({}).", "{} did not {} as planned{} ({})."
_NO_OUTCOME = "Contradiction: on a planned Command to {} ({}), but no outcome: {}, {}."
_AT = {True: "As planned, at", False: "At"}


def general(parsed: ParsedMessage) -> Line:
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
    return with_values(head, parsed)


def _response(parsed: ParsedMessage) -> Line:
    case, outcome = parsed.case, parsed.outcome
    task = case.task or f"carry out '{case.title}'"
    if parsed.reports_in_part:
        return with_values_found(parsed) or parsed.with_gaps
    if not outcome.positive:
        return parsed.did_not(task)
    if case.may_be_dated or (parsed.timing and parsed.timing.is_not_now):
        return _dated(parsed, task)
    done = case.done or f"carried out '{case.title}'"
    head = say("{} {}", parsed.subject, done)
    if outcome.kind is OutcomeKind.NOTHING_FOUND:
        return say("{}: nothing was found.", head)
    return with_values(head, parsed) if done.startswith(_REPORTS) else Line.of(head, ".")


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
    number, when = code_and_time(parsed)
    at = when if is_known(when) else bounded(say("its time: {}", when), LONGEST // 3)
    if executed and number is not None:
        return _executed(parsed, executed, number, when)
    if isinstance(parsed.payload, Unknown):
        case = code(parsed.case.name, parsed.message.message_code)
        return say(
            "{} sent an Alert of a use case this tool does not know ({}).", parsed.subject, case
        )
    if number is None:
        return say("{} reports: {}.", parsed.subject, parsed.case.title)
    line = with_values(_reported(parsed, number, at), parsed)
    if CUT not in str(line):
        return line
    return with_values(_reported(parsed, number, no_moment_in_short(at)), parsed)


def _reported(parsed: ParsedMessage, number: int, at: Line) -> Line:
    """Say what an Alert is about and when it was; a name that is too long for that is cut."""

    def said(name: str) -> Line:
        words = say("{} reports: {}, {}", parsed.subject, _coded(name, number), at)
        return with_short_moments(words, room)

    room = LONGEST - len(".")
    name = alert_name(number)
    over = said(name).size - room
    return said(name) if over <= 0 else said(str(cut(Line.of(name), len(name) - over)))


def _coded(name: str, number: int) -> Span:
    """Return the name of an Alert with its code, which is all there is to say of one without."""
    return code(name if f"{number:04X}" in name else f"{name} ({number:04X})", number)


def _executed(parsed: ParsedMessage, executed: ExecutedCommand, number: int, when: Line) -> Line:
    """Say what was carried out as planned or was not: when, which part of it, its use case last."""
    case = use_case(executed.message_code)
    task, well = case.task or "carry out a Command", case.done or "carried out a Command"
    if number not in (CARRIED_OUT, NOT_CARRIED_OUT):
        spoken = _coded(alert_name(number), number)
        return with_short_moments(say(_NO_OUTCOME, task, case.name, spoken, when), LONGEST)
    parts = [field.brief or field.value for field in parsed.fields if field.name == "Part of it"]
    part = say(": {}", _in_context(str(parts[0]), task)) if parts else EMPTY
    carried_out = number == CARRIED_OUT
    words, what = (_DONE, well) if carried_out else (_NOT_DONE, task)
    carrier = device(parsed.device_id, case.device or "Device", known=True)
    line = say(words, carrier, what, part, case.name)
    if is_known(when):
        return with_short_moments(say("{} {} {}", _AT[carried_out], when, line), LONGEST)
    begun = Line.of("As planned, ", line) if carried_out else line.capital()
    return say("Its time: {}. {}", when, begun)


def _in_context(part: str, task: str) -> str:
    """Return the name of a part as it goes on after the task."""
    name = small(part)
    return name.removeprefix("secondary ") if "second element" in task else name


def is_known(when: Line) -> bool:
    return any(span.at for span in when.spans)


def code_and_time(parsed: ParsedMessage) -> tuple[int | None, Line]:
    """Return the code of an Alert and when it was; no words where it has no time."""
    match parsed.payload:
        case Notification():
            return parsed.payload.alert_code, Line.of(cosem_moment(parsed.payload.time_stamp))
        case GbzAlert():
            return parsed.payload.code, Line.of(utc_moment(parsed.payload.time))
    children = (child for field in parsed.fields for child in field.children)
    time = next((child.value for child in children if child.name == "Date Time"), EMPTY)
    return alert_code(parsed), time
