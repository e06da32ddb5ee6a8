"""Summaries of gas meters: a supply that is not as asked for, logs, messages."""

from collections.abc import Callable, Iterable, Iterator

from hht.gbcs.explain.bounds import LONGEST
from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.summary.values.entries import period_asked, short_moment
from hht.gbcs.explain.summary.values.series import Figure, figure_of, total
from hht.gbcs.explain.timing import When, timing_of
from hht.gbcs.gbz import GbzPayload, command_name
from hht.spans import EMPTY, Kind, Line, count, say

_STATE = "supply status"
_WANTED = {0x0081: "0, off", 0x0085: "1, armed"}
"""The state that GCS32 (disable) and GCS39 (arm) bring about, as `supply_status` has it."""

_SAMPLED = (0x0078, 0x0079, 0x00A0)
"""GCS17, GCS18 and GCS61."""

_LOGS = {0x0014: "general event log", 0x00A1: "security event log"}
"""The log that CS10a and CS10b read."""

_CANCEL_ALL = "Cancel All Messages"
_CANCELLING = frozenset(("Cancel Message", _CANCEL_ALL))
_CLEARED = "cleared logs"
_ON_CHANGE = ("change of tariff information", "change of supplier", "change of payment mode")
_CAUSES = {
    0x0077: frozenset({"general"}),
    0x0096: frozenset({"general"}),
    0x00C3: frozenset(_ON_CHANGE),
    0x0076: frozenset({"end of billing period"}),
}
"""Of the snapshots that GCS16a, GCS16b, GCS15b and GCS15c read."""

_CAUSE = "cause"
_LOG, _KEPT = "control and log id", "log id"
_KIND, _CONSUMED = "sample type", "0, consumption"
_SAMPLE, _INTERVAL, _START = "sample", "sample interval", "start time"


def _supply(parsed: ParsedMessage) -> Line | None:
    """Summarise the state of a supply: what was to be otherwise, or later, is not called done.

    When is in the Command; the time that the meter gives is only added.
    """
    if parsed.is_command or not parsed.outcome.positive:
        return None
    asked = parsed.timing
    if asked and asked.is_not_now:
        return None  # accepted for later, or cancelled: the general words
    state, timing = _state(parsed.fields), timing_of(parsed.payload)
    if state is not None and state != _WANTED[parsed.message.message_code]:
        words = "{} answered the Command to {} with success, but reports supply status {}."
        return say(words, parsed.subject, parsed.case.task, state)
    if not timing.is_not_now:
        return None
    time = timing.moment or Line.of("never")
    if asked is None:
        words = "{} answered the Command to {} with success; the time it gives is {}."
        return say(words, parsed.subject, parsed.case.task, time)
    return say("{} {}; the time it gives is {}.", parsed.subject, parsed.case.done, time)


def _state(fields: Iterable[Field]) -> str | None:
    for field in fields:
        if field.name == _STATE:
            return str(field.value)
        if found := _state(field.children):
            return found
    return None


def _samples(parsed: ParsedMessage) -> Line | None:
    """Summarise GCS17, GCS18 and GCS61, as far as there is room; None without samples."""
    if parsed.is_command or not parsed.outcome.positive:
        return None
    fields = [field for group in parsed.fields for field in group.children]
    samples = [field.value for field in fields if field.name == _SAMPLE]
    if not samples:
        return None
    kinds = [each.value for each in fields if each.name == _KIND and str(each.value) != _CONSUMED]
    if kinds:
        words = "{} answered the Command to {}, but with samples of another type: {}."
        return say(words, parsed.subject, parsed.case.task, kinds[0])
    figures = [figure for value in samples if (figure := figure_of(value))]
    line = say("{} {}: {}", parsed.subject, parsed.case.done, count(len(samples), _SAMPLE))
    for part in (*_readings(figures, len(samples)), *_times(fields)):
        longer = say("{}, {}", line, part)
        line = longer if longer.size < LONGEST else line
    return Line.of(line, ".")


def _readings(figures: list[Figure], number: int) -> Iterator[Line]:
    """Yield the first, the last and what they come to; how many are no readings."""
    match figures:
        case [only]:
            yield Line.of(only.span)
        case [first, *_, last]:
            yield say("first {}", first.span)
            yield say("last {}", last.span)
            if added := total(figures):
                yield added
    if figures and len(figures) < number:
        yield Line.of(f"{number - len(figures)} without a value")


