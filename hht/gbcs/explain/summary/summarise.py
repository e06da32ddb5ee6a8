"""One plain line for a whole message: in its use case's own words, or in general ones."""

from collections.abc import Callable
from typing import NamedTuple

from hht.gbcs.errors import MalformedMessage
from hht.gbcs.explain.bounds import LONGEST, bounded, no_moment_in_short, with_short_moments
from hht.gbcs.explain.summary import (
    alerts,
    channels,
    credentials,
    debts,
    events,
    gas,
    han,
    loads,
    top_up,
)
from hht.gbcs.explain.summary import device as devices
from hht.gbcs.explain.summary.alerts import CARRIED_OUT, alert_code
from hht.gbcs.explain.summary.clock_notes import IMPOSSIBLE, clock_notes
from hht.gbcs.explain.summary.general import code_and_time, general, is_known
from hht.gbcs.explain.summary.parsed import (
    ParsedMessage,
    small,
)
from hht.gbcs.explain.texts import is_printed
from hht.gbcs.message import Cra
from hht.gbcs.outcome import OutcomeKind
from hht.gbcs.payload import Unknown
from hht.gbcs.use_cases import use_cases
from hht.spans import EMPTY, Line, code, say

Reader = Callable[[ParsedMessage], Line | None]
_READERS: dict[int, Reader] = {
    **{**han.READERS, **channels.READERS, **devices.READERS, **credentials.READERS},
    **{**loads.READERS, **gas.READERS, **debts.READERS},
    **{**alerts.READERS, **events.READERS, **top_up.READERS},
}
_LATER = (0x00CA, 0x00CB, 0x0124)
"""Alerts on the outcome of future dated Commands that have words of their own."""


def summarise(parsed: ParsedMessage) -> Line:
    """Return the message in one sentence or two, and whether the clock that dated it is in
    doubt."""
    words = _summary(parsed)
    line = _bounded(words, parsed, LONGEST)
    note = clock_notes(parsed, line, LONGEST - line.size)
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
    words = words or general(parsed)
    return _Summary(_with_what_is_missing(words, parsed.unfinished))


def _bounded(summary: _Summary, parsed: ParsedMessage, room: int) -> Line:
    """Return the words within the room; before the moment of an Alert their end is left out."""
    _, when = code_and_time(parsed) if summary.ends_with_moment else (None, EMPTY)
    if not when:
        return bounded(summary.words, room)
    known = is_known(when)
    as_planned = parsed.message.message_code in _LATER and alert_code(parsed) == CARRIED_OUT
    later = (" As planned, at {}.",) if as_planned and known else ()
    least = (Line.of(IMPOSSIBLE),) if "impossible" in str(when) else ()
    for template in (*later, " At {}." if known else " Its time: {}."):
        end = say(template, when)
        for ending in (end,) if known else (end, no_moment_in_short(end), *least):
            line = with_short_moments(Line.of(summary.words, ending), room)
            if line.size <= room and is_printed(str(line)):
                return line
    end = bounded(with_short_moments(no_moment_in_short(end), 0), room // 3)
    return Line.of(bounded(summary.words, room - end.size), end)


def _with_what_is_missing(words: Line, unfinished: tuple[str, ...]) -> Line:
    """Return the words after what the Command lacks, in short where room is short."""
    if not unfinished:
        return words
    in_full, in_short = unfinished
    said = Line.of(in_full, words)
    return said if said.size <= LONGEST else Line.of(in_short, words.uncapital())


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
        return _with_what_is_missing(say(words, parsed.device, number), parsed.unfinished)
    words = "{} answered a Command of a use case this tool does not know ({})"
    answered = say(words, parsed.subject, number)
    if isinstance(parsed.payload, Unknown) or parsed.outcome.positive:
        return Line.of(answered, ".")
    return say("{}; {}.", answered, parsed.outcome.why)
