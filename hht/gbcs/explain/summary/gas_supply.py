"""Summaries of GCS32 and GCS39 where a gas meter reports another state or time than asked for."""

from collections.abc import Callable, Iterable

from hht.gbcs.explain.field import Field
from hht.gbcs.explain.summary.parsed import ParsedMessage
from hht.gbcs.explain.timing import timing_of
from hht.spans import Line, say

_STATE = "supply status"
_WANTED = {0x0081: "0, off", 0x0085: "1, armed"}
"""The state that GCS32 (disable) and GCS39 (arm) bring about, as `supply_status` has it."""


def _supply(parsed: ParsedMessage) -> Line | None:
    """Summarise the state of a supply: what was to be otherwise, or later, is not told as done.

    When is in the Command; the time that the meter gives is only told beside it.
    """
    if parsed.is_command or not parsed.outcome.positive:
        return None
    asked = parsed.timing
    if asked and asked.is_not_now:
        return None  # accepted for later, or cancelled: the general words
    state, told = _state(parsed.fields), timing_of(parsed.payload)
    if state is not None and state != _WANTED[parsed.message.message_code]:
        words = "{} answered the Command to {} with success, but reports supply status {}."
        return say(words, parsed.subject, parsed.case.task, state)
    if not told.is_not_now:
        return None
    time = told.moment if told.first else Line.of("never")
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


READERS: dict[int, Callable[[ParsedMessage], Line | None]] = dict.fromkeys(_WANTED, _supply)
"""By message code; None where the general words do."""