def _times(fields: list[Field]) -> Iterator[Line]:
    """Yield from when on the samples are, and how far apart."""
    values = {field.name: field.value for field in fields}
    starts = [span for span in values.get(_START, EMPTY).spans if span.kind is Kind.MOMENT]
    for start in starts:
        yield say("from {}", short_moment(start)) if start.at else say("start: {}", start)
    if _INTERVAL in values:
        yield say("every {}", values[_INTERVAL])


def _message_taken_back(parsed: ParsedMessage) -> Line | None:
    """Summarise GCS07 where it cancels a message; None where it sends one."""
    asked, timing = parsed.asking, parsed.timing
    if not isinstance(asked, GbzPayload) or timing is None:
        return None
    names = {command_name(each.cluster, each.frame) for each in asked.components}
    if timing.when is not When.CANCELLED and not names <= _CANCELLING:
        return None
    what = "all messages" if _CANCEL_ALL in names else "a message"
    if parsed.is_command or not parsed.outcome.positive:
        task = f"take {what} back"
        if not parsed.is_command:
            return parsed.did_not(task)
        due = say(", at {}", timing.moment) if timing.moment else Line.of(" (cancelled)")
        return say("Asks {} to {}{}.", parsed.device, task, due)
    if timing.moment:
        return say("{} accepted, for {}: to take {} back.", parsed.subject, timing.moment, what)
    return say("{} took {} back (cancelled).", parsed.subject, what)


def _other_log(parsed: ParsedMessage) -> Line | None:
    """Summarise a Command for another log than its use case reads, or entries of one; None of
    others."""
    if not parsed.is_command:
        return _entries_of_another(parsed)
    asked = [each for field in parsed.fields for each in field.children if each.name == _LOG]
    logs = {str(each.value).partition(",")[0] for each in asked}
    if logs <= {_LOGS[parsed.message.message_code]}:
        return None
    others, period = " and ".join(sorted(logs)), period_asked(parsed.fields)
    return parsed.contradiction(say("its {}{}", others, period))


def _entries_of_another(parsed: ParsedMessage) -> Line | None:
    if not parsed.is_answer:
        return None
    entries = [entry for field in parsed.fields for entry in field.children]
    kept = [str(each.value) for entry in entries for each in entry.children if each.name == _KEPT]
    others = [log for log in kept if not log.endswith(_LOGS[parsed.message.message_code])]
    return _with_others(parsed, "entries of another log", others, kept)


def _other_snapshots(parsed: ParsedMessage) -> Line | None:
    """Summarise snapshots that were taken for another cause than those asked for; None of
    others."""
    if not parsed.is_answer:
        return None
    wanted = _CAUSES[parsed.message.message_code]
    fields = (each for field in parsed.fields for each in field.children)
    causes = [str(each.value) for each in fields if each.name == _CAUSE]
    others = [cause for cause in causes if wanted.isdisjoint(cause.split(", "))]
    return _with_others(parsed, "snapshots of another cause", others, causes)


def _with_others(
    parsed: ParsedMessage, what: str, others: list[str], among: list[str]
) -> Line | None:
    if not others:
        return None
    words = "{} answered the Command to {}, but with {} ({} of {}): {}."
    share = (str(len(others)), str(len(among)))
    return say(words, parsed.subject, parsed.case.task, what, *share, others[0])


def _more_cleared(parsed: ParsedMessage) -> Line | None:
    """Summarise CS11 where other logs were cleared too; None of others."""
    cleared = (each for field in parsed.fields for each in field.children)
    words = [each.value for each in cleared if each.name == _CLEARED]
    if not parsed.is_answer or not words or str(words[0]) == _LOGS[0x0014]:
        return None
    return say("{} cleared more than its ZigBee event log: {}.", parsed.subject, words[0])


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = {
    **dict.fromkeys(_WANTED, _supply),
    **dict.fromkeys(_SAMPLED, _samples),
    0x0071: _message_taken_back,
    **dict.fromkeys(_LOGS, _other_log),
    0x0015: _more_cleared,
    **dict.fromkeys(_CAUSES, _other_snapshots),
}
"""By message code; None where the general words do."""
